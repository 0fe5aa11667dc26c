// Attention: every position looks at all others and takes a mean of them, weighted by how well they match.
import { checkCount, checkOptions } from "../check.ts";
import { checkGradOutput, checkHeads, checkMask, checkSequence } from "../layer-check.ts";
import { mul, sub } from "../ops/arithmetic.ts";
import { concat, reshape, split, transpose } from "../ops/arrange.ts";
import { where } from "../ops/comparison.ts";
import { constant } from "../ops/convert.ts";
import { fromTypedArray } from "../ops/creation.ts";
import { matmul } from "../ops/product.ts";
import { sum } from "../ops/reduce.ts";
import { softmax } from "../ops/softmax.ts";
import type { Generator } from "../random.ts";
import { savedByForward } from "../saved.ts";
import type { Shape } from "../shape.ts";
import type { Tensor } from "../tensor.ts";
import { Layer } from "./layer.ts";
import { Linear } from "./linear.ts";

/** Settings of multi-head attention. */
export interface MultiHeadAttentionOptions {
  /** Numbers of each position. */
  readonly features: number;
  /** How many heads look in parallel; each has features / heads numbers. */
  readonly heads: number;
  /** Whether a position sees only itself and those before it. */
  readonly causal?: boolean;
  /** Source of chance for the first weights. */
  readonly random: Generator;
}

/** What attention may look at. */
export interface AttentionOptions {
  /** bool `[batch, sequence]`: false for positions that are padding, which nobody looks at. */
  readonly paddingMask?: Tensor;
}

// A score that softmax turns into exactly 0 beside any other, and still a number: minus infinity would make NaN of a
// row that has no other.
const HIDDEN_SCORE = -1e30;

/**
 * Multi-head self-attention.
 *
 * [q, k, v] = input weightProject + biasProject, cut into heads of d numbers;
 * weights = softmax(q kᵀ / sqrt(d)) over the positions that may be seen, 0 for the others;
 * output = [heads of weights v side by side] weightCombine + biasCombine
 *
 * A position that may see nothing (all is padding, or all before it is and attention is causal) takes nothing: its
 * weights are 0, its output is biasCombine, and no gradient goes through it.
 *
 * @saved q, k, v and the weights, because each of the two products passes its gradient through the other factor
 * @source Vaswani et al. 2017, "Attention is all you need", sections 3.2.1 and 3.2.2
 * @differs PyTorch's MultiheadAttention gives NaN for a position that may see nothing; here it takes nothing
 */
export class MultiHeadAttention extends Layer {
  readonly features: number;
  readonly heads: number;
  readonly causal: boolean;
  /** The maps to queries, keys and values, side by side. */
  readonly project: Linear;
  /** The map that mixes the heads' results. */
  readonly combine: Linear;
  // [batch, heads, sequence, d] each.
  private savedParts: readonly [query: Tensor, key: Tensor, value: Tensor] | undefined;
  // [batch, heads, sequence, sequence]: how much each position takes of each.
  private savedWeights: Tensor | undefined;

  constructor(options: MultiHeadAttentionOptions) {
    super();
    checkOptions("MultiHeadAttention", options, "features: 64, heads: 4, random");
    const { features, heads, causal = false, random } = options;
    checkCount("MultiHeadAttention", "features", features);
    checkHeads("MultiHeadAttention", features, heads);
    this.features = features;
    this.heads = heads;
    this.causal = causal;
    this.project = new Linear({ inFeatures: features, outFeatures: 3 * features, random });
    this.combine = new Linear({ inFeatures: features, outFeatures: features, random });
  }

  /**
   * @param input - `[batch, sequence, features]`
   * @returns `[batch, sequence, features]`
   * @throws {ShapeError} when the input or the mask does not fit
   */
  forward(input: Tensor, { paddingMask }: AttentionOptions = {}): Tensor {
    checkSequence(this.toString(), input.shape, this.features);
    const [query, key, value] = this.headsOf(this.project.forward(input));
    // scores = q kᵀ / sqrt(d)
    const alpha = 1 / Math.sqrt(this.features / this.heads);
    const scores = matmul(query, key, { transposeB: true, alpha }); // [batch, heads, sequence, sequence]
    const weights = this.weightsOf(scores, paddingMask);
    this.savedParts = [query, key, value];
    this.savedWeights = weights;
    // context = weights v
    const context = matmul(weights, value); // [batch, heads, sequence, d]
    return this.combine.forward(this.joined(context));
  }

