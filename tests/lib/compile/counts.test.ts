// Counts and chance while runs are under way: runs get ready ahead of each other, and nobody sees that.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import * as lib from "../../../lib/index.ts";
import {
  chanceTraining as training,
  type LabelledBatch,
  labelledBatch,
} from "../../support/chance-training.ts";

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
