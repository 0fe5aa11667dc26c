// Embedding: a table with one row of numbers for every word, and words are looked up in it.
import { checkCount, checkOptions } from "../check.ts";
import type { Initializer } from "../init.ts";
import { checkGradOutput } from "../layer-check.ts";
import { zeros } from "../ops/creation.ts";
import { randomNormal } from "../ops/random.ts";
import { gather, scatterAdd } from "../ops/rows.ts";
import type { Generator } from "../random.ts";
import { savedByForward } from "../saved.ts";
import type { Shape } from "../shape.ts";
import type { Tensor } from "../tensor.ts";
import { Layer, Parameter } from "./layer.ts";

/** Settings of an embedding. */
export interface EmbeddingOptions {
  /** How many words there are; indices go from 0 to one less. */
  readonly vocabularySize: number;
  /** Numbers for each word. */
  readonly features: number;
  /** Source of chance for the first rows. */
  readonly random: Generator;
  /** How the first rows are drawn. */
  readonly initWeight?: Initializer;
}

/**
 * Embedding.
 *
 * output[b, s, f] = weight[input[b, s], f]
 *
 * Rows start as normal numbers with mean 0 and variance 1. Indices have no gradient: `backward` returns zeros of
 * the input's shape.
 *
 * @saved input, because each row's gradient is the sum over the places where its word stood
 * @source Bengio, Ducharme, Vincent & Jauvin 2003, "A neural probabilistic language model", section 2
 */
export class Embedding extends Layer {
  readonly vocabularySize: number;
  readonly features: number;
  /** `[vocabularySize, features]` */
  readonly weight: Parameter;
  // Where each word stood: rows of gradOutput go back to these rows of the table.
  private savedInput: Tensor | undefined;

  constructor(options: EmbeddingOptions) {
    super();
    checkOptions("Embedding", options, "vocabularySize: 1000, features: 64, random");
    const { vocabularySize, features, random, initWeight = standardNormal } = options;
    checkCount("Embedding", "vocabularySize", vocabularySize);
    checkCount("Embedding", "features", features);
    this.vocabularySize = vocabularySize;
    this.features = features;
    this.weight = new Parameter("weight", initWeight([vocabularySize, features], { random }));
  }

  /**
   * @param input - int32 `[batch, sequence]`, or any other shape of indices
   * @returns `[batch, sequence, features]`
   * @throws {ArgumentError} when an index is outside the table
   */
  forward(input: Tensor): Tensor {
    const output = gather(this.weight.value, input); // [batch, sequence, features]
    this.savedInput = input;
    return output;
  }

  backward(gradOutput: Tensor): Tensor {
    const input = savedByForward(this.savedInput, this);
    checkGradOutput(this.toString(), gradOutput.shape, this.outputShape(input.shape));
    // gradWeight[v] = sum of gradOutput over all places where word v stood
    this.weight.accumulate(scatterAdd(input, gradOutput, this.vocabularySize));
    return zeros(input.shape, { dtype: gradOutput.dtype });
  }

  override outputShape(inputShape: Shape): Shape {
    return [...inputShape, this.features];
  }

  override toString(): string {
    return `Embedding(${this.vocabularySize} x ${this.features})`;
  }
}

const standardNormal: Initializer = (shape, { random, dtype = "float32" }) =>
  randomNormal(random, shape, { dtype });
