// First weights: random numbers whose spread keeps signals from growing or fading through the layers.
import type { DType } from "./dtype.ts";
import { ArgumentError } from "./errors.ts";
import { randomNormal, randomUniform } from "./ops/random.ts";
import type { Generator } from "./random.ts";
import { shapeText, sizeOf, type Shape } from "./shape.ts";
import type { Tensor } from "./tensor.ts";

/** What every initialiser takes besides the shape. */
export interface InitOptions {
  /** Source of chance. */
  readonly random: Generator;
  /** float32 (default) or float64. */
  readonly dtype?: DType;
}

/** Settings of He's initialisers. */
export interface HeOptions extends InitOptions {
  /** Which number of connections counts: into a unit (keeps the forward signal) or out of it (the gradient). */
  readonly fan?: "in" | "out";
  /** Slope of a leaky ReLU left of 0; 0 for a plain ReLU. */
  readonly negativeSlope?: number;
}

/** Makes the first numbers of a weight of this shape; `zeros` and `ones` are initialisers too. */
export type Initializer = (shape: Shape, options: InitOptions) => Tensor;

/**
 * Xavier's (Glorot's) uniform numbers, for layers followed by tanh, sigmoid or nothing.
 *
 * weight ~ uniform in +-bound, bound = sqrt(6 / (fanIn + fanOut)), variance 2 / (fanIn + fanOut)
 *
 * @param shape - `[inFeatures, outFeatures]` or `[outChannels, inChannels, kernelHeight, kernelWidth]`
 * @source Glorot & Bengio 2010, "Understanding the difficulty of training deep feedforward neural networks", equation 16
 */
export function xavierUniform(shape: Shape, { random, dtype = "float32" }: InitOptions): Tensor {
  const { fanIn, fanOut } = fansOf(shape);
  const bound = Math.sqrt(6 / (fanIn + fanOut));
  return randomUniform(random, shape, { low: -bound, high: bound, dtype });
}

/**
 * Xavier's (Glorot's) normal numbers.
 *
 * weight ~ normal with mean 0 and variance 2 / (fanIn + fanOut)
 *
 * @param shape - `[inFeatures, outFeatures]` or `[outChannels, inChannels, kernelHeight, kernelWidth]`
 * @source Glorot & Bengio 2010, "Understanding the difficulty of training deep feedforward neural networks", equation 12
 */
export function xavierNormal(shape: Shape, { random, dtype = "float32" }: InitOptions): Tensor {
  const { fanIn, fanOut } = fansOf(shape);
  const standardDeviation = Math.sqrt(2 / (fanIn + fanOut));
  return randomNormal(random, shape, { standardDeviation, dtype });
}

/**
 * He's uniform numbers, for layers followed by a ReLU.
 *
 * weight ~ uniform in +-bound, bound = sqrt(6 / ((1 + negativeSlope²) * fan))
 *
 * @param shape - `[inFeatures, outFeatures]` or `[outChannels, inChannels, kernelHeight, kernelWidth]`
 * @source He, Zhang, Ren & Sun 2015, "Delving deep into rectifiers", equation 10
 */
export function heUniform(shape: Shape, options: HeOptions): Tensor {
  // A uniform distribution in +-bound has variance bound² / 3.
  const bound = Math.sqrt(3) * heDeviation(shape, options);
  const { random, dtype = "float32" } = options;
  return randomUniform(random, shape, { low: -bound, high: bound, dtype });
}

/**
 * He's normal numbers, for layers followed by a ReLU.
 *
 * weight ~ normal with mean 0 and variance 2 / ((1 + negativeSlope²) * fan)
 *
 * @param shape - `[inFeatures, outFeatures]` or `[outChannels, inChannels, kernelHeight, kernelWidth]`
 * @source He, Zhang, Ren & Sun 2015, "Delving deep into rectifiers", equations 10 and 14
 */
export function heNormal(shape: Shape, options: HeOptions): Tensor {
  const { random, dtype = "float32" } = options;
  return randomNormal(random, shape, { standardDeviation: heDeviation(shape, options), dtype });
}

function heDeviation(shape: Shape, { fan = "in", negativeSlope = 0 }: HeOptions): number {
  const { fanIn, fanOut } = fansOf(shape);
  return Math.sqrt(2 / ((1 + negativeSlope ** 2) * (fan === "in" ? fanIn : fanOut)));
}

// How many numbers enter one unit, and how many units one number enters.
function fansOf(shape: Shape): { fanIn: number; fanOut: number } {
  const [first, second, ...kernel] = shape;
  if (first === undefined || second === undefined) {
    throw new ArgumentError(
      `init: a weight has at least 2 axes, so that its connections can be counted; got the shape ${shapeText(shape)}. Start a bias with zeros(shape).`,
    );
  }
  if (kernel.length === 0) return { fanIn: first, fanOut: second };
  const kernelSize = sizeOf(kernel);
  return { fanIn: second * kernelSize, fanOut: first * kernelSize };
}
