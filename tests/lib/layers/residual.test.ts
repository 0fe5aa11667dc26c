// Residual connections: two ways for the numbers and for the gradient, and blocks that change the shape.
import { describe, expect, test } from "vitest";
import { Generator, Linear, ones, ReLU, Residual, ShapeError, tensor } from "../../../lib/index.ts";

describe("a residual connection", () => {
  test("adds the block's output to the input, and both gradients", () => {
    const layer = new Residual(new ReLU());
    expect(layer.forward(tensor([-1, 2])).toArray()).toEqual([-1, 4]);
    expect(layer.backward(tensor([10, 10])).toArray()).toEqual([10, 20]);
  });

  test("shows the parameters of its block by path", () => {
    const block = new Linear({ inFeatures: 2, outFeatures: 2, random: new Generator(1) });
    const layer = new Residual(block);
    expect(layer.namedParameters().map(([name]) => name)).toEqual(["block.weight", "block.bias"]);
    expect(layer.exampleShape).toEqual([2]);
    expect(layer.toString()).toBe("Residual(Linear(2 -> 2))");
  });

  test("says what to change when the block changes the shape", () => {
    const block = new Linear({ inFeatures: 2, outFeatures: 3, random: new Generator(1) });
    expect(() => new Residual(block).forward(ones([1, 2]))).toThrow(ShapeError);
    expect(() => new Residual(block).forward(ones([1, 2]))).toThrow("Linear(2 -> 3)");
  });
});
