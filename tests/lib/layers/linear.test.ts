// The linear layer: a case computed by hand, more axes, first weights, and inputs that do not fit.
import { describe, expect, test } from "vitest";
import { Generator, Linear, ones, ShapeError, tensor, zeros } from "../../../lib/index.ts";

function layer(): Linear {
  const linear = new Linear({ inFeatures: 2, outFeatures: 3, random: new Generator(1) });
  linear.weight.value = tensor([
    [1, 2, 3],
    [4, 5, 6],
  ]);
  linear.bias.value = tensor([10, 20, 30]);
  return linear;
}

describe("the linear layer", () => {
  test("computes input times weight plus bias", () => {
    const output = layer().forward(
      tensor([
        [1, 0],
        [1, 2],
      ]),
    );
    expect(output.toArray()).toEqual([
      [11, 22, 33],
      [19, 32, 45],
    ]);
  });

  test("sums the weight and bias gradients over the batch", () => {
    const linear = layer();
    linear.forward(
      tensor([
        [1, 0],
        [1, 2],
      ]),
    );
    const gradInput = linear.backward(
      tensor([
        [1, 0, 0],
        [0, 1, 1],
      ]),
    );
    expect(linear.weight.gradient?.toArray()).toEqual([
      [1, 1, 1],
      [0, 2, 2],
    ]);
    expect(linear.bias.gradient?.toArray()).toEqual([1, 1, 1]);
    expect(gradInput.toArray()).toEqual([
      [1, 4],
      [5, 11],
    ]);
  });

  test("treats every position of more axes as an example", () => {
    const linear = layer();
    expect(linear.forward(ones([2, 4, 2])).shape).toEqual([2, 4, 3]);
    expect(linear.backward(ones([2, 4, 3])).shape).toEqual([2, 4, 2]);
    expect(linear.bias.gradient?.toArray()).toEqual([8, 8, 8]);
  });

  test("starts with small random weights from the generator, and no bias", () => {
    const make = (seed: number): Linear =>
      new Linear({ inFeatures: 30, outFeatures: 20, random: new Generator(seed) });
    expect(make(1).weight.value.toArray()).toEqual(make(1).weight.value.toArray());
    expect(make(1).weight.value.toArray()).not.toEqual(make(2).weight.value.toArray());
    expect(make(1).bias.value.toArray()).toEqual(zeros([20]).toArray());
  });

  test("takes another initialiser", () => {
    const linear = new Linear({
      inFeatures: 2,
      outFeatures: 2,
      random: new Generator(1),
      initWeight: (shape) => ones(shape),
    });
    expect(linear.weight.value.toArray()).toEqual([
      [1, 1],
      [1, 1],
    ]);
  });

  test("says what to change when the input has other features", () => {
    expect(() => layer().forward(ones([4, 5]))).toThrow(ShapeError);
    expect(() => layer().forward(ones([4, 5]))).toThrow(
      "Linear(2 -> 3): expects an input of shape [batch, 2], got [4, 5]",
    );
    expect(() => layer().forward(ones([4, 5]))).toThrow("inFeatures: 5");
    expect(() => layer().forward(ones([4, 28, 28]))).toThrow("Put a Flatten in front");
  });
});
