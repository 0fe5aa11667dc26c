// State dicts: weights leave a model and come back, under gradlab's names or PyTorch's, all of them or none.
// Covers: lib/interchange/torch-layout.ts
import { describe, expect, onTestFinished, test } from "vitest";
import {
  ArgumentError,
  BatchNorm,
  compile,
  Conv2d,
  ConvTranspose2d,
  DataError,
  Embedding,
  FeedForward,
  Flatten,
  Generator,
  Layer,
  LayerNorm,
  Linear,
  loadStateDict,
  LSTM,
  matmul,
  MeanSquaredErrorLoss,
  MultiHeadAttention,
  ones,
  Parameter,
  ReLU,
  Residual,
  Sequential,
  SGD,
  stateDict,
  tensor,
  type Tensor,
} from "../../../lib/index.ts";
import { numbers, toTensor } from "../../support/arrays.ts";

const LAYOUTS = ["gradlab", "torch"] as const;

const linear = (inFeatures: number, outFeatures: number, seed = 1): Linear =>
  new Linear({ inFeatures, outFeatures, random: new Generator(seed) });

/** A model with a layer of every kind that has weights. */
function everything(seed: number): Sequential {
  const random = new Generator(seed);
  return new Sequential(
    new Conv2d({ inChannels: 2, outChannels: 4, kernelSize: [3, 2], groups: 2, random }),
    new BatchNorm({ channels: 4 }),
    new ReLU(),
    new ConvTranspose2d({ inChannels: 4, outChannels: 3, kernelSize: 2, random }),
    new Flatten(),
    new Linear({ inFeatures: 5, outFeatures: 6, random }),
    new Embedding({ vocabularySize: 7, features: 6, random }),
    new LSTM({ inFeatures: 6, hiddenSize: 4, random }),
    new MultiHeadAttention({ features: 4, heads: 2, random }),
    new LayerNorm({ features: 4 }),
    new Residual(new FeedForward({ features: 4, random })),
  );
}

const shapes = (tensors: ReadonlyMap<string, Tensor>): Record<string, readonly number[]> =>
  Object.fromEntries([...tensors].map(([name, { shape }]) => [name, shape]));

const values = (tensors: ReadonlyMap<string, Tensor>): unknown =>
  Object.fromEntries([...tensors].map(([name, x]) => [name, x.toArray()]));

/** Every tensor of the model becomes another one. */
function scramble(model: Layer): void {
  const slots = [...model.parameters(), ...model.states()];
  for (const [seed, slot] of slots.entries())
    slot.value = toTensor(numbers(slot.value.shape, seed));
}

function failure(action: () => void): DataError {
  try {
    action();
  } catch (error) {
    if (error instanceof DataError) return error;
    throw error;
  }
  return expect.fail("nothing was refused");
}

describe("the weights of a model", () => {
  test.each(LAYOUTS)("leave it and come back with every kind of layer, as in %s", (layout) => {
    const [model, other] = [everything(1), everything(2)];
    scramble(model);
    loadStateDict(other, stateDict(model, { layout }), { layout });
    expect(values(stateDict(other))).toEqual(values(stateDict(model)));
  });

  test("have the names and shapes of the model", () => {
    const model = new Sequential(linear(2, 3), new BatchNorm({ channels: 3 }));
    expect(shapes(stateDict(model))).toEqual({
      "0.weight": [2, 3],
      "0.bias": [3],
      "1.weight": [3],
      "1.bias": [3],
      "1.runningMean": [3],
      "1.runningVariance": [3],
    });
  });

  test("are those that training goes on from, and stay as they were", () => {
    const model = linear(2, 1);
    const before = stateDict(model);
    const numbersBefore = values(before);
    scramble(model);
    expect(values(before)).toEqual(numbersBefore);
    expect(values(stateDict(model))).not.toEqual(numbersBefore);
  });

  test("of a model of one's own have the names of its fields", () => {
    class Block extends Layer {
      readonly scale = new Parameter("scale", tensor([1, 2]));
      readonly parts = [linear(2, 2, 1), linear(2, 2, 2)];
      forward(input: Tensor): Tensor {
        return input;
      }
      backward(gradOutput: Tensor): Tensor {
        return gradOutput;
      }
    }
    const names = ["scale", "parts.0.weight", "parts.0.bias", "parts.1.weight", "parts.1.bias"];
    for (const layout of LAYOUTS)
      expect([...stateDict(new Block(), { layout }).keys()]).toEqual(names);
  });
});

