// Progress: what the bar shows, when to stop, and what the history tells.
// Covers: lib/notebook.ts, lib/training/history.ts
import { inspect } from "node:util";
import { describe, expect, test } from "vitest";
import { History, RunningMean } from "../../../lib/training/history.ts";
import { interruptQuestion } from "../../../lib/notebook.ts";
import { lossText, textProgress } from "../../../lib/training/progress.ts";
import { fakeKernel } from "../../support/fake-kernel.ts";

const plan = { epochs: 2, stepsPerEpoch: 10, hasValidation: true };

describe("the bar", () => {
  function drawn() {
    const lines: string[] = [];
    const line = {
      show: (text: string) => void lines.push(`show ${text}`),
      keep: (text: string) => void lines.push(`keep ${text}`),
      finish: () => void lines.push("finish"),
    };
    return { lines, reporter: textProgress(line) };
  }

  test("shows how far the epoch is, and one line for each that is done", () => {
    const { lines, reporter } = drawn();
    reporter.begin?.(plan);
    reporter.step?.({ epoch: 0, step: 4, stepsPerEpoch: 10, loss: 1.5 });
    const record = {
      loss: 1,
      accuracy: 0.5,
      validationLoss: 2,
      validationAccuracy: 0.25,
      seconds: 3,
    };
    reporter.epoch?.(record, 0);
    reporter.end?.();
    expect(lines).toEqual([
      `show epoch 1/2 ${"█".repeat(12)}${"░".repeat(12)} 5/10 loss 1.5000`,
      "keep epoch 1/2: loss 1.0000, accuracy 50.00 %, validation loss 2.0000, accuracy 25.00 % (3.0 s)",
      "finish",
    ]);
  });

  test("is not drawn for every step", () => {
    const { lines, reporter } = drawn();
    reporter.begin?.(plan);
    for (let step = 0; step < 10; step++) {
      reporter.step?.({ epoch: 0, step, stepsPerEpoch: 10, loss: 1 });
    }
    expect(lines.length).toBeLessThan(10);
  });
});

describe("the question whether to stop", () => {
  test("is no without a kernel, and follows the kernel's flag", () => {
    expect(interruptQuestion()()).toBe(false);
    const kernel = fakeKernel();
    const isInterrupted = interruptQuestion();
    expect(isInterrupted()).toBe(false);
    Atomics.store(kernel.interruptFlag, 0, 1);
    expect(isInterrupted()).toBe(true);
  });
});

test.each([
  [0.25, "0.2500"],
  [999_999, "999999.0000"],
  [1.6217e26, "1.62e+26"],
  [Number.NaN, "NaN"],
])("a loss of %d is %s", (loss, text) => {
  expect(lossText(loss)).toBe(text);
});

describe("the history", () => {
  test("shows one line for each epoch and why it ended", () => {
    const history = new History();
    history.epochs.push({ loss: 1, seconds: 2 }, { loss: 0.5, accuracy: 0.75, seconds: 2 });
    history.steps = 20;
    history.stopped = "early";
    history.bestEpoch = 1;
    expect(inspect(history)).toContain("Training of 20 steps, stopped early");
    expect(history.toString()).toMatch(/2 \(best\) +0\.5000 +75\.00 %/);
  });

  test("averages with weights, and knows when there is nothing", () => {
    const mean = new RunningMean();
    expect(mean.value).toBeUndefined();
    mean.add(1, 3);
    mean.add(undefined, 9);
    mean.add(5, 1);
    expect(mean.value).toBe(2);
  });
});
