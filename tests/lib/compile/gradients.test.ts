// Gradients that stay from run to run: they add up in one compiled step or several, and are used up as in the eager step.
import { describe, expect, test } from "vitest";
import * as lib from "../../../lib/index.ts";
import { hashClasses, hashUniform } from "../../support/hash.ts";

interface Batch {
  readonly inputs: lib.Tensor;
  readonly targets: lib.Tensor;
  readonly [name: string]: lib.Tensor;
}

const batches = (count: number, first = 0, size = 8): Batch[] =>
  Array.from({ length: count }, (_, index) => ({
    inputs: lib.cast(hashUniform([size, 6], first + index), "float32"),
    targets: hashClasses(size, first + index, 3),
  }));

// One weight is large enough to travel alone, the others travel together.
function parts() {
  const random = new lib.Generator(5);
  const model = new lib.Sequential(
    new lib.Linear({ inFeatures: 6, outFeatures: 8000, random }),
    new lib.Tanh(),
    new lib.Linear({ inFeatures: 8000, outFeatures: 3, random }),
  );
  const optimizer = new lib.SGD(model.parameters(), { learningRate: 0.1, momentum: 0.9 });
  const loss = new lib.CrossEntropyLoss();
  const accumulate = ({ inputs, targets }: Batch): { loss: lib.Tensor } => {
    const value = loss.forward(model.forward(inputs), targets);
    model.accumulateGradients(loss.backward());
    return { loss: value };
  };
  const apply = (): { norm: lib.Tensor } => {
    const norm = lib.clipByNorm(model.parameters(), 0.5);
    optimizer.step();
    return { norm };
  };
  const numbersOf = (of: (parameter: lib.Parameter) => lib.Tensor | undefined): number[] =>
    model.parameters().flatMap((parameter) => Array.from(of(parameter)?.toTypedArray() ?? []));
  const weights = (): number[] => numbersOf(({ value }) => value);
  const gradients = (): number[] => numbersOf(({ gradient }) => gradient);
  return { model, optimizer, accumulate, apply, weights, gradients };
}

const halve = (model: lib.Layer): void => {
  for (const each of model.parameters()) each.gradient = lib.mul(each.gradient!, 0.5);
};

function expectNear(actual: readonly number[], expected: readonly number[]): void {
  expect(actual.length).toBe(expected.length);
  let distance = 0;
  for (const [index, value] of actual.entries()) {
    distance = Math.max(distance, Math.abs(value - expected[index]!));
  }
  expect(distance).toBeLessThan(1e-5);
}

describe.each([
  ["in this thread, one by one", { worker: false, stepsPerRun: 1 }],
  ["in a worker, several in one go", { stepsPerRun: 2 }],
])("two compiled steps over one model, %s", (_how, options) => {
  test("add up gradients and apply them as eager steps do", async () => {
    const [eager, compiled] = [parts(), parts()];
    const accumulate = lib.compile(compiled.accumulate, { ...compiled, ...options });
    const apply = lib.compile(compiled.apply, { ...compiled, ...options });
    for (let round = 0; round < 3; round++) {
      // A last short batch has a graph of its own, which goes on with the same gradients.
      const list = [...batches(5, 10 * round), ...batches(1, 90, 3)];
      const expected = list.map((batch) => eager.accumulate(batch).loss.item());
      const { loss } = await accumulate.run(list);
      expectNear([...loss], expected);
      expectNear(compiled.gradients(), eager.gradients());
      // Between the two, the model has the gradients, and anybody may change them.
      if (round === 1) for (const { model } of [eager, compiled]) halve(model);
      const { norm } = await apply.run({});
      expectNear([...norm], [eager.apply().norm.item()]);
      expect(compiled.gradients()).toEqual([]);
      expectNear(compiled.weights(), eager.weights());
    }
    expect(compiled.optimizer.stepCount).toBe(3);
    accumulate.dispose();
    apply.dispose();
  });
});