  backward(gradOutput: Tensor): Tensor {
    const [query, key, value] = savedByForward(this.savedParts, this);
    const weights = savedByForward(this.savedWeights, this);
    const [batch, , sequence] = query.shape;
    checkGradOutput(this.toString(), gradOutput.shape, [batch!, sequence!, this.features]);
    const gradContext = this.split(this.combine.backward(gradOutput)); // [batch, heads, sequence, d]
    // Through context = weights v: gradWeights = gradContext vᵀ, gradValue = weightsᵀ gradContext
    const gradWeights = matmul(gradContext, value, { transposeB: true }); // [batch, heads, sequence, sequence]
    const gradValue = matmul(weights, gradContext, { transposeA: true });
    // Through softmax, row by row: gradScores = weights * (gradWeights - sum over keys of weights * gradWeights);
    // what is hidden has weight 0, and so no gradient.
    const mean = sum(mul(gradWeights, weights), { axes: [-1], keepDims: true }); // [batch, heads, sequence, 1]
    const gradScores = mul(weights, sub(gradWeights, mean));
    // Through scores = q kᵀ / sqrt(d): gradQuery = gradScores k / sqrt(d), gradKey = gradScoresᵀ q / sqrt(d)
    const alpha = 1 / Math.sqrt(this.features / this.heads);
    const gradQuery = matmul(gradScores, key, { alpha });
    const gradKey = matmul(gradScores, query, { transposeA: true, alpha });
    const parts = [gradQuery, gradKey, gradValue].map((part) => this.joined(part)); // [batch, sequence, features]
    return this.project.backward(concat(parts, { axis: 2 }));
  }

  private headsOf(projected: Tensor): readonly [Tensor, Tensor, Tensor] {
    const { features } = this;
    const parts = split(projected, [features, features, features], { axis: 2 });
    return [this.split(parts[0]!), this.split(parts[1]!), this.split(parts[2]!)];
  }

  // [batch, sequence, features] to [batch, heads, sequence, d]
  private split(x: Tensor): Tensor {
    const [batch, sequence] = x.shape;
    const d = this.features / this.heads;
    return transpose(reshape(x, [batch!, sequence!, this.heads, d]), [0, 2, 1, 3]);
  }

  // [batch, heads, sequence, d] to [batch, sequence, features]
  private joined(x: Tensor): Tensor {
    const [batch, , sequence] = x.shape;
    return reshape(transpose(x, [0, 2, 1, 3]), [batch!, sequence!, this.features]);
  }

  // softmax over what may be seen. Hidden scores alone would share the weight evenly among hidden positions, later
  // ones too, so weights are hidden once more; without padding every position sees at least itself.
  private weightsOf(scores: Tensor, paddingMask: Tensor | undefined): Tensor {
    const weights = softmax(this.hidden(scores, HIDDEN_SCORE, paddingMask));
    return paddingMask === undefined ? weights : this.hidden(weights, 0, paddingMask);
  }

  // x [batch, heads, sequence, sequence], with a number in place of what may not be seen
  private hidden(x: Tensor, number: number, paddingMask: Tensor | undefined): Tensor {
    const [batch, , sequence] = x.shape;
    const past = this.causal ? where(pastAndPresent(sequence!), x, number) : x;
    if (paddingMask === undefined) return past;
    checkMask(this.toString(), paddingMask, [batch!, sequence!]);
    return where(reshape(paddingMask, [batch!, 1, 1, sequence!]), past, number);
  }

  override outputShape(inputShape: Shape): Shape {
    return inputShape;
  }

  override toString(): string {
    return `MultiHeadAttention(${this.features}, heads ${this.heads})`;
  }
}

// bool [sequence, sequence]: true where column <= row.
function pastAndPresent(sequence: number): Tensor {
  const seen = Uint8Array.from({ length: sequence * sequence }, (_, index) =>
    index % sequence <= Math.floor(index / sequence) ? 1 : 0,
  );
  return constant(fromTypedArray(seen, [sequence, sequence]));
}
