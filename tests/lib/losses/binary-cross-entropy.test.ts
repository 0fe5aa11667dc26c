// Binary cross-entropy: cases computed by hand, both forms agree, and the ends are finite.
import { describe, expect, test } from "vitest";
import {
  BinaryCrossEntropyLoss,
  DTypeError,
  ShapeError,
  sigmoid,
  tensor,
} from "../../../lib/index.ts";
import { expectClose, TOLERANCE } from "../../support/expect-close.ts";

describe("binary cross-entropy", () => {
  test("is the mean surprise about yes or no", () => {
    // sigmoid(log 3) = 3/4: yes surprises by log(4/3), no by log 4.
    const loss = new BinaryCrossEntropyLoss();
    const value = loss.forward(tensor([Math.log(3), Math.log(3)]), tensor([1, 0]));
    const expected = (Math.log(4 / 3) + Math.log(4)) / 2;
    expectClose(value, { shape: [], data: [expected] }, TOLERANCE.float32);
    expectClose(loss.backward(), { shape: [2], data: [-1 / 8, 3 / 8] }, TOLERANCE.float32);
  });

  test("says the same of logits and of their probabilities", () => {
    const logits = tensor([-2, 0.5, 3]);
    const targets = tensor([0, 1, 0.25]);
    const fromLogits = new BinaryCrossEntropyLoss().forward(logits, targets);
    const loss = new BinaryCrossEntropyLoss({ from: "probabilities" });
    const fromProbabilities = loss.forward(sigmoid(logits), targets);
    expect(fromProbabilities.item()).toBeCloseTo(fromLogits.item(), 6);
    expect(String(loss)).toBe("BinaryCrossEntropyLoss(from probabilities)");
  });

  test("stays finite for huge logits and for probabilities of 0 and 1", () => {
    const targets = tensor([1, 0]);
    const loss = new BinaryCrossEntropyLoss();
    expect(loss.forward(tensor([-1000, 1000]), targets).item()).toBe(1000);
    expect(loss.backward().toArray()).toEqual([-0.5, 0.5]);
    const atTheEnds = new BinaryCrossEntropyLoss({ from: "probabilities" });
    expect(atTheEnds.forward(tensor([0, 1]), targets).item()).toBe(100);
    expect((atTheEnds.backward().toArray() as number[]).every(Number.isFinite)).toBe(true);
    expect(atTheEnds.forward(targets, targets).item()).toBe(0);
  });

  test("refuses class indices, which are no numbers in 0..1", () => {
    const targets = tensor([1, 0], { dtype: "int32" });
    const forward = () => new BinaryCrossEntropyLoss().forward(tensor([1, 2]), targets);
    expect(forward).toThrow(DTypeError);
    expect(forward).toThrow('cast(targets, "float32")');
  });

  test("refuses targets of another shape, which would be compared each with all", () => {
    const loss = new BinaryCrossEntropyLoss();
    expect(() => loss.forward(tensor([[1], [2]]), tensor([1, 0]))).toThrow(ShapeError);
    expect(() => loss.forward(tensor([[1], [2]]), tensor([1, 0]))).toThrow(
      "reshape(targets, [2, 1])",
    );
  });
});
