// Weights that PyTorch saved: its networks, built of our layers, take them and give PyTorch's outputs; and the other way.
// Covers: lib/interchange/torch-layout.ts
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import {
  add,
  BatchNorm,
  Conv2d,
  ConvTranspose2d,
  Embedding,
  Flatten,
  Generator,
  Layer,
  LayerNorm,
  Linear,
  loadWeights,
  LSTM,
  MaxPool2d,
  MultiHeadAttention,
  readNpz,
  ReLU,
  Sequential,
  stateDict,
  type Tensor,
} from "../../lib/index.ts";
import { expectClose } from "../support/expect-close.ts";

const path = (name: string): string =>
  fileURLToPath(new URL(`../golden/interchange/${name}.npz`, import.meta.url));

// As in tests/golden/torch_weights.py.
class Words extends Layer {
  readonly embedding: Embedding;
  readonly lstm: LSTM;
  readonly attention: MultiHeadAttention;
  readonly norm = new LayerNorm({ features: 8 });
  readonly head: Linear;

  constructor() {
    super();
    const random = new Generator(1);
    this.embedding = new Embedding({ vocabularySize: 11, features: 6, random });
    this.lstm = new LSTM({ inFeatures: 6, hiddenSize: 8, random });
    this.attention = new MultiHeadAttention({ features: 8, heads: 2, causal: true, random });
    this.head = new Linear({ inFeatures: 8, outFeatures: 5, random });
  }

  forward(words: Tensor): Tensor {
    const hidden = this.lstm.forward(this.embedding.forward(words));
    return this.head.forward(this.norm.forward(add(hidden, this.attention.forward(hidden))));
  }

  backward(gradOutput: Tensor): Tensor {
    return gradOutput;
  }
}

function images(): Sequential {
  const random = new Generator(1);
  return new Sequential(
    new Conv2d({
      inChannels: 2,
      outChannels: 4,
      kernelSize: [3, 2],
      stride: 2,
      padding: 1,
      groups: 2,
      random,
    }),
    new BatchNorm({ channels: 4 }),
    new ReLU(),
    new ConvTranspose2d({
      inChannels: 4,
      outChannels: 3,
      kernelSize: 3,
      stride: 2,
      outputPadding: 1,
      random,
    }),
    new MaxPool2d({ kernelSize: 2 }),
    new Flatten(),
    new Linear({ inFeatures: 72, outFeatures: 7, random }),
  );
}

describe.each([
  ["torch-images", images],
  ["torch-words", () => new Words()],
] as const)("the network of %s", (name, build) => {
  test("gives PyTorch's outputs with PyTorch's weights", async () => {
    const model = build().eval();
    const { input, output } = Object.fromEntries(readNpz(readFileSync(path(`${name}-example`))));
    await loadWeights(model, path(name), { layout: "torch" });
    const expected = { shape: output!.shape, data: output!.toTypedArray() };
    // Sums of up to 72 products in another order.
    expectClose(model.forward(input!), expected, 2e-6);
  });

  test("has PyTorch's names, shapes and numbers when it gives them back", async () => {
    const model = build();
    await loadWeights(model, path(name), { layout: "torch" });
    const theirs = readNpz(readFileSync(path(name)));
    const ours = stateDict(model, { layout: "torch" });
    const shapes = (tensors: ReadonlyMap<string, Tensor>) =>
      Object.fromEntries([...tensors].map(([key, { shape, dtype }]) => [key, [dtype, shape]]));
    expect(shapes(ours)).toEqual(shapes(theirs));
    // Of the two biases of an LSTM only the sum is known here, and batches are not counted.
    const isKept = (key: string): boolean => !/bias_.h_l0|num_batches/.test(key);
    for (const [key, tensor] of ours) {
      if (isKept(key))
        expectClose(tensor, { shape: tensor.shape, data: theirs.get(key)!.toTypedArray() }, 0);
    }
  });
});
