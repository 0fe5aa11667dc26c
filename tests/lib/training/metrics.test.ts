// Predictions, accuracy and the confusion matrix, counted by hand.
// Covers: lib/training/predict.ts, lib/training/confusion-matrix.ts
import { inspect } from "node:util";
import { describe, expect, test } from "vitest";
import {
  accuracy,
  confusionMatrix,
  Dataset,
  Dropout,
  Generator,
  Layer,
  predict,
  reshape,
  Sequential,
  ShapeError,
  tensor,
  type Tensor,
} from "../../../lib/index.ts";

/** Says its input, so that the input decides the class. */
class Echo extends Layer {
  readonly batchSizes: number[] = [];

  override forward(input: Tensor): Tensor {
    this.batchSizes.push(input.shape[0]!);
    return input;
  }

  override backward(gradOutput: Tensor): Tensor {
    return gradOutput;
  }
}

// Predicted classes 0, 1, 1, 2, 0
const scores = tensor([
  [5, 1, 0],
  [0, 3, 1],
  [1, 2, 0],
  [0, 0, 9],
  [2, 1, 1],
]);
const targets = tensor([0, 1, 2, 2, 0], { dtype: "int32" });
const data = new Dataset(scores, targets);

describe("predict", () => {
  test("asks in batches and keeps the order", () => {
    const model = new Echo();
    expect(predict(model, data, { batchSize: 2 }).toArray()).toEqual(scores.toArray());
    expect(model.batchSizes).toEqual([2, 2, 1]);
    expect(predict(model, scores).toArray()).toEqual(scores.toArray());
  });

  test("runs in evaluation mode, and puts every layer's mode back", () => {
    const dropout = new Dropout({ rate: 0.9, random: new Generator(1) });
    const frozen = new Echo().eval();
    const model = new Sequential(dropout, frozen);
    expect(predict(model, scores).toArray()).toEqual(scores.toArray());
    expect([model.training, dropout.training, frozen.training]).toEqual([true, true, false]);
  });
});

describe("accuracy", () => {
  test("is the share of right classes, of a model or of predictions", () => {
    expect(accuracy(new Echo(), data)).toBe(0.8);
    expect(accuracy(scores, targets)).toBe(0.8);
    expect(accuracy(scores, data)).toBe(0.8);
  });

  test("refuses what does not fit", () => {
    expect(() => accuracy(scores, tensor([0, 1], { dtype: "int32" }))).toThrow(ShapeError);
    expect(() => accuracy(new Echo(), targets)).toThrow("Pass the data set");
    const column = reshape(targets, [5, 1]);
    expect(() => accuracy(scores, column)).toThrow("targets [examples], got [5, 3] and [5, 1]");
    expect(() => accuracy(scores, undefined as never)).toThrow("Write accuracy(model, test)");
    expect(() => accuracy([[1, 0]] as never, targets)).toThrow("got an array and a value of class");
  });
});

describe("the confusion matrix", () => {
  const matrix = confusionMatrix(new Echo(), data, { names: ["cat", "dog", "owl"] });

  test("counts right classes in rows and predicted ones in columns", () => {
    expect(matrix.counts).toEqual([
      [2, 0, 0],
      [0, 1, 0],
      [0, 1, 1],
    ]);
    expect(matrix.tensor.toArray()).toEqual(matrix.counts);
  });

  test("knows accuracy, recall and precision", () => {
    expect([matrix.accuracy, matrix.total]).toEqual([0.8, 5]);
    expect(matrix.recall).toEqual([1, 1, 0.5]);
    expect(matrix.precision).toEqual([1, 0.5, 1]);
  });

  test("has a row for a class that was never seen", () => {
    const five = confusionMatrix(scores, targets, { names: ["a", "b", "c", "d", "e"] });
    expect(five.counts[4]).toEqual([0, 0, 0, 0, 0]);
    expect([five.recall[4], five.precision[4]]).toEqual([Number.NaN, Number.NaN]);
  });

  test("shows itself as text and as a shaded table", () => {
    expect(inspect(matrix)).toBe(matrix.toString());
    expect(matrix.toString().split("\n")[0]).toBe(
      "Confusion matrix: 80.0 % of 5 right (rows: right class, columns: predicted)",
    );
    expect(matrix.toString()).toMatch(/owl +0 +1 +1 +50.0 %/);
    expect(matrix.toMimeBundle()["text/html"]).toContain("rgba(198, 40, 40");
  });
});
