// Weights as PyTorch keeps them: for each layer the names in a `state_dict`, and the axes where they differ from ours.
import { BatchNorm } from "../layers/batch-norm.ts";
import { MultiHeadAttention } from "../layers/attention.ts";
import type { Layer } from "../layers/layer.ts";
import { Linear } from "../layers/linear.ts";
import { LSTM } from "../layers/lstm.ts";
import { add } from "../ops/arithmetic.ts";
import { transpose } from "../ops/arrange.ts";
import { zeros } from "../ops/creation.ts";
import type { Shape } from "../shape.ts";
import type { Tensor } from "../tensor.ts";

/** How one tensor of a layer stands in a file: as one tensor there, or as several. */
export interface StoredForm {
  /** The names in the file, behind the path of the layer. */
  readonly names: readonly string[];
  /** Shape of each of them, for a tensor of any shape. */
  readonly shapeOf: (shape: Shape) => Shape;
  /** What goes into the file, in the order of `names`. */
  readonly write: (x: Tensor) => Tensor[];
  /** The inverse. */
  readonly read: (stored: readonly Tensor[]) => Tensor;
}

/** How a layer stands in a file. What is not named here keeps its name and its shape. */
export interface LayerLayout {
  /** For tensors of the layer itself, by name. */
  readonly tensors?: Readonly<Record<string, StoredForm>>;
  /** What stands before the names of a layer in it, instead of its own name and a dot. */
  readonly prefixes?: Readonly<Record<string, string>>;
  /** Tensors of the file that this library has no use for: written as an int32 0 `[]`, not read. */
  readonly counters?: readonly string[];
}

/** The same tensor under another name. */
export const sameAs = (name: string): StoredForm => ({
  names: [name],
  shapeOf: (shape) => shape,
  write: (x) => [x],
  read: ([x]) => x!,
});

// [in, out] here, [out, in] there.
const transposedAs = (name: string): StoredForm => ({
  names: [name],
  shapeOf: (shape) => shape.toReversed(),
  write: (x) => [transpose(x)],
  read: ([x]) => transpose(x!),
});

// One bias here, two there, of which only the sum matters.
const sumOf = (first: string, second: string): StoredForm => ({
  names: [first, second],
  shapeOf: (shape) => shape,
  write: (x) => [x, zeros(x.shape, { dtype: x.dtype })],
  read: ([a, b]) => add(a!, b!),
});

type LayerClass = abstract new (...parameters: never[]) => Layer;

// Convolutions (both kinds), embedding and layer normalisation have PyTorch's names and axes already.
const LAYOUTS: readonly (readonly [LayerClass, LayerLayout])[] = [
  [Linear, { tensors: { weight: transposedAs("weight") } }],
  [
    LSTM,
    {
      tensors: {
        weightInput: transposedAs("weight_ih_l0"),
        weightHidden: transposedAs("weight_hh_l0"),
        bias: sumOf("bias_ih_l0", "bias_hh_l0"),
      },
    },
  ],
  [
    BatchNorm,
    {
      tensors: {
        runningMean: sameAs("running_mean"),
        runningVariance: sameAs("running_var"),
      },
      counters: ["num_batches_tracked"],
    },
  ],
  [MultiHeadAttention, { prefixes: { project: "in_proj_", combine: "out_proj." } }],
];

/** How PyTorch stores a layer; a layer of one's own, which it does not know, as it is here. */
export function torchLayoutOf(layer: Layer): LayerLayout {
  return LAYOUTS.find(([layerClass]) => layer instanceof layerClass)?.[1] ?? {};
}
