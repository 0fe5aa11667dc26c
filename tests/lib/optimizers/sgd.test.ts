// Gradient descent: steps computed by hand, and settings that make no sense.
import { describe, expect, test } from "vitest";
import { ArgumentError, Parameter, SGD, type SgdOptions, tensor } from "../../../lib/index.ts";

function weightsAfterSteps(steps: number, options: SgdOptions): number[] {
  const weight = new Parameter("weight", tensor([8], { dtype: "float64" }));
  const optimizer = new SGD([weight], options);
  return Array.from({ length: steps }, () => {
    weight.accumulate(tensor([2], { dtype: "float64" }));
    optimizer.step();
    return (weight.value.toArray() as number[])[0]!;
  });
}

describe("gradient descent", () => {
  test("walks against the gradient", () => {
    expect(weightsAfterSteps(2, { learningRate: 0.5 })).toEqual([7, 6]);
  });

  test("gathers speed with momentum", () => {
    // v: 2, 3, 3.5
    expect(weightsAfterSteps(3, { learningRate: 1, momentum: 0.5 })).toEqual([6, 3, -0.5]);
  });

  test("looks ahead with Nesterov's momentum", () => {
    // g + 0.5 v: 3, 3.5
    const options = { learningRate: 1, momentum: 0.5, nesterov: true };
    expect(weightsAfterSteps(2, options)).toEqual([5, 1.5]);
  });

  test("pulls weights towards 0 with weight decay", () => {
    // 8 - 0.5 (2 + 0.25 * 8)
    expect(weightsAfterSteps(1, { learningRate: 0.5, weightDecay: 0.25 })).toEqual([6]);
  });

  test.each([
    [{ learningRate: 0 }, "learningRate must be a positive number; got 0"],
    [{ learningRate: Number.NaN }, "learningRate must be a positive number"],
    [{ learningRate: 0.1, momentum: 1.5 }, "momentum must be in 0..1; got 1.5"],
    [{ learningRate: 0.1, weightDecay: -1 }, "weightDecay must be 0 or more; got -1"],
    [{ learningRate: 0.1, nesterov: true }, "{ momentum: 0.9, nesterov: true }"],
  ])("refuses %j", (options, message) => {
    expect(() => weightsAfterSteps(1, options)).toThrow(ArgumentError);
    expect(() => weightsAfterSteps(1, options)).toThrow(message);
  });
});