describe("one compiled step that does the one or the other", () => {
  const either = ({ accumulate, apply }: ReturnType<typeof parts>) => {
    return (batch: Batch | { nothing: lib.Tensor }): lib.Tensors =>
      "inputs" in batch ? accumulate(batch) : apply();
  };
  const nothing = { nothing: lib.tensor(0) };

  test("keeps gradients, with the same numbers whatever comes in one go", async () => {
    const eager = parts();
    for (let round = 0; round < 2; round++) {
      for (const batch of batches(5, 10 * round)) eager.accumulate(batch);
      eager.apply();
    }
    const trained = async (stepsPerRun: number): Promise<number[]> => {
      const all = parts();
      const compiled = lib.compile(either(all), { ...all, stepsPerRun });
      for (let round = 0; round < 2; round++) {
        await compiled.run(batches(5, 10 * round));
        await compiled.run(nothing);
      }
      compiled.dispose();
      expect(all.gradients()).toEqual([]);
      return all.weights();
    };
    const weights = await trained(1);
    expectNear(weights, eager.weights());
    expect(await trained(4)).toEqual(weights);
  });

  test("can be verified", async () => {
    const all = parts();
    const compiled = lib.compile(either(all), { ...all, verify: 4, stepsPerRun: 1 });
    const { loss, norm } = await compiled.run([...batches(3), nothing, ...batches(2)]);
    expect([loss!.length, norm!.length]).toEqual([5, 1]);
    compiled.dispose();
    expect(all.gradients().length).toBe(all.weights().length);
  });
});

describe("gradients in the model", () => {
  test("are taken up by a compiled step that begins with them", async () => {
    const [eager, compiled] = [parts(), parts()];
    const whole = ({ accumulate, apply }: ReturnType<typeof parts>) => {
      return (batch: Batch): lib.Tensors => ({ ...accumulate(batch), ...apply() });
    };
    const [first, ...others] = batches(5) as [Batch, ...Batch[]];
    for (const ranks of [1, 2]) {
      for (const all of [eager, compiled]) all.accumulate(first);
      const step = lib.compile(whole(compiled), { ...compiled, ranks, stepsPerRun: 3 });
      await step.run(others);
      step.dispose();
      for (const batch of others) whole(eager)(batch);
      expect(compiled.gradients()).toEqual([]);
      expectNear(compiled.weights(), eager.weights());
    }
  });

  test("that are forgotten between two runs do not count", async () => {
    const all = parts();
    const compiled = lib.compile(all.accumulate, { ...all, stepsPerRun: 1 });
    const gradientsOf = async (batch: Batch): Promise<number[]> => {
      await compiled.run(batch);
      return all.gradients();
    };
    const [one, other] = batches(2) as [Batch, Batch];
    const first = await gradientsOf(one);
    const both = await gradientsOf(other);
    all.optimizer.clearGradients();
    const second = await gradientsOf(other);
    all.optimizer.clearGradients();
    await compiled.sync();
    expect(all.gradients()).toEqual([]);
    compiled.dispose();
    expectNear(
      both,
      first.map((value, index) => value + second[index]!),
    );
  });

  test("are as before when a run fails that would have been the first to leave some", async () => {
    const random = new lib.Generator(1);
    const model = new lib.Embedding({ vocabularySize: 5, features: 2, random });
    const compiled = lib.compile(
      ({ words }: { words: lib.Tensor }) => {
        const rows = model.forward(words);
        model.accumulateGradients(rows);
        return { rows };
      },
      { model, optimizer: [], stepsPerRun: 1 },
    );
    const words = (word: number): { words: lib.Tensor } => ({
      words: lib.tensor([word], { dtype: "int32" }),
    });
    await expect(compiled.run(words(7))).rejects.toThrow("got 7 at position 0");
    await compiled.sync();
    expect(model.weight.gradient).toBeUndefined();
    const { rows } = await compiled.run([words(3), words(3)]);
    compiled.dispose();
    const [, , , third] = model.weight.gradient!.toArray() as number[][];
    expect(third).toEqual([2 * rows[0]!, 2 * rows[1]!]);
  });

  test("of a share of the batch stay in no rank", async () => {
    const all = parts();
    const compiled = lib.compile(all.accumulate, { ...all, ranks: 2 });
    await expect(compiled.run(batches(1))).rejects.toThrow(
      /same state, but the gradient of weight \[6, 8000\] follows .* alone\. Call optimizer\.step\(\) in the same step/,
    );
    compiled.dispose();
    expect(all.gradients()).toEqual([]);
  });
});
