// The feed-forward block of a transformer: each position alone goes through a wide hidden layer and back.
import { checkOptions } from "../check.ts";
import type { Generator } from "../random.ts";
import { GELU } from "./gelu.ts";
import { Linear } from "./linear.ts";
import { Sequential } from "./sequential.ts";

/** Settings of a feed-forward block. */
export interface FeedForwardOptions {
  /** Numbers of each position, in and out. */
  readonly features: number;
  /** Numbers of the hidden layer: four times `features` unless given. */
  readonly hiddenFeatures?: number;
  /** Source of chance for the first weights. */
  readonly random: Generator;
}

/**
 * Feed-forward block.
 *
 * output = GELU(input weight1 + bias1) weight2 + bias2, for every position of `[batch, sequence, features]`
 *
 * @saved nothing of its own: its layers keep what they need
 * @source Vaswani et al. 2017, "Attention is all you need", section 3.3
 * @differs the paper uses ReLU; GPT, BERT and their successors use GELU
 */
export class FeedForward extends Sequential {
  constructor(options: FeedForwardOptions) {
    checkOptions("FeedForward", options, "features: 64, random");
    const { features, hiddenFeatures = 4 * features, random } = options;
    super(
      new Linear({ inFeatures: features, outFeatures: hiddenFeatures, random }),
      new GELU(),
      new Linear({ inFeatures: hiddenFeatures, outFeatures: features, random }),
    );
  }
}
