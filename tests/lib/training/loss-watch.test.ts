// A loss that is no number: it is told once, with what to try, and early stopping does not take it for the best.
// Covers: lib/training/best-weights.ts
import { describe, expect, onTestFinished, test, vi } from "vitest";
import { Dataset, fit, full, SGD, tensor } from "../../../lib/index.ts";
import { smallFit, weightOf } from "../../support/small-fit.ts";

const bad = new Dataset(full([40, 2], NaN), full([40, 1], 1));

function notices(): readonly string[] {
  const told: string[] = [];
  const spy = vi.spyOn(console, "warn").mockImplementation((text: string) => void told.push(text));
  onTestFinished(() => spy.mockRestore());
  return told;
}

describe.each([false, true])("a loss that is no number (compiled: %s)", (compiled) => {
  test("in the first step points to data and formulas, once", async () => {
    const told = notices();
    const { model, options } = smallFit({ train: bad, compiled });
    await fit(model, options);
    expect(told).toHaveLength(1);
    expect(told[0]).toContain(
      "fit: the loss is NaN in the first step, before any weight has moved.",
    );
    expect(told[0]).toContain("Look for NaN among inputs, targets and weights");
  });

  test("in a later step names it, and the learning rate", async () => {
    const told = notices();
    const { model, options } = smallFit({ epochs: 20, compiled });
    const optimizer = new SGD(model.parameters(), { learningRate: 1e6 });
    await fit(model, { ...options, optimizer });
    expect(told).toHaveLength(1);
    expect(told[0]).toMatch(/the loss has become (NaN|Infinity), in step \d of epoch \d;/);
    expect(told[0]).toContain("a smaller learning rate than 1,000,000");
  });

  test("in every validation goes back to the weights of the start, and calls no epoch the best", async () => {
    notices();
    const { model, options } = smallFit({ validation: bad, patience: 2, epochs: 9, compiled });
    const start = weightOf(model);
    const history = await fit(model, options);
    expect(weightOf(model)).toEqual(start);
    expect([history.stopped, history.bestEpoch, history.epochs.length]).toEqual([
      "early",
      undefined,
      2,
    ]);
    expect(String(history)).toContain("was never a finite number: back to the first weights");
  });

  test("from some epoch on goes back to the best of those before", async () => {
    notices();
    const { model, options } = smallFit({ patience: 2, epochs: 9, compiled });
    const weights: unknown[] = [];
    const history = await fit(model, {
      ...options,
      validation: new Dataset(tensor([[1, 1]]), tensor([[-1]])),
      onEpoch(_, epoch) {
        weights.push(weightOf(model));
        if (epoch === 0) model.weight.value = full([2, 1], NaN);
      },
    });
    expect([history.stopped, history.bestEpoch, history.epochs.length]).toEqual(["early", 0, 3]);
    expect(weightOf(model)).toEqual(weights[0]);
  });
});
