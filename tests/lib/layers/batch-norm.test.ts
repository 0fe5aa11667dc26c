// Normalisation layers: cases computed by hand, running statistics, and inputs that do not fit.
// Covers: lib/layers/layer-norm.ts
import { describe, expect, test } from "vitest";
import { BatchNorm, LayerNorm, ones, Sequential, ShapeError, tensor } from "../../../lib/index.ts";
import { expectClose } from "../../support/expect-close.ts";

describe("batch normalisation", () => {
  const batch = tensor([
    [1, 10],
    [3, 30],
  ]);

  test("brings each channel to mean 0 and variance 1 while training", () => {
    const output = new BatchNorm({ channels: 2, epsilon: 0 }).forward(batch);
    expectClose(output, { shape: [2, 2], data: [-1, -1, 1, 1] }, 1e-6);
  });

  test("keeps running statistics, with the variance of all data", () => {
    const layer = new BatchNorm({ channels: 2, momentum: 0.5 });
    layer.forward(batch);
    // mean: half of 0 and half of 2; variance: half of 1 and half of 2 = ((1 - 2)² + (3 - 2)²) / 1
    expect(layer.runningMean.value.toArray()).toEqual([1, 10]);
    expect(layer.runningVariance.value.toArray()).toEqual([1.5, 100.5]);
    expect(new Sequential(layer).states()).toEqual([layer.runningMean, layer.runningVariance]);
    expect(layer.parameters()).toEqual([layer.weight, layer.bias]);
  });

  test("uses them in evaluation, and leaves them alone", () => {
    const layer = new BatchNorm({ channels: 2, epsilon: 0 }).eval();
    layer.runningMean.value = tensor([1, 10]);
    layer.runningVariance.value = tensor([4, 100]);
    expect(layer.forward(batch).toArray()).toEqual([
      [0, 0],
      [1, 2],
    ]);
    expect(layer.runningMean.value.toArray()).toEqual([1, 10]);
    // No statistic depends on the input: the gradient is only stretched.
    expect(layer.backward(ones([2, 2])).toArray()).toEqual([
      [0.5, expect.closeTo(0.1, 6)],
      [0.5, expect.closeTo(0.1, 6)],
    ]);
  });

  test("says what to change for other channels or a batch of one", () => {
    const layer = new BatchNorm({ channels: 2 });
    expect(() => layer.forward(ones([4, 3]))).toThrow(ShapeError);
    expect(() => layer.forward(ones([4, 3]))).toThrow("channels: 3");
    expect(() => layer.forward(ones([1, 2]))).toThrow("to predict, call eval() before");
    expect(layer.eval().forward(ones([1, 2])).shape).toEqual([1, 2]);
  });
});

describe("layer normalisation", () => {
  test("brings each position to mean 0 and variance 1, whatever the others are", () => {
    const layer = new LayerNorm({ features: 2, epsilon: 0 });
    layer.weight.value = tensor([1, 10]);
    layer.bias.value = tensor([0, 5]);
    const output = layer.forward(
      tensor([
        [1, 3],
        [100, -100],
      ]),
    );
    expectClose(output, { shape: [2, 2], data: [-1, 15, 1, -5] }, 1e-5);
  });

  test("gives no gradient to a change that normalisation takes out", () => {
    const layer = new LayerNorm({ features: 3 });
    layer.forward(tensor([[1, 2, 4]]));
    const gradInput = layer.backward(tensor([[1, 1, 1]]));
    expectClose(gradInput, { shape: [1, 3], data: [0, 0, 0] }, 1e-6);
  });

  test("says what to change when the last axis has another length", () => {
    const layer = new LayerNorm({ features: 3 });
    expect(() => layer.forward(ones([2, 4]))).toThrow(ShapeError);
    expect(() => layer.forward(ones([2, 4]))).toThrow("LayerNorm(3)");
  });
});
