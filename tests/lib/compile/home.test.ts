// The home of compiled steps over common weights: one worker and one state, however many steps, whoever goes first.
import type { Worker } from "node:worker_threads";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import * as lib from "../../../lib/index.ts";
import { hashClasses, hashUniform } from "../../support/hash.ts";

let workers: Worker[] = [];
const collect = (worker: Worker): unknown => workers.push(worker);
beforeEach(() => {
  workers = [];
  process.on("worker", collect);
});
afterEach(() => {
  process.off("worker", collect);
});

const exitOf = (worker: Worker): Promise<unknown> =>
  new Promise((resolve) => worker.once("exit", resolve));

interface Batch {
  readonly inputs: lib.Tensor;
  readonly targets: lib.Tensor;
  readonly [name: string]: lib.Tensor;
}

const batches = (count: number, first = 0): Batch[] =>
  Array.from({ length: count }, (_, index) => ({
    inputs: lib.cast(hashUniform([8, 5], first + index), "float32"),
    targets: hashClasses(8, first + index, 5),
  }));

const sgd = (layers: lib.Layer): lib.Optimizer =>
  new lib.SGD(layers.parameters(), { learningRate: 0.1, momentum: 0.9 });

// One step trains both layers, another one the second alone: all is small, and travels in one array.
function parts() {
  const random = new lib.Generator(5);
  const first = new lib.Linear({ inFeatures: 5, outFeatures: 5, random });
  const second = new lib.Linear({ inFeatures: 5, outFeatures: 5, random });
  const model = new lib.Sequential(first, new lib.Tanh(), second);
  const loss = new lib.CrossEntropyLoss();
  const stepFor = (trained: lib.Layer, optimizer: lib.Optimizer) => {
    const step = ({ inputs, targets }: Batch): { loss: lib.Tensor } => {
      const value = loss.forward(trained.forward(inputs), targets);
      trained.backward(loss.backward());
      optimizer.step();
      return { loss: value };
    };
    return { model: trained, optimizer, step };
  };
  const [whole, part] = [stepFor(model, sgd(model)), stepFor(second, sgd(second))];
  const numbers = (): number[] =>
    [...model.parameters(), ...whole.optimizer.states(), ...part.optimizer.states()].flatMap(
      ({ value }) => Array.from(value.toTypedArray()),
    );
  return { model, second, whole, part, numbers };
}

type Part = ReturnType<typeof parts>["whole"];
const compiledOf = ({ step, ...options }: Part, more: Partial<lib.CompileOptions> = {}) =>
  lib.compile(step, { ...options, stepsPerRun: 2, ...more });

const near = (numbers: readonly number[]): unknown[] =>
  numbers.map((value) => expect.closeTo(value, 5) as unknown);

