// compile: what it refuses and how it helps, state that moves in and out, shapes that change, and chance.
import { describe, expect, test } from "vitest";
import * as lib from "../../../lib/index.ts";
import { hashClasses, hashUniform } from "../../support/hash.ts";

interface Parts {
  readonly model: lib.Layer;
  readonly optimizer: lib.Optimizer;
  readonly loss: lib.CrossEntropyLoss;
}

function parts(): Parts {
  const random = new lib.Generator(1);
  const model = new lib.Linear({ inFeatures: 4, outFeatures: 3, random });
  const optimizer = new lib.Adam(model.parameters(), { learningRate: 0.1 });
  return { model, optimizer, loss: new lib.CrossEntropyLoss() };
}

const step =
  ({ model, optimizer, loss }: Parts) =>
  ({ inputs, targets }: { inputs: lib.Tensor; targets: lib.Tensor }) => {
    const value = loss.forward(model.forward(inputs), targets);
    model.backward(loss.backward());
    optimizer.step();
    return { loss: value };
  };

const batch = (size = 2): { inputs: lib.Tensor; targets: lib.Tensor } => ({
  inputs: lib.ones([size, 4]),
  targets: lib.zeros([size], { dtype: "int32" }),
});

describe("a compiled step", () => {
  test("learns, and gives one number for each step", async () => {
    const all = parts();
    const compiled = lib.compile(step(all), { ...all, stepsPerRun: 4 });
    const { loss } = await compiled.run(Array.from({ length: 10 }, () => batch()));
    expect(loss.length).toBe(10);
    expect(loss[9]!).toBeLessThan(loss[0]! / 2);
  });

  test("leaves the model alone until it is asked to put the weights back", async () => {
    const all = parts();
    const before = all.model.parameters()[0]!.value.toArray();
    const compiled = lib.compile(step(all), { ...all, stepsPerRun: 1 });
    await compiled.run(batch());
    expect(all.model.parameters()[0]!.value.toArray()).toEqual(before);
    await compiled.sync();
    expect(all.model.parameters()[0]!.value.toArray()).not.toEqual(before);
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
    await compiled.sync();
    step(all)(batch());
    await compiled.run(batch());
    await compiled.sync();
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
        { model, optimizer, stepsPerRun: 3 },
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

  test("takes turns with another one over the same model, by way of sync", async () => {
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
      for (const each of steps) {
        await each.run(batch());
        await each.sync();
      }
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
            /^compile: gather at tests\/lib\/compile\/compile\.test\.ts:\d+ must .*out of data bounds.*Check that labels and indices start at 0/,
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
      { ...all, verify: 2 },
    );
    await compiled.run(batch());
    factor = lib.tensor(5);
    const error: unknown = await compiled.run(batch()).catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(lib.VerificationError);
    expect((error as Error).message).toContain("must be part of the batch");
  });
});

describe("compile refuses", () => {
  const attempt = async (
    body: (all: Parts, each: ReturnType<typeof batch>) => unknown,
  ): Promise<string> => {
    const all = parts();
    const weights = all.model.parameters().map(({ value }) => value);
    const compiled = lib.compile(
      (each: ReturnType<typeof batch>) => body(all, each) as lib.Tensors,
      {
        ...all,
        stepsPerRun: 1,
      },
    );
    const error: unknown = await compiled.run(batch()).catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(lib.TracingError);
    // Whatever went wrong, the model has its numbers again.
    expect(all.model.parameters().map(({ value }) => value)).toEqual(weights);
    return (error as Error).message;
  };

  test("to read a number while it records, and says what to do", async () => {
    const message = await attempt((all, each) => {
      const { loss } = step(all)(each);
      return { loss: lib.tensor(loss.item()) };
    });
    expect(message).toContain("Return the tensor from the step");
  });

  test("a step that returns nothing, or a bare number", async () => {
    expect(await attempt((all, each) => void step(all)(each))).toContain("return { loss };");
    expect(await attempt(() => ({ loss: 3 }))).toContain("got loss: 3");
  });

  test("a step that changes the shape of a weight", async () => {
    const message = await attempt((all, each) => {
      const result = step(all)(each);
      all.model.parameters()[0]!.value = lib.ones([7]);
      return result;
    });
    expect(message).toContain("keep the shape [4, 3]");
  });

  describe("to change what its options leave out, and names it with its line:", () => {
    const message = async (make: () => lib.CompiledStep<lib.Tensors, lib.Tensors>) => {
      const error: unknown = await make()
        .run(batch())
        .catch((caught: unknown) => caught);
      expect(error).toBeInstanceOf(lib.TracingError);
      return (error as Error).message;
    };

    test("an optimizer, whose moments would begin anew in every step", async () => {
      const all = parts();
      const text = await message(() =>
        lib.compile(step(all), { model: all.model, optimizer: [], stepsPerRun: 1 }),
      );
      expect(text).toMatch(/it changes Adam at tests\/lib\/compile\/compile\.test\.ts:\d+\. List/);
      expect(text).toContain("compile(step, { model: [encoder, head], optimizer })");
      // Nothing of the recording is left in it.
      step(all)(batch());
      expect(all.optimizer.states()[0]!.value.toArray()).toHaveLength(4);
    });

    test("a layer, whose gradients would stay in the recording", async () => {
      const all = parts();
      const extra = new lib.Linear({ inFeatures: 3, outFeatures: 3, random: new lib.Generator(2) });
      const text = await message(() =>
        lib.compile(({ inputs, targets }) => {
          const value = all.loss.forward(extra.forward(all.model.forward(inputs!)), targets!);
          all.model.backward(extra.backward(all.loss.backward()));
          all.optimizer.step();
          return { value };
        }, all),
      );
      expect(text).toMatch(/it changes the gradient of weight \[3, 3\] at tests/);
      expect(extra.weight.gradient).toBeUndefined();
    });

    test("a batch normalisation, whose running statistics would never move", async () => {
      const all = parts();
      const normalise = new lib.BatchNorm({ channels: 4 });
      const text = await message(() =>
        lib.compile(
          ({ inputs }) => ({ logits: all.model.forward(normalise.forward(inputs!)) }),
          all,
        ),
      );
      expect(text).toMatch(/it changes runningMean \[4\] at tests/);
      expect(normalise.runningMean.value.toArray()).toEqual([0, 0, 0, 0]);
    });

    test("a weight, whatever it is set to", async () => {
      const all = parts();
      const [other, zeros] = [parts(), lib.zeros([4, 3])];
      const text = await message(() =>
        lib.compile(({ inputs }) => {
          other.model.parameters()[0]!.value = zeros;
          return { logits: all.model.forward(inputs!) };
        }, all),
      );
      expect(text).toMatch(/it changes weight \[4, 3\] at tests/);
    });
  });

  test("weights in float64", () => {
    const all = parts();
    for (const each of all.model.parameters()) each.value = lib.cast(each.value, "float64");
    expect(() => lib.compile(step(all), all)).toThrow(lib.TracingError);
    expect(() => lib.compile(step(all), all)).toThrow("make the model in float32");
  });

  test("to tell numbers of tensors that were kept from a recording", async () => {
    const all = parts();
    let kept: lib.Tensor | undefined;
    const compiled = lib.compile((each: ReturnType<typeof batch>) => {
      kept = all.model.forward(each.inputs);
      return { kept };
    }, all);
    await compiled.run(batch());
    compiled.dispose();
    expect(() => lib.add(kept!, 1)).toThrow(
      /no numbers; they were asked for at tests\/lib.*\. Return the tensor from the step/,
    );
    const useWhatWasSaved = (): unknown => all.model.backward(lib.ones([2, 3]));
    expect(useWhatWasSaved).toThrow("call forward again");
    all.model.forward(batch().inputs);
    expect(useWhatWasSaved).not.toThrow();
  });

  test("a step that waits", async () => {
    const waiting = await attempt(async (all, each) => {
      await Promise.reject(new lib.ArgumentError("late"));
      return step(all)(each);
    });
    expect(waiting).toContain("got a promise of them. A step is recorded in one go: write it");
  });

  test.each([
    [
      "in the batch",
      { x: lib.zeros([2, 3], { dtype: "float64" }) },
      /got x \[2, 3\] of float64 in/,
    ],
    ["in the step", { x: lib.zeros([2, 3]) }, /got shape \[2, 3\] of float64 at tests\/lib.*:\d+/],
  ])("float64 %s", async (_where, each, message) => {
    const wide = ({ x }: lib.Tensors): lib.Tensors => ({ sum: lib.sum(lib.cast(x!, "float64")) });
    const error: unknown = await lib
      .compile(wide, { model: [], optimizer: [] })
      .run(each)
      .catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(lib.DTypeError);
    expect((error as Error).message).toMatch(message);
  });

  test.each([
    ["nothing", undefined, "got undefined"],
    ["a tensor without a name", lib.ones([2]), "got a value of class Tensor"],
    ["numbers that are no tensor", { inputs: [1, 2] }, "got inputs: an array"],
  ])("as a batch %s", async (_what, wrong, message) => {
    const all = parts();
    const running = lib.compile(step(all), all).run(wrong as unknown as ReturnType<typeof batch>);
    await expect(running).rejects.toThrow(`${message}. Pass { inputs, targets }`);
  });

  test("an empty list of batches, and a number of steps that is none", async () => {
    const all = parts();
    await expect(lib.compile(step(all), all).run([])).rejects.toThrow("got an empty list");
    expect(() => lib.compile(step(all), { ...all, stepsPerRun: 0 })).toThrow(lib.ArgumentError);
  });
});
