// Counts and chance while runs are under way: runs get ready ahead of each other, and nobody sees that.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Worker } from "node:worker_threads";
import { describe, expect, test } from "vitest";
import * as lib from "../../../../lib/index.ts";
import {
  chanceTraining as training,
  type LabelledBatch,
  labelledBatch,
} from "../../../support/chance-training.ts";

const batches = (count: number): LabelledBatch[] =>
  Array.from({ length: count }, (_, index) => labelledBatch(index));

// All that waits for nothing but other promises has been done by then, and nothing else.
const posted = (): Promise<void> => new Promise((resolve) => process.nextTick(resolve));

const near = (numbers: readonly number[]): number[] =>
  numbers.map((each) => expect.closeTo(each, 4) as number);

describe.each([
  ["a worker", {}],
  ["this thread", { worker: false }],
  ["two ranks", { ranks: 2 }],
])("while runs are under way in %s,", (_where, options) => {
  test("counts are those of the weights that can be read", async () => {
    const folder = await mkdtemp(join(tmpdir(), "gradlab-counts-"));
    const file = join(folder, "now.safetensors");
    const [all, again] = [training(), training()];
    const compiled = lib.compile(all.step, { ...all, ...options, stepsPerRun: 2 });
    await compiled.run(batches(2));
    // What was read can be read again, and so can be saved.
    const [weights, progress] = [all.weights(), all.optimizer.progress];
    const running = [compiled.run(batches(4)), compiled.run(batches(2))];
    await posted();
    expect(all.optimizer.progress).toEqual(progress);
    await lib.saveCheckpoint(all, file);
    await lib.loadCheckpoint(again, file);
    expect([again.weights(), again.optimizer.stepCount]).toEqual([weights, 2]);
    await rm(folder, { recursive: true });
    await Promise.all(running);
    const eager = training();
    for (const list of [2, 4, 2].map(batches)) for (const batch of list) eager.step(batch);
    expect(all.optimizer.progress).toEqual(eager.optimizer.progress);
    expect(all.chance.state).toEqual(eager.chance.state);
    expect(all.weights()).toEqual(near(eager.weights()));
    compiled.dispose();
  });

  test("the place of a generator is not to be read or changed, and belongs to the weights afterwards", async () => {
    const all = training();
    const before = all.chance.state;
    const compiled = lib.compile(all.step, { ...all, ...options, stepsPerRun: 2 });
    const running = compiled.run(batches(4));
    await posted();
    for (const use of [() => all.chance.state, () => all.chance.resume(before)]) {
      expect(use).toThrow(lib.StateError);
      expect(use).toThrow("a run is still under way. Await what run(...) returns");
    }
    await running;
    const eager = training();
    for (const batch of batches(4)) eager.step(batch);
    expect(all.chance.state).toEqual(eager.chance.state);
    all.chance.resume(before);
    expect(all.chance.state).toEqual(before);
    compiled.dispose();
  });

  test("counts that somebody puts into the optimizer stay there", async () => {
    const all = training(0.1);
    const compiled = lib.compile(all.step, { ...all, ...options, stepsPerRun: 2 });
    const running = compiled.run(batches(4));
    await posted();
    all.optimizer.resume({ stepCount: 70, learningRate: 0.3, moves: [70, 70, 70, 70] });
    await running;
    expect(all.optimizer.progress).toMatchObject({ stepCount: 70, learningRate: 0.3 });
    await compiled.run(batches(2));
    expect(all.optimizer.progress).toMatchObject({ stepCount: 72, learningRate: 0.3 });
    compiled.dispose();
  });
});

