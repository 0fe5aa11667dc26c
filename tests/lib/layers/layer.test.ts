// Layers and parameters as their users see them: accumulation, names, modes, and a layer somebody writes.
import { inspect } from "node:util";
import { describe, expect, test } from "vitest";
import {
  ArgumentError,
  Dropout,
  Generator,
  Layer,
  Linear,
  Parameter,
  ReLU,
  Residual,
  Sequential,
  ShapeError,
  Tanh,
  type Tensor,
  tensor,
} from "../../../lib/index.ts";

describe("a parameter", () => {
  test("adds up the gradients it is given", () => {
    const parameter = new Parameter("bias", tensor([1, 2]));
    parameter.accumulate(tensor([1, 1]));
    parameter.accumulate(tensor([10, 20]));
    expect(parameter.gradient?.toArray()).toEqual([11, 21]);
    expect(parameter.value.toArray()).toEqual([1, 2]);
  });

  test("refuses a gradient of another shape, and sees when it is transposed", () => {
    const weight = new Parameter("weight", tensor([[1, 2, 3]]));
    expect(() => weight.accumulate(tensor([1, 2, 3]))).toThrow(ShapeError);
    expect(() => weight.accumulate(tensor([1, 2, 3]))).toThrow("sum over the batch axis");
    expect(() => weight.accumulate(tensor([[1], [2], [3]]))).toThrow("two axes are swapped");
  });
});

// A layer that passes on what it gets, whatever is in it.
class Around extends Layer {
  override forward(input: Tensor): Tensor {
    return input;
  }

  override backward(gradOutput: Tensor): Tensor {
    return gradOutput;
  }
}

class Block extends Layer {
  readonly inner = new Sequential(
    new Linear({ inFeatures: 2, outFeatures: 3, random: new Generator(1) }),
    new Dropout({ rate: 0.5, random: new Generator(2) }),
  );
  readonly scale = new Parameter("scale", tensor(2));

  override forward(input: Tensor): Tensor {
    return this.inner.forward(input);
  }

  override backward(gradOutput: Tensor): Tensor {
    return this.inner.backward(gradOutput);
  }
}

describe("a layer of layers", () => {
  test("finds parameters in its fields, with their paths", () => {
    const names = new Block().namedParameters().map(([name]) => name);
    expect(names).toEqual(["inner.0.weight", "inner.0.bias", "scale"]);
    expect(new Block().parameterCount).toBe(2 * 3 + 3 + 1);
  });

  test("finds parameters in lists of layers, and counts a shared one once", () => {
    const linear = (): Linear =>
      new Linear({ inFeatures: 2, outFeatures: 2, random: new Generator(1) });
    class Stack extends Around {
      readonly blocks: Layer[] = [linear(), new ReLU()];
      readonly last = linear();
      readonly lastWeight = this.last.weight;
    }
    const names = new Stack().namedParameters().map(([name]) => name);
    expect(names).toEqual([
      "blocks.0.weight",
      "blocks.0.bias",
      "last.weight",
      "last.bias",
      "lastWeight",
    ]);
    expect(new Stack().parameters()).toHaveLength(4);
    expect(new Stack().parameterCount).toBe(12);
    expect(new Stack().eval().blocks[1]!.training).toBe(false);
  });

  test("refuses to walk over one layer in two places, and names both", () => {
    class Twice extends Around {
      readonly activation = new ReLU();
      readonly blocks = [new Residual(new Tanh()), new Residual(this.activation)];
    }
    expect(() => new Twice().train()).toThrow(ArgumentError);
    expect(() => new Twice().train()).toThrow(
      "Twice: each layer must stand in one place, got one ReLU at activation and at blocks.1.block: " +
        "it saves what backward needs of its last forward alone, so that its gradients would be wrong. " +
        "Make a new ReLU for each place.",
    );
  });

  test("switches all layers in it between training and evaluation", () => {
    const block = new Block();
    expect(block.eval().inner.chain[1]!.training).toBe(false);
    expect(block.train().inner.chain[1]!.training).toBe(true);
  });

  test("shows its name and how much there is to learn", () => {
    expect(inspect(new Block())).toBe("Block: 10 parameters");
    expect(new Block().outputShape([1, 2])).toBeUndefined();
    expect(new ReLU().exampleShape).toBeUndefined();
  });
});
