// Progress in a notebook: one output, drawn four times a second, that ends as the whole curve.
import { describe, expect, test } from "vitest";
import type { EpochRecord } from "../../../lib/training/progress.ts";
import { notebookProgress } from "../../../lib/training/progress-notebook.ts";
import { fakeKernel } from "../../support/fake-kernel.ts";
import { readXml } from "../../support/xml.ts";

const PLAN = { epochs: 2, stepsPerEpoch: 10, hasValidation: true };
const RECORD: EpochRecord = {
  loss: 0.5,
  accuracy: 0.8,
  validationLoss: 0.6,
  validationAccuracy: 0.75,
  seconds: 1,
};

/** A training that takes `msPerStep` for each step, on a clock of its own. */
function training(msPerStep: number) {
  const kernel = fakeKernel();
  let time = 0;
  const reporter = notebookProgress(kernel, () => time);
  reporter.begin?.(PLAN);
  const step = (epoch: number, number: number, loss: number = 1): void => {
    time += msPerStep;
    reporter.step?.({ epoch, step: number, stepsPerEpoch: 10, loss, accuracy: 0.5 });
  };
  const epoch = (index: number, loss?: number): void => {
    for (let number = 0; number < 10; number += 1) step(index, number, loss);
    reporter.epoch?.(RECORD, index);
  };
  const texts = (): string[] => kernel.history.map((bundle) => bundle["text/plain"] as string);
  return { kernel, reporter, step, epoch, texts };
}

describe("live curves", () => {
  test("change one output, at most four times a second", () => {
    const { kernel, reporter, epoch } = training(50);
    epoch(0);
    epoch(1);
    reporter.end?.();
    expect(kernel.displays).toHaveLength(1);
    // 20 steps of 50 ms: the first, then every fifth, and the end.
    expect(kernel.history).toHaveLength(1 + 3 + 1);
  });

  test("tell the epoch, the share that is done, the rate and the time left", () => {
    const { epoch, step, texts } = training(1000);
    epoch(0);
    step(1, 0);
    const [first, ...lines] = texts().at(-1)?.split("\n") ?? [];
    expect(first).toBe(`Epoch 2 of 2 ${"▰".repeat(5)}${"▱".repeat(5)} 55 %, 1 steps/s, 9.0 s left`);
    expect(lines).toEqual([
      "epoch 1/2: loss 0.5000, accuracy 80.00 %, validation loss 0.6000, accuracy 75.00 % (1.0 s)",
    ]);
  });

  test("end with the whole training: curves of loss and accuracy, and what it took", () => {
    const { kernel, reporter, epoch } = training(1000);
    epoch(0);
    epoch(1);
    reporter.end?.();
    const [bundle] = kernel.displays;
    expect(Object.keys(bundle ?? {}).sort()).toEqual([
      "application/vnd.plotly.v1+json",
      "image/svg+xml",
      "text/plain",
    ]);
    const words = readXml(bundle?.["image/svg+xml"] as string).map(({ text }) => text);
    expect(words).toEqual(
      expect.arrayContaining([
        "Trained 2 epochs: 20 s, 1 steps/s",
        "train 0.5000, validation 0.6000",
        "train 80.0 %, validation 75.0 %",
        "loss",
        "accuracy (%)",
      ]),
    );
  });

  test("say when a training was stopped", () => {
    const { reporter, epoch, step, texts } = training(1000);
    epoch(0);
    step(1, 0);
    reporter.end?.();
    expect(texts().at(-1)).toMatch(/^Stopped after 1 of 2 epochs: 11 s, 1 steps\/s\n/);
  });

  test("show the words alone while every number is infinite, and never fail", () => {
    const { kernel, reporter } = training(1000);
    reporter.step?.({ epoch: 0, step: 0, stepsPerEpoch: 10, loss: Number.NaN });
    reporter.end?.();
    expect(Object.keys(kernel.displays[0] ?? {})).toEqual(["text/plain"]);
  });

  test("show the finite part of a loss that ran away, as a gap", () => {
    const { kernel, reporter, epoch } = training(1000);
    epoch(0);
    epoch(1, Infinity);
    reporter.end?.();
    expect(kernel.displays[0]).toHaveProperty("image/svg+xml");
  });

  test("are shown by end alone when no step was taken", () => {
    const { kernel, reporter } = training(1000);
    reporter.end?.();
    expect(kernel.displays[0]?.["text/plain"]).toBe(
      "Stopped after 0 of 2 epochs: 0.0 s, 0 steps/s",
    );
  });
});
