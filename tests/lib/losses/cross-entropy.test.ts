// Cross-entropy: cases computed by hand, huge logits, and targets that do not fit.
import { describe, expect, test } from "vitest";
import {
  ArgumentError,
  CrossEntropyLoss,
  DTypeError,
  ShapeError,
  tensor,
} from "../../../lib/index.ts";
import { expectClose, TOLERANCE } from "../../support/expect-close.ts";

const classes = (...values: number[]) => tensor(values, { dtype: "int32" });

describe("cross-entropy", () => {
  test("is the surprise about the right class, averaged over the batch", () => {
    // Probabilities 1/8, 2/8, 5/8 in both rows.
    const row = [0, Math.log(2), Math.log(5)];
    const loss = new CrossEntropyLoss();
    const value = loss.forward(tensor([row, row]), classes(0, 2));
    const expected = (Math.log(8) + Math.log(8 / 5)) / 2;
    expectClose(value, { shape: [], data: [expected] }, TOLERANCE.float32);
    const gradient = [-7 / 16, 2 / 16, 5 / 16, 1 / 16, 2 / 16, -3 / 16];
    expectClose(loss.backward(), { shape: [2, 3], data: gradient }, TOLERANCE.float32);
  });

  test("is log of the number of classes when nothing is known", () => {
    const value = new CrossEntropyLoss().forward(tensor([[0, 0, 0, 0]]), classes(3));
    expect(value.item()).toBeCloseTo(Math.log(4), 6);
  });

  test("stays exact where a probability rounds to 0", () => {
    const loss = new CrossEntropyLoss();
    expect(loss.forward(tensor([[1000, 0]]), classes(1)).item()).toBe(1000);
    expect(loss.backward().toArray()).toEqual([[1, -1]]);
  });

  test("sums instead of averaging when asked", () => {
    const row = [0, 0];
    const value = new CrossEntropyLoss({ reduction: "sum" }).forward(
      tensor([row, row]),
      classes(0, 1),
    );
    expect(value.item()).toBeCloseTo(2 * Math.log(2), 6);
  });

  test("refuses targets that are no class indices", () => {
    const logits = tensor([[1, 2, 3]]);
    const loss = new CrossEntropyLoss();
    expect(() => loss.forward(logits, tensor([1]))).toThrow(DTypeError);
    expect(() => loss.forward(logits, tensor([1]))).toThrow('cast(targets, "int32")');
    expect(() => loss.forward(logits, tensor([[0, 0, 1]]))).toThrow(ShapeError);
    expect(() => loss.forward(logits, classes(0, 1))).toThrow("Give each row of logits one target");
    expect(() => loss.forward(logits, classes(3))).toThrow(ArgumentError);
  });
});
