// compile: results, state that moves in and out, shapes that change, chance, and verification.
import { inspect } from "node:util";
import { describe, expect, test } from "vitest";
import * as lib from "../../../lib/index.ts";
import { hashClasses, hashUniform } from "../../support/hash.ts";
import { batch, type Parts, parts, step } from "../../support/small-step.ts";

describe("a compiled step", () => {
  test("learns, and gives one number for each step", async () => {
    const all = parts();
    const compiled = lib.compile(step(all), { ...all, stepsPerRun: 4 });
    const { loss } = await compiled.run(Array.from({ length: 10 }, () => batch()));
    expect(loss.length).toBe(10);
    expect(loss[9]!).toBeLessThan(loss[0]! / 2);
    const recorded = "2 graphs recorded, 4 steps in one run";
    expect(inspect(compiled)).toBe(`CompiledStep of Linear, Adam: ${recorded}`);
    compiled.dispose();
    expect(String(compiled)).toBe("CompiledStep of Linear, Adam: disposed");
  });

  test("leaves what it has learned in the model, and sync has no part in that", async () => {
    const all = parts();
    const before = all.model.parameters()[0]!.value.toArray();
    const compiled = lib.compile(step(all), { ...all, stepsPerRun: 1 });
    await compiled.run(batch());
    const left = all.model.parameters()[0]!.value;
    await compiled.sync();
    expect(all.model.parameters()[0]!.value).toBe(left);
    expect(left.toArray()).not.toEqual(before);
    compiled.dispose();
  });

  test("keeps large weights that the step only reads, and reads new ones that are put there", async () => {
    const random = new lib.Generator(1);
    const model = new lib.Linear({ inFeatures: 300, outFeatures: 200, random });
    const read = (): { sum: lib.Tensor } => ({ sum: lib.sum(model.weight.value) });
    const compiled = lib.compile(read, { model, optimizer: [], stepsPerRun: 3 });
    const batches = Array.from({ length: 4 }, () => ({ nothing: lib.tensor([0]) }));
    const [first, ...rest] = (await compiled.run(batches)).sum;
    expect(first).toBeCloseTo(lib.sum(model.weight.value).item(), 3);
    expect(rest).toEqual([first, first, first]);
    const ones = lib.ones([300, 200]);
    model.weight.value = ones;
    expect([...(await compiled.run(batches)).sum]).toEqual([60_000, 60_000, 60_000, 60_000]);
    await compiled.sync();
    // What no run has changed is not even copied.
    expect(model.weight.value).toBe(ones);
    model.weight.value = lib.ones([2, 2]);
    await expect(compiled.run(batches)).rejects.toThrow("of [300, 200] is now [2, 2]. Compile");
    compiled.dispose();
  });

  test("takes over weights that were changed outside, and goes on eagerly where it stopped", async () => {
    const [all, eager] = [parts(), parts()];
    const compiled = lib.compile(step(all), { ...all, stepsPerRun: 1 });
    await compiled.run([batch(), batch()]);
    step(all)(batch());
    await compiled.run(batch());
    for (let i = 0; i < 4; i++) step(eager)(batch());
    const [expected, actual] = [eager, all].map(
      ({ model }) => model.parameters()[0]!.value.toArray() as number[][],
    );
    expect(actual!.flat()).toEqual(expected!.flat().map((value) => expect.closeTo(value, 5)));
    expect(all.optimizer.stepCount).toBe(4);
  });

  test("records again for a last batch that is shorter", async () => {
    const all = parts();
    const compiled = lib.compile(step(all), { ...all, stepsPerRun: 2 });
    const { loss } = await compiled.run([batch(8), batch(8), batch(3)]);
    expect(Array.from(loss).every(Number.isFinite)).toBe(true);
    expect(loss.length).toBe(3);
  });

  test("takes the batches of a data set as it takes tensors that are there already", async () => {
    const inputs = lib.tensor(hashUniform([10, 4], 1, -1, 1).toArray());
    const data = new lib.Dataset(inputs, hashClasses(10, 2, 3));
    const losses = async (isRead: boolean): Promise<Float32Array> => {
      const all = parts();
      const compiled = lib.compile(step(all), { ...all, stepsPerRun: 2 });
      const batches = Array.from(data.batches({ batchSize: 2 }), ({ inputs, targets }) => {
        if (isRead)
          return {
            inputs: lib.tensor(inputs.toArray()),
            targets: lib.tensor(targets.toArray(), { dtype: "int32" }),
          };
        return { inputs, targets };
      });
      return (await compiled.run(batches)).loss;
    };
    expect(await losses(false)).toEqual(await losses(true));
  });

  test("takes what gives batches one by one, whose chance comes before that of the steps", async () => {
    const data = new lib.Dataset(
      lib.cast(hashUniform([10, 4], 1), "float32"),
      hashClasses(10, 2, 3),
    );
    const losses = async (isList: boolean): Promise<Float32Array> => {
      const random = new lib.Generator(3);
      const model = new lib.Sequential(
        new lib.Dropout({ rate: 0.5, random }),
        new lib.Linear({ inFeatures: 4, outFeatures: 3, random }),
      );
      const all = { model, optimizer: new lib.SGD(model.parameters(), { learningRate: 0.1 }) };
      const loss = new lib.CrossEntropyLoss();
      const compiled = lib.compile(({ inputs, targets }: lib.Batch) => {
        const value = loss.forward(model.forward(inputs), targets);
        model.backward(loss.backward());
        all.optimizer.step();
        return { loss: value };
      }, all);
      function* noisy(): Iterable<lib.Batch> {
        for (const { inputs, targets } of data.batches({ batchSize: 5, random })) {
          yield { inputs: lib.add(inputs, lib.randomNormal(random, inputs.shape)), targets };
        }
      }
      const results = await compiled.run(isList ? [...noisy()] : noisy());
      compiled.dispose();
      return results.loss;
    };
    const expected = await losses(true);
    expect(expected).toHaveLength(2);
    expect(await losses(false)).toEqual(expected);
  });

  test("draws other masks in every step, the same for the same seed", async () => {
    const draw = async (): Promise<number[]> => {
      const random = new lib.Generator(3);
      const model = new lib.Linear({ inFeatures: 4, outFeatures: 3, random });
      const dropout = new lib.Dropout({ rate: 0.5, random });
      const optimizer = new lib.SGD(model.parameters(), { learningRate: 1e-9 });
      const compiled = lib.compile(
        ({ inputs }: { inputs: lib.Tensor }) => {
          const kept = dropout.forward(inputs);
          model.backward(model.forward(kept));
          optimizer.step();
          return { kept: lib.sum(kept) };
        },
        { model: [model, dropout], optimizer, stepsPerRun: 3 },
      );
      const { kept } = await compiled.run(
        Array.from({ length: 6 }, () => ({ inputs: lib.ones([5, 4]) })),
      );
      return Array.from(kept);
    };
    const first = await draw();
    expect(new Set(first).size).toBeGreaterThan(2);
    expect(await draw()).toEqual(first);
  });

  test("gives results of any shape, one behind the other", async () => {
    const all = parts();
    const compiled = lib.compile(
      (each: { inputs: lib.Tensor; targets: lib.Tensor }) => {
        const { loss } = step(all)(each);
        return { loss, logits: all.model.forward(each.inputs) };
      },
      { ...all, stepsPerRun: 2 },
    );
    const { logits } = await compiled.run([batch(), batch()]);
    expect(logits.length).toBe(2 * 2 * 3);
  });

  test("gives whole numbers and answers as float32", async () => {
    for (const stepsPerRun of [1, 2]) {
      const compiled = lib.compile(
        ({ x }: lib.Tensors) => ({ whole: lib.cast(x!, "int32"), isLarge: lib.greater(x!, 1) }),
        { model: [], optimizer: [], stepsPerRun, worker: false },
      );
      const x = lib.tensor([0.5, 1.5]);
      const { whole, isLarge } = await compiled.run([{ x }, { x }]);
      expect([...whole, ...isLarge]).toEqual([0, 1, 0, 1, 0, 1, 0, 1]);
      compiled.dispose();
    }
  });

  test("is another step in training than in use", async () => {
    const random = new lib.Generator(3);
    const model = new lib.Dropout({ rate: 0.5, random });
    const apply = ({ inputs }: { inputs: lib.Tensor }): { output: lib.Tensor } => ({
      output: model.forward(inputs),
    });
    const compiled = lib.compile(apply, { model, optimizer: [], stepsPerRun: 1 });
    const inputs = lib.ones([64]);
    expect((await compiled.run({ inputs })).output).toContain(0);
    model.eval();
    expect((await compiled.run({ inputs })).output).not.toContain(0);
    model.train();
    expect((await compiled.run({ inputs })).output).toContain(0);
  });

  test("takes turns with another one over the same model", async () => {
    const [eager, compiled] = [parts(), parts()];
    const second = (all: Parts): Parts => {
      return { ...all, optimizer: new lib.SGD(all.model.parameters(), { learningRate: 0.5 }) };
    };
    const [one, two] = [step(eager), step(second(eager))];
    const other = second(compiled);
    const steps = [
      lib.compile(step(compiled), { ...compiled, stepsPerRun: 1 }),
      lib.compile(step(other), { ...other, stepsPerRun: 1 }),
    ];
    for (let turn = 0; turn < 3; turn++) {
      one(batch());
      two(batch());
      for (const each of steps) await each.run(batch());
    }
    const [expected, actual] = [eager, compiled].map(({ model }) =>
      Array.from(model.parameters()[0]!.value.toTypedArray()),
    );
    for (const [index, value] of actual!.entries()) expect(value).toBeCloseTo(expected![index]!, 5);
  });

  test("tells op and line where a graph fails, and goes on from the state before", async () => {
    const random = new lib.Generator(1);
    const model = new lib.Embedding({ vocabularySize: 5, features: 2, random });
    const look = ({ words }: { words: lib.Tensor }): { rows: lib.Tensor } => ({
      rows: model.forward(words),
    });
    const words = (...numbers: number[]): { words: lib.Tensor } => ({
      words: lib.tensor(numbers, { dtype: "int32" }),
    });
    for (const worker of [true, false]) {
      for (const stepsPerRun of [1, 2]) {
        const compiled = lib.compile(look, { model, optimizer: [], stepsPerRun, worker });
        for (const wrong of [9, -1]) {
          const batches = [words(1, 2), words(1, wrong)];
          await expect(compiled.run(batches)).rejects.toThrow(
            new RegExp(
              `^compile: gather at tests/lib/compile/compile\\.test\\.ts:\\d+: every index must .* got ${wrong} at position 1 of words\\. .*Check that labels start at 0`,
            ),
          );
        }
        expect((await compiled.run([words(1, 2), words(3, 4)])).rows.length).toBe(8);
        compiled.dispose();
      }
    }
  });
});