describe("when the worker dies, the model goes back to what was last read,", () => {
  // What somebody does that starts a worker.
  const collected = async <Result>(work: () => Promise<Result>): Promise<[Worker, Result]> => {
    const workers: Worker[] = [];
    const collect = (worker: Worker): unknown => workers.push(worker);
    process.on("worker", collect);
    const result = await work();
    process.off("worker", collect);
    return [workers[0]!, result];
  };
  // Trains, is read after two steps, and may train on. Whatever `end` does then, the worker dies of it.
  const untilDeath = async (steps: number, end: (worker: Worker) => Promise<void> | void) => {
    const all = training();
    const compiled = lib.compile(all.step, { ...all, stepsPerRun: 2 });
    const [worker] = await collected(() => compiled.run(batches(2)));
    const read = [all.weights(), all.optimizer.progress, all.chance.state];
    if (steps > 0) await compiled.run(batches(steps));
    await end(worker);
    return { all, compiled, read };
  };
  const standing = ({ weights, optimizer, chance }: ReturnType<typeof training>) => [
    weights(),
    optimizer.progress,
    chance.state,
  ];
  // Nothing that a caller sends: the worker fails outside of any question.
  const kill = (worker: Worker): void => worker.postMessage(null);
  const killed = (worker: Worker): Promise<void> => {
    const exit = new Promise<void>((resolve) => worker.once("exit", () => resolve()));
    kill(worker);
    return exit;
  };

  test("and so do counts and chance, whoever is told", async () => {
    const readers: ((parts: Awaited<ReturnType<typeof untilDeath>>) => unknown)[] = [
      ({ all }) => all.weights(),
      ({ compiled }) => compiled.sync(),
      ({ compiled }) => compiled.run(batches(2)),
      ({ compiled }) => compiled.dispose(),
    ];
    for (const [index, read] of readers.entries()) {
      const parts = await untilDeath(4, killed);
      await expect(async () => read(parts), `reader ${index}`).rejects.toThrow(lib.WorkerError);
      expect(standing(parts.all)).toEqual(parts.read);
      // From there an eager training goes on.
      const eager = training();
      for (const list of [2, 3].map(batches)) for (const batch of list) eager.step(batch);
      for (const batch of batches(3)) parts.all.step(batch);
      expect(parts.all.optimizer.progress).toEqual(eager.optimizer.progress);
      expect(parts.all.chance.state).toEqual(eager.chance.state);
      expect(parts.all.weights()).toEqual(near(eager.weights()));
    }
  });

  test("also when that is in the middle of a run, or of nothing", async () => {
    let worker: Worker | undefined;
    const { all, compiled, read } = await untilDeath(2, (each) => void (worker = each));
    const running = compiled.run(batches(200));
    await posted();
    kill(worker!);
    await expect(running).rejects.toThrow(lib.WorkerError);
    expect(standing(all)).toEqual(read);
    const still = await untilDeath(0, killed);
    expect(standing(still.all)).toEqual(still.read);
    still.compiled.dispose();
    expect(standing(still.all)).toEqual(still.read);
  });

  test.each([
    ["before it dies", 0],
    ["after that", 100],
  ])(
    "which is told soon to a reader that keeps this thread from hearing of it, %s",
    async (_when, milliseconds) => {
      const [worker, all] = await collected(async () => {
        const all = training();
        await lib.compile(all.step, all).run(batches(1));
        return all;
      });
      kill(worker);
      // Nothing comes here meanwhile; a thread needs a few milliseconds for its end.
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds);
      const start = performance.now();
      expect(() => all.weights()).toThrow(/it ended: it stopped while this thread waited for it/);
      expect(performance.now() - start).toBeLessThan(5000);
      expect(standing(all)).toEqual(standing(training()));
    },
  );

  test("but not what somebody has put in its place meanwhile", async () => {
    const { all, compiled } = await untilDeath(2, killed);
    const fresh = training();
    lib.loadStateDict(all.model, lib.stateDict(fresh.model));
    for (const [index, state] of all.optimizer.states().entries()) {
      state.value = fresh.optimizer.states()[index]!.value;
    }
    all.optimizer.resume(fresh.optimizer.progress);
    all.chance.resume(fresh.chance.state);
    expect(() => compiled.dispose()).toThrow(lib.WorkerError);
    expect(standing(all)).toEqual(standing(fresh));
  });
});
