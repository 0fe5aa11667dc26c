// Settings of a call: runs that nobody awaits take the rates and modes of their calls, as eager steps in that order do.
import { describe, expect, test } from "vitest";
import { CallSettings } from "../../../../lib/compile/state/call-settings.ts";
import * as lib from "../../../../lib/index.ts";
import {
  chanceTraining as training,
  type LabelledBatch,
  labelledBatch,
} from "../../../support/chance-training.ts";

const batches = (count: number, first: number): LabelledBatch[] =>
  Array.from({ length: count }, (_, index) => labelledBatch(first + index));

const near = (numbers: readonly number[]): number[] =>
  numbers.map((each) => expect.closeTo(each, 5) as number);

describe.each([
  ["a worker", {}],
  ["this thread", { worker: false }],
  ["two ranks", { ranks: 2 }],
  ["a worker that verifies", { verify: 3 }],
])("in %s,", (_where, options) => {
  test("a learning rate that is set between two calls is that of the second", async () => {
    const [eager, all] = [training(0.1), training(0.1)];
    const compiled = lib.compile(all.step, { ...all, ...options, stepsPerRun: 2 });
    const runs = [0.1, 0.02, 0.3].map((rate, turn) => {
      for (const { optimizer } of [eager, all]) optimizer.learningRate = rate;
      for (const batch of batches(3, 3 * turn)) eager.step(batch);
      return compiled.run(batches(3, 3 * turn));
    });
    for (const { optimizer } of [eager, all]) optimizer.learningRate = 0.5;
    await Promise.all(runs);
    expect(all.weights()).toEqual(near(eager.weights()));
    expect(all.optimizer.progress).toEqual(eager.optimizer.progress);
    expect(all.optimizer.learningRate).toBe(0.5);
    compiled.dispose();
  });

  test("so is a mode", async () => {
    const [eager, all] = [training(), training()];
    const compiled = lib.compile(all.step, { ...all, ...options, stepsPerRun: 2 });
    const runs = [false, true, false].map((isTraining, turn) => {
      for (const { model } of [eager, all]) {
        if (isTraining) model.train();
        else model.eval();
      }
      for (const batch of batches(3, 3 * turn)) eager.step(batch);
      return compiled.run(batches(3, 3 * turn));
    });
    all.model.train();
    await Promise.all(runs);
    expect(all.weights()).toEqual(near(eager.weights()));
    expect(all.chance.state).toEqual(eager.chance.state);
    expect(all.model.layers().every((layer) => layer.training)).toBe(true);
    compiled.dispose();
  });
});

test("weights put into the model before a run has its turn are refused, and taken by the next one", async () => {
  const [eager, all] = [training(), training()];
  const compiled = lib.compile(all.step, { ...all, stepsPerRun: 2 });
  const other = training(0.1).model;
  other.parameters()[0]!.value = lib.ones([4, 6]);
  const refused = compiled.run(batches(2, 0));
  lib.loadStateDict(all.model, lib.stateDict(other));
  await expect(refused).rejects.toThrow(lib.StateError);
  await expect(refused).rejects.toThrow(/when it is called, but something else.*Await what run/);
  await compiled.run(batches(2, 0));
  // Once it has begun, what is put there waits for the next one.
  const first = compiled.run(batches(6, 2));
  await new Promise(setImmediate);
  lib.loadStateDict(all.model, lib.stateDict(other));
  await Promise.all([first, compiled.run(batches(2, 8))]);
  lib.loadStateDict(eager.model, lib.stateDict(other));
  for (const batch of batches(8, 0)) eager.step(batch);
  lib.loadStateDict(eager.model, lib.stateDict(other));
  for (const batch of batches(2, 8)) eager.step(batch);
  expect(all.weights()).toEqual(near(eager.weights()));
  expect(all.chance.state).toEqual(eager.chance.state);
  compiled.dispose();
});

test("a rate that a schedule sets is no setting, and what the work itself sets stays", () => {
  const model = new lib.Linear({ inFeatures: 2, outFeatures: 2, random: new lib.Generator(1) });
  const [free, planned] = [0.1, lib.stepDecay({ start: 0.1, every: 1 })].map(
    (learningRate) => new lib.SGD(model.parameters(), { learningRate }),
  ) as [lib.SGD, lib.SGD];
  const called = new CallSettings([free, planned], [model]);
  for (const optimizer of [free, planned]) optimizer.learningRate = 0.7;
  model.eval();
  const seen = called.during(() => [free.learningRate, planned.learningRate, model.training]);
  expect(seen).toEqual([0.1, 0.7, true]);
  expect([free.learningRate, model.training]).toEqual([0.7, false]);
  called.during(() => (free.learningRate = 0.3));
  expect([free.learningRate, model.training]).toEqual([0.3, false]);
  expect(() =>
    called.during(() => {
      throw new lib.StateError("fails");
    }),
  ).toThrow("fails");
  expect([free.learningRate, model.training]).toEqual([0.3, false]);
});
