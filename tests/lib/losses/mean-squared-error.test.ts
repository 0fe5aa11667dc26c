// Squared error: its three reductions by hand.
// Covers: lib/losses/loss.ts
import { describe, expect, test } from "vitest";
import { checkGradients, MeanSquaredErrorLoss, tensor } from "../../../lib/index.ts";

const predictions = tensor([
  [1, 2],
  [3, 4],
]);
const targets = tensor([
  [1, 0],
  [0, 4],
]);

describe("squared error", () => {
  test.each([
    ["mean", 13 / 4, [0, 1, 1.5, 0]],
    ["sum", 13, [0, 4, 6, 0]],
    ["half", 6.5, [0, 2, 3, 0]],
  ] as const)("with reduction %s is %d", (reduction, value, gradient) => {
    const loss = new MeanSquaredErrorLoss({ reduction });
    expect(loss.forward(predictions, targets).item()).toBe(value);
    expect(Array.from(loss.backward().toTypedArray())).toEqual(gradient);
    checkGradients(loss, [3, 2], {
      targets: tensor([
        [1, 2],
        [3, 4],
        [5, 6],
      ]),
    });
  });

  test("refuses targets that would broadcast", () => {
    const loss = new MeanSquaredErrorLoss();
    expect(() => loss.forward(predictions, tensor([1, 2]))).toThrow("targets must have the shape");
    expect(loss.toString()).toBe("MeanSquaredErrorLoss");
  });
});