describe("steps over common weights", () => {
  test.each([
    ["the larger one first", true],
    ["the smaller one first", false],
  ])("leave alone what the other one lists, %s", async (_how, isWholeFirst) => {
    const [eager, all] = [parts(), parts()];
    const order = ({ whole, part }: typeof all): Part[] =>
      isWholeFirst ? [whole, part] : [part, whole];
    const steps = order(all).map((each) => compiledOf(each));
    for (let turn = 0; turn < 3; turn++) {
      for (const [which, { step }] of order(eager).entries()) {
        const list = batches(3, 8 * turn + 4 * which);
        await steps[which]!.run(list);
        for (const batch of list) step(batch);
      }
    }
    for (const step of steps) step.dispose();
    expect(all.numbers()).toEqual(near(eager.numbers()));
    expect(workers).toHaveLength(1);
  });

  test("run in the order of the calls, though nobody waits", async () => {
    const [eager, all] = [parts(), parts()];
    const [whole, part] = [compiledOf(all.whole), compiledOf(all.part)];
    const list = batches(4);
    await Promise.all([whole.run(list), part.run(list), whole.run(list)]);
    for (const { step } of [eager.whole, eager.part, eager.whole])
      for (const each of list) step(each);
    expect(all.numbers()).toEqual(near(eager.numbers()));
    for (const each of [whole, part]) each.dispose();
  });

  test("keep gradients that only the other one lists", async () => {
    const [eager, all] = [parts(), parts()];
    const accumulate =
      ({ model }: typeof all) =>
      ({ inputs }: Batch): { sum: lib.Tensor } => {
        const outputs = lib.mul(model.forward(inputs), 0.1);
        model.accumulateGradients(outputs);
        return { sum: lib.sum(outputs) };
      };
    const { model, part } = all;
    const gradients = lib.compile(accumulate(all), { model, optimizer: [], stepsPerRun: 2 });
    const steps = compiledOf(part);
    for (let turn = 0; turn < 2; turn++) {
      const list = batches(3, 4 * turn);
      await gradients.run(list);
      await steps.run(list);
      for (const batch of list) accumulate(eager)(batch);
      for (const batch of list) eager.part.step(batch);
    }
    for (const [index, { gradient }] of model.parameters().entries()) {
      const expected = eager.model.parameters()[index]!.gradient;
      const numbers = (tensor: lib.Tensor | undefined): number[] =>
        Array.from(tensor?.toTypedArray() ?? []);
      expect(numbers(gradient)).toEqual(near(numbers(expected)));
    }
    expect(all.numbers()).toEqual(near(eager.numbers()));
    for (const each of [gradients, steps]) each.dispose();
  });

  test("go on when another one is disposed of, and the last one ends the worker", async () => {
    const [eager, all] = [parts(), parts()];
    const [whole, part] = [compiledOf(all.whole), compiledOf(all.part)];
    const list = batches(2);
    await whole.run(list);
    whole.dispose();
    whole.dispose();
    await expect(whole.run(list)).rejects.toThrow(lib.StateError);
    await expect(whole.sync()).rejects.toThrow(/was disposed of\. Compile the step again/);
    await part.run(list);
    const again = compiledOf(all.whole);
    await again.run(list);
    const exit = exitOf(workers[0]!);
    for (const each of [part, again]) each.dispose();
    await exit;
    for (const { step } of [eager.whole, eager.part, eager.whole])
      for (const each of list) step(each);
    expect(all.numbers()).toEqual(near(eager.numbers()));
    expect(workers).toHaveLength(1);
  });

  test("that run in another way take up what was left all the same", async () => {
    const [eager, all] = [parts(), parts()];
    const steps = [{}, { worker: false }, { ranks: 2 }].map((way) => compiledOf(all.whole, way));
    for (let turn = 0; turn < 2; turn++) {
      for (const step of steps) {
        await step.run(batches(2, turn));
        for (const batch of batches(2, turn)) eager.whole.step(batch);
      }
    }
    expect(all.numbers()).toEqual(near(eager.numbers()));
    for (const step of steps) step.dispose();
  });
});

describe("a step that is compiled again", () => {
  test("has a home of its own when the old worker has died", async () => {
    const all = parts();
    const old = compiledOf(all.whole);
    await old.run(batches(2));
    const exit = exitOf(workers[0]!);
    await old.sync();
    workers[0]!.postMessage(null);
    await exit;
    await expect(old.run(batches(2))).rejects.toThrow(lib.WorkerError);
    const again = compiledOf(all.whole);
    expect((await again.run(batches(2))).loss).toHaveLength(2);
    expect(workers).toHaveLength(2);
    for (const each of [old, again]) each.dispose();
  });

  test("has a home of its own when weights have changed their shapes", async () => {
    const random = new lib.Generator(1);
    const model = new lib.Embedding({ vocabularySize: 5, features: 2, random });
    const look = ({ words }: { words: lib.Tensor }): { rows: lib.Tensor } => ({
      rows: model.forward(words),
    });
    const words = { words: lib.tensor([4], { dtype: "int32" }) };
    const old = lib.compile(look, { model, optimizer: [] });
    await old.run(words);
    model.weight.value = lib.ones([9, 2]);
    await expect(old.run(words)).rejects.toThrow(/Compile the step again/);
    const again = lib.compile(look, { model, optimizer: [] });
    expect([...(await again.run(words)).rows]).toEqual([1, 1]);
    for (const each of [old, again]) each.dispose();
  });
});
