// A run that fails: weights, counts and chance are those of the steps before it, as they are eagerly.
// Covers: lib/compile/state/progress.ts, lib/compile/runners/state-copies.ts
import { describe, expect, test } from "vitest";
import * as lib from "../../../lib/index.ts";
import { hashClasses, hashUniform } from "../../support/hash.ts";
import {
  chanceTraining as training,
  labelledBatch as batch,
  type LabelledBatch,
} from "../../support/chance-training.ts";

const wrong: LabelledBatch = { ...batch(9), targets: lib.tensor([0, 1, 7, 2], { dtype: "int32" }) };
const list = [0, 1, 2, 3, 4, 5].map(batch);
const withWrong = [...list, wrong, batch(6), batch(7)];

describe.each([
  ["one by one", { stepsPerRun: 1 }],
  ["of four steps", { stepsPerRun: 4, worker: false }],
  ["of three steps in a worker", { stepsPerRun: 3 }],
  ["of four steps in two ranks", { stepsPerRun: 4, ranks: 2 }],
])("after a failed run, %s,", (_how, options) => {
  test("everything is as after the last step that went well", async () => {
    const [eager, compiled] = [training(), training()];
    for (const each of list) eager.step(each);
    const step = lib.compile(compiled.step, { ...compiled, ...options });
    await expect(step.run(withWrong)).rejects.toThrow(
      "from 0 to 2, got 7 at position 2 of targets. The state is as it was before. Check that labels",
    );
    await step.sync();
    expect(compiled.optimizer.progress).toEqual(eager.optimizer.progress);
    expect(compiled.chance.state).toEqual(eager.chance.state);
    expect(compiled.weights()).toEqual(eager.weights().map((each) => expect.closeTo(each, 4)));
    // And so it goes on.
    const { loss } = await step.run(batch(8));
    expect(loss[0]).toBeCloseTo(eager.step(batch(8)).loss.item(), 4);
    step.dispose();
  });
});

test("a compiled fit that meets a wrong label ends where the eager one ends", async () => {
  const ends = [];
  for (const compiled of [false, true]) {
    const { model, optimizer, weights } = training();
    const targets = [...hashClasses(80, 1, 3).toTypedArray()];
    targets[50] = 7;
    const train = new lib.Dataset(
      lib.cast(hashUniform([80, 4], 2), "float32"),
      lib.tensor(targets, { dtype: "int32" }),
    );
    const random = new lib.Generator(3);
    const loss = new lib.CrossEntropyLoss();
    const options = { train, loss, optimizer, epochs: 1, batchSize: 4, random, compiled };
    await expect(lib.fit(model, { ...options, progress: false })).rejects.toThrow(lib.GradlabError);
    ends.push({ progress: optimizer.progress, weights: weights() });
  }
  const [eager, compiled] = ends;
  expect(compiled!.progress).toEqual(eager!.progress);
  expect(compiled!.weights).toEqual(eager!.weights.map((each) => expect.closeTo(each, 4)));
});
