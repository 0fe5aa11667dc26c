// fit over some of the parameters, and then over others: nothing of the first training enters the second.
// Covers: lib/training/fit.ts
import { describe, expect, test } from "vitest";
import {
  fit,
  Generator,
  type History,
  Linear,
  type Parameter,
  Sequential,
  SGD,
} from "../../../lib/index.ts";
import { smallFit as setup } from "../../support/small-fit.ts";

describe("fine-tuning in two stages", () => {
  // The head alone, then all: what the body moves by in the one step of the second stage.
  const moveOfBody = async (compiled: boolean, clear: boolean): Promise<number[]> => {
    const random = new Generator(1);
    const body = new Linear({ inFeatures: 2, outFeatures: 3, random });
    const head = new Linear({ inFeatures: 3, outFeatures: 1, random });
    const model = new Sequential(body, head);
    const train = (stage: readonly Parameter[], epochs: number): Promise<History> => {
      const optimizer = new SGD(stage, { learningRate: 0.1 });
      return fit(model, { ...setup({ epochs, compiled, batchSize: 40 }).options, optimizer });
    };
    await train(head.parameters(), 10);
    if (clear) for (const parameter of model.parameters()) parameter.gradient = undefined;
    const before = body.weight.value.toTypedArray();
    await train(model.parameters(), 1);
    return Array.from(body.weight.value.toTypedArray(), (value, index) => value - before[index]!);
  };

  test.each([false, true])(
    "begins the second stage without the gradients of the first (compiled: %s)",
    async (compiled) => {
      const expected = await moveOfBody(compiled, true);
      expect(await moveOfBody(compiled, false)).toEqual(expected);
    },
  );

  test("is the same eagerly and compiled", async () => {
    const expected = await moveOfBody(false, false);
    const actual = await moveOfBody(true, false);
    expect(actual).toEqual(expected.map((value) => expect.closeTo(value, 5)));
  });
});
