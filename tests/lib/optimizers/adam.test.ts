// Adam and AdamW: what their formulas say of the first steps, and how their weight decay differs.
// Covers: lib/optimizers/adamw.ts, lib/optimizers/optimizer.ts
import { describe, expect, test } from "vitest";
import {
  Adam,
  type AdamOptions,
  AdamW,
  ArgumentError,
  Parameter,
  tensor,
} from "../../../lib/index.ts";

function moved(Kind: typeof Adam, options: AdamOptions, gradients: readonly number[]): number {
  const weight = new Parameter("weight", tensor([1], { dtype: "float64" }));
  const optimizer = new Kind([weight], options);
  for (const gradient of gradients) {
    weight.accumulate(tensor([gradient], { dtype: "float64" }));
    optimizer.step();
  }
  return (weight.value.toArray() as number[])[0]! - 1;
}

describe("Adam", () => {
  test.each([1e-6, 1, 1e6])(
    "starts with a step of the learning rate for a gradient of %d",
    (size) => {
      const options = { learningRate: 0.01, epsilon: 0 };
      expect(moved(Adam, options, [size])).toBeCloseTo(-0.01, 10);
      expect(moved(Adam, options, [-size])).toBeCloseTo(0.01, 10);
    },
  );

  test("keeps that size while the gradient stays the same", () => {
    expect(moved(Adam, { learningRate: 0.01, epsilon: 0 }, [3, 3, 3, 3])).toBeCloseTo(-0.04, 10);
  });

  test("has a learning rate of 0.001 unless told otherwise", () => {
    expect(moved(Adam, {}, [1])).toBeCloseTo(-0.001, 8);
  });

  test.each([
    [{ beta1: 1 }, "beta1 must be in 0..0.999"],
    [{ beta2: -0.1 }, "beta2 must be"],
    [{ epsilon: -1 }, "epsilon must be 0 or more"],
    [{ learningRate: -1 }, "learningRate must be a positive number"],
  ])("refuses %j", (options, message) => {
    expect(() => moved(Adam, options, [1])).toThrow(ArgumentError);
    expect(() => moved(Adam, options, [1])).toThrow(message);
  });
});

describe("AdamW", () => {
  test("shrinks the weight by learningRate * weightDecay beside Adam's step", () => {
    const options = { learningRate: 0.01, epsilon: 0, weightDecay: 0.5 };
    expect(moved(AdamW, options, [1])).toBeCloseTo(-0.01 - 0.005, 10);
    // In Adam the penalty only changes the gradient, whose size the first step ignores.
    expect(moved(Adam, options, [1])).toBeCloseTo(-0.01, 10);
  });

  test("decays by 0.01 unless told otherwise", () => {
    const optimizer = new AdamW([new Parameter("weight", tensor([1]))]);
    expect(optimizer.weightDecay).toBe(0.01);
  });
});

describe("the progress of an optimizer", () => {
  const adam = (): Adam => new Adam([new Parameter("weight", tensor([1]))]);

  test("counts steps, and moves of each parameter", () => {
    const optimizer = adam();
    expect(optimizer.progress).toEqual({ stepCount: 0, learningRate: 0.001, moves: [0] });
    optimizer.parameters[0]!.accumulate(tensor([1]));
    optimizer.step();
    expect(optimizer.progress).toEqual({ stepCount: 1, learningRate: 0.001, moves: [1] });
  });

  test("is refused by one with other parameters, which then stays as it is", () => {
    const optimizer = adam();
    for (const moves of [[], [1, 2], [-1], [0.5], undefined]) {
      const progress = { stepCount: 3, learningRate: 0.1, moves } as Adam["progress"];
      expect(() => optimizer.resume(progress)).toThrow(ArgumentError);
      expect(() => optimizer.resume(progress)).toThrow("a count for each of 1 parameters");
    }
    expect(optimizer.progress).toEqual(adam().progress);
  });
});