describe("verification", () => {
  test("passes for a step that is what it seems, chance and counting included", async () => {
    const random = new lib.Generator(3);
    const model = new lib.Sequential(
      new lib.Linear({ inFeatures: 4, outFeatures: 8, random }),
      new lib.BatchNorm({ channels: 8 }),
      new lib.Dropout({ rate: 0.5, random }),
      new lib.Linear({ inFeatures: 8, outFeatures: 3, random }),
    );
    const all = {
      model,
      loss: new lib.CrossEntropyLoss(),
      optimizer: new lib.Adam(model.parameters()),
    };
    const compiled = lib.compile(step(all), { ...all, stepsPerRun: 2, verify: 3 });
    const { loss } = await compiled.run(
      Array.from({ length: 6 }, (_, index) => ({
        inputs: lib.cast(hashUniform([8, 4], index), "float32"),
        targets: hashClasses(8, index, 3),
      })),
    );
    await compiled.sync();
    expect(loss.length).toBe(6);
    expect(all.optimizer.stepCount).toBe(6);
  });

  test("finds a tensor that changes behind the recording's back", async () => {
    const all = parts();
    let factor = lib.tensor(1);
    const compiled = lib.compile(
      ({ inputs, targets }: ReturnType<typeof batch>) => {
        const value = all.loss.forward(all.model.forward(lib.mul(inputs, factor)), targets);
        all.model.backward(all.loss.backward());
        all.optimizer.step();
        return { loss: value };
      },
      { ...all, verify: 3 },
    );
    // The second run calls the step again, which would find it, too.
    for (let run = 0; run < 2; run++) await compiled.run(batch());
    factor = lib.tensor(5);
    const error: unknown = await compiled.run(batch()).catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(lib.VerificationError);
    expect((error as Error).message).toContain("pass it in the batch");
  });
});
