// dispose while runs are under way: weights, moments, gradients, counts and chance are all of one step afterwards.
import type { Worker } from "node:worker_threads";
import { describe, expect, test } from "vitest";
import * as lib from "../../../lib/index.ts";
import {
  type ChanceTraining,
  chanceTraining,
  type LabelledBatch,
  labelledBatch,
} from "../../support/chance-training.ts";

const batches = (count: number, first = 0): LabelledBatch[] =>
  Array.from({ length: count }, (_, index) => labelledBatch(first + index));

const numbersOf = (tensors: readonly { value: lib.Tensor }[]): number[][] =>
  tensors.map(({ value }) => [...value.toTypedArray()]);

// All that a training goes on from.
const standing = ({ model, optimizer, chance }: ChanceTraining) => ({
  weights: numbersOf(model.parameters()),
  moments: numbersOf(optimizer.states()),
  progress: optimizer.progress,
  place: chance.state,
});

type Options = Partial<lib.CompileOptions>;
const compiledOf = (all: ChanceTraining, options: Options) =>
  lib.compile(all.step, { ...all, stepsPerRun: 2, ...options });

// A training that nobody stops, after so many steps.
async function trained(steps: number, options: Options): Promise<ChanceTraining> {
  const all = chanceTraining();
  const compiled = compiledOf(all, options);
  if (steps > 0) await compiled.run(batches(steps));
  compiled.dispose();
  return all;
}

const refusal = (promise: Promise<unknown>): Promise<unknown> =>
  promise.catch((error: unknown) => error);
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

// Moments at which somebody may dispose of a step: so many turns of the event loop after the calls, so many jobs after a run.
const TURNS = [0, 1, 2, 3].map(
  (count) =>
    [
      `${count} turns after the calls`,
      async () => {
        for (let i = 0; i < count; i++) await turn();
      },
    ] as const,
);
const JOBS = [0, 1, 2, 3, 5, 8, 13, 30].map(
  (count) =>
    [
      `${count} jobs after a run`,
      async (run: Promise<unknown>) => {
        await run;
        for (let i = 0; i < count; i++) await Promise.resolve();
      },
    ] as const,
);

describe.each([
  ["a worker", {}],
  ["this thread", { worker: false }],
  ["two ranks", { ranks: 2 }],
] as const)("a step in %s that is disposed of in the middle of a run", (_where, options) => {
  test("leaves everything as of one step, whenever that is", async () => {
    const expected = new Map<number, ReturnType<typeof standing>>();
    const reached = new Set<number>();
    for (const [when, wait] of [...TURNS, ...JOBS]) {
      const all = chanceTraining();
      const compiled = compiledOf(all, options);
      const runs = [compiled.run(batches(2)), compiled.run(batches(4, 2))];
      const ends = runs.map(refusal);
      await wait(ends[0]!);
      compiled.dispose();
      const now = standing(all);
      const { stepCount } = now.progress;
      reached.add(stepCount);
      if (!expected.has(stepCount)) {
        expected.set(stepCount, standing(await trained(stepCount, options)));
      }
      expect(now, when).toEqual(expected.get(stepCount));
      const [, last] = await Promise.all(ends);
      // Nothing that comes later changes it.
      expect(standing(all), when).toEqual(now);
      expect(stepCount === 6 || last instanceof lib.StateError, when).toBe(true);
    }
    expect(reached.size).toBeGreaterThan(1);
  });

  test("goes on as if it had been stopped there, eagerly and compiled", async () => {
    const all = chanceTraining();
    const compiled = compiledOf(all, options);
    const runs = [compiled.run(batches(2)), compiled.run(batches(4, 2))].map(refusal);
    await runs[0];
    compiled.dispose();
    const steps = all.optimizer.stepCount;
    const other = await trained(steps, options);
    for (const each of [all, other]) {
      for (const batch of batches(3, steps)) each.step(batch);
      const again = compiledOf(each, options);
      await again.run(batches(2, steps + 3));
      again.dispose();
    }
    expect(standing(all)).toEqual(standing(other));
    await Promise.all(runs);
  });
});

test("of two steps over one model, one may be disposed of in the middle of its run", async () => {
  for (const count of [0, 1, 2, 4, 8]) {
    const all = chanceTraining();
    const [one, other] = [compiledOf(all, {}), compiledOf(all, {})];
    const running = refusal(one.run(batches(40)));
    for (let i = 0; i < count; i++) await turn();
    one.dispose();
    await other.run(batches(2, 50));
    other.dispose();
    const steps = all.optimizer.stepCount - 2;
    const alone = await trained(steps, {});
    const again = compiledOf(alone, {});
    await again.run(batches(2, 50));
    again.dispose();
    expect(standing(all), `after ${count} turns`).toEqual(standing(alone));
    await running;
  }
});

test("a run that leaves the first gradients leaves them and their chance, or neither", async () => {
  const accumulating = () => {
    const all = chanceTraining();
    const { model, chance } = all;
    const loss = new lib.CrossEntropyLoss();
    const accumulate = ({ inputs, targets }: LabelledBatch): { loss: lib.Tensor } => {
      const value = loss.forward(model.forward(inputs), targets);
      model.backward(loss.backward());
      return { loss: value };
    };
    const state = () => ({
      gradients: numbersOf(
        model.parameters().flatMap(({ gradient: value }) => (value ? [{ value }] : [])),
      ),
      place: chance.state,
    });
    return { ...all, accumulate, state };
  };
  const eager = accumulating();
  const expected = [eager.state()];
  for (const batch of batches(2)) {
    eager.accumulate(batch);
    const { gradients, place } = eager.state();
    const near = (each: number): number => expect.closeTo(each, 5) as number;
    expected.push({ gradients: gradients.map((numbers) => numbers.map(near)), place });
  }
  const workers: Worker[] = [];
  const collect = (worker: Worker): unknown => workers.push(worker);
  process.on("worker", collect);
  for (const count of [0, 1, 2]) {
    const { model, optimizer, accumulate, state } = accumulating();
    const compiled = lib.compile(accumulate, { model, optimizer, stepsPerRun: 1 });
    // The process tells of a worker after that.
    await turn();
    const asked = countRuns(workers.pop()!, (runs) => {
      if (runs === count) process.nextTick(() => compiled.dispose());
    });
    const running = refusal(compiled.run(batches(2)));
    if (count === 0) compiled.dispose();
    await running;
    expect(asked()).toBe(count);
    expect(state(), `disposed of in run ${count}`).toEqual(expected[count]);
  }
  process.off("worker", collect);
});

// Tells whenever a worker has been asked for a run.
function countRuns(worker: Worker, tell: (runs: number) => void): () => number {
  let runs = 0;
  const post = worker.postMessage.bind(worker);
  worker.postMessage = (question: { call?: string }, ...rest: []) => {
    post(question, ...rest);
    if (question.call === "run") tell(++runs);
  };
  return () => runs;
}