describe("the layout of PyTorch", () => {
  test("has its names and shapes", () => {
    // What torch 1.13 prints for the same layers is in tests/golden/interchange; here are the rules one by one.
    expect(shapes(stateDict(everything(1), { layout: "torch" }))).toEqual({
      "0.weight": [4, 1, 3, 2],
      "0.bias": [4],
      "1.weight": [4],
      "1.bias": [4],
      "1.running_mean": [4],
      "1.running_var": [4],
      "1.num_batches_tracked": [],
      "3.weight": [4, 3, 2, 2],
      "3.bias": [3],
      "5.weight": [6, 5],
      "5.bias": [6],
      "6.weight": [7, 6],
      "7.weight_ih_l0": [16, 6],
      "7.weight_hh_l0": [16, 4],
      "7.bias_ih_l0": [16],
      "7.bias_hh_l0": [16],
      "8.in_proj_weight": [12, 4],
      "8.in_proj_bias": [12],
      "8.out_proj.weight": [4, 4],
      "8.out_proj.bias": [4],
      "9.weight": [4],
      "9.bias": [4],
      "10.block.0.weight": [16, 4],
      "10.block.0.bias": [16],
      "10.block.2.weight": [4, 16],
      "10.block.2.bias": [4],
    });
  });

  test("has a linear layer's weight with its axes exchanged", () => {
    const layer = linear(2, 3);
    layer.weight.value = tensor([
      [1, 2, 3],
      [4, 5, 6],
    ]);
    expect(stateDict(layer, { layout: "torch" }).get("weight")!.toArray()).toEqual([
      [1, 4],
      [2, 5],
      [3, 6],
    ]);
  });

  test("has two biases in an LSTM, of which the sum counts", () => {
    const layer = new LSTM({ inFeatures: 1, hiddenSize: 1, random: new Generator(1) });
    const stored = stateDict(layer, { layout: "torch" });
    expect(stored.get("bias_ih_l0")!.toArray()).toEqual([0, 1, 0, 0]);
    expect(stored.get("bias_hh_l0")!.toArray()).toEqual([0, 0, 0, 0]);
    stored.set("bias_ih_l0", tensor([1, 2, 3, 4])).set("bias_hh_l0", tensor([10, 20, 30, 40]));
    loadStateDict(layer, stored, { layout: "torch" });
    expect(layer.bias.value.toArray()).toEqual([11, 22, 33, 44]);
  });

  test("counts batches in batch normalisation, which may be missing and is not read", () => {
    const layer = new BatchNorm({ channels: 2 });
    const stored = stateDict(layer, { layout: "torch" });
    expect(stored.get("num_batches_tracked")!.dtype).toBe("int32");
    stored.delete("num_batches_tracked");
    stored.set("running_mean", tensor([5, 6]));
    loadStateDict(layer, stored, { layout: "torch" });
    expect(layer.runningMean.value.toArray()).toEqual([5, 6]);
  });

  test("holds for a layer derived from one of ours, and not for one of one's own", () => {
    class Wide extends Linear {}
    class Own extends Layer {
      readonly weight = new Parameter("weight", ones([2, 3]));
      forward(input: Tensor): Tensor {
        return matmul(input, this.weight.value);
      }
      backward(gradOutput: Tensor): Tensor {
        return gradOutput;
      }
    }
    const wide = new Wide({ inFeatures: 2, outFeatures: 3, random: new Generator(1) });
    expect(stateDict(wide, { layout: "torch" }).get("weight")!.shape).toEqual([3, 2]);
    expect(stateDict(new Own(), { layout: "torch" }).get("weight")!.shape).toEqual([2, 3]);
  });
});

describe("what does not fit", () => {
  const model = (): Sequential => new Sequential(linear(2, 3), new ReLU(), linear(3, 1));

  test("is told in one error, and nothing is changed", () => {
    const target = model();
    const before = values(stateDict(target));
    const wrong = stateDict(target);
    wrong.delete("0.bias");
    wrong.set("2.weight", ones([3, 2])).set("2.bias", tensor([1], { dtype: "int32" }));
    wrong.set("extra", ones([1])).set("0.weight", ones([2, 3]));
    const { message } = failure(() => loadStateDict(target, wrong));
    for (const problem of [
      "0.bias is missing",
      "2.weight must be float32 [3, 1], got float32 [3, 2]",
      "2.bias must be float32 [1], got int32 [1]",
      "extra is unexpected",
    ]) {
      expect(message).toContain(`\n  ${problem}\n`);
    }
    expect(message).not.toContain("0.weight");
    expect(message).toContain("The model is unchanged. Build the model as it was");
    expect(values(stateDict(target))).toEqual(before);
  });

  test.each([
    ["gradlab", "torch"],
    ["torch", "gradlab"],
  ] as const)("but would with the other layout is told so: %s instead of %s", (layout, other) => {
    const stored = stateDict(model(), { layout: other });
    expect(failure(() => loadStateDict(model(), stored, { layout })).message).toContain(
      `They fit with the other layout: pass { layout: "${other}" }.`,
    );
  });

  test("in its number type is rounded where both are floats, and refused otherwise", () => {
    const target = linear(1, 1);
    const stored = (value: Tensor) =>
      new Map([
        ["weight", value],
        ["bias", tensor([2])],
      ]);
    loadStateDict(target, stored(tensor([[0.1]], { dtype: "float64" })));
    expect([target.weight.value.dtype, target.weight.value.item()]).toEqual([
      "float32",
      Math.fround(0.1),
    ]);
    const whole = stored(tensor([[1]], { dtype: "int32" }));
    expect(failure(() => loadStateDict(target, whole)).message).toContain(
      "weight must be float32 [1, 1], got int32 [1, 1]",
    );
  });

  test("is listed up to 20 problems, in one line each", () => {
    const others = Array.from({ length: 5000 }, (_, index) => [`a\n${index}`, ones([1])] as const);
    let message = "";
    try {
      loadStateDict(linear(1, 1), new Map(others));
    } catch (error) {
      message = (error as Error).message;
    }
    expect(message.split("\n")).toHaveLength(1 + 20 + 1 + 1);
    expect(message).toContain("  weight is missing\n  bias is missing\n");
    expect(message).toContain(String.raw`"a\n0" is unexpected`);
    expect(message).toContain("  and 4982 more like these\nThe model is unchanged.");
  });

  test("is an argument error where it is no model, no map or no layout", () => {
    const other = {} as Linear;
    expect(() => stateDict(other)).toThrow(ArgumentError);
    expect(() => stateDict(other)).toThrow("expects a model, got an object. Pass a layer");
    const plain = { weight: ones([1]) } as unknown as Map<string, Tensor>;
    expect(() => loadStateDict(model(), plain)).toThrow("new Map(Object.entries(tensors))");
    const arrays = new Map([
      ["weight", [[1]]],
      ["bias", [1]],
    ]) as unknown as Map<string, Tensor>;
    expect(() => loadStateDict(linear(1, 1), arrays)).toThrow(
      '"weight": expects a tensor, got an array',
    );
    const layout = "keras" as "torch";
    expect(() => stateDict(model(), { layout })).toThrow(
      'must be "gradlab" or "torch", got "keras"',
    );
    expect(() => stateDict(model(), { layout: "toString" as "torch" })).toThrow(ArgumentError);
  });
});

describe("a parameter that two layers share", () => {
  const shared = (seed: number): Sequential => {
    const { weight, bias } = linear(2, 2, seed);
    const tied = (): Linear => Object.assign(linear(2, 2, seed), { weight, bias });
    return new Sequential(tied(), new ReLU(), tied());
  };

  test("has both names, of which one is enough", () => {
    const stored = stateDict(shared(1));
    expect([...stored.keys()]).toEqual(["0.weight", "0.bias", "2.weight", "2.bias"]);
    const other = shared(2);
    stored.delete("0.weight");
    stored.delete("2.bias");
    loadStateDict(other, stored);
    expect(values(stateDict(other))).toEqual(values(stateDict(shared(1))));
  });

  test("cannot have two values", () => {
    const stored = stateDict(shared(1));
    stored.set("2.bias", tensor([1, 2]));
    expect(failure(() => loadStateDict(shared(2), stored)).message).toContain(
      "2.bias must hold the same numbers as the other name of the parameter",
    );
  });
});

test("a compiled step works with the new weights from its next run on", async () => {
  const model = linear(1, 1);
  const loss = new MeanSquaredErrorLoss();
  const optimizer = new SGD(model.parameters(), { learningRate: 0.1 });
  type Batch = { inputs: Tensor; targets: Tensor };
  const step = compile(
    ({ inputs, targets }: Batch) => {
      const predictions = model.forward(inputs);
      const value = loss.forward(predictions, targets);
      model.backward(loss.backward());
      optimizer.step();
      return { loss: value, predictions };
    },
    { model, optimizer, worker: false },
  );
  onTestFinished(() => step.dispose());
  const batch = { inputs: tensor([[2]]), targets: tensor([[0]]) };
  await step.run(batch);
  const next = new Map([
    ["weight", tensor([[3]])],
    ["bias", tensor([0.5])],
  ]);
  loadStateDict(model, next);
  expect([...(await step.run(batch)).predictions]).toEqual([6.5]);
  await step.sync();
  // loss = (2 w + b)², so w changes by -0.1 * 2 * 6.5 * 2
  expect(model.weight.value.item()).toBeCloseTo(3 - 2.6, 5);
});
