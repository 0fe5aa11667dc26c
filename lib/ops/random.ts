// Tensors of chance: drawn from a seeded generator that the caller hands in, never from hidden state.
import { checkFloat, checkShape, kindOf } from "../check.ts";
import type { Draw, DrawnType } from "../backends/backend.ts";
import type { DType } from "../dtype.ts";
import { ArgumentError } from "../errors.ts";
import { Generator } from "../random.ts";
import type { Shape } from "../shape.ts";
import type { Tensor } from "../tensor.ts";
import { run } from "./dispatch.ts";

/** Range of even chance. */
export interface UniformOptions {
  /** Default 0. */
  readonly low?: number;
  /** Default 1; never reached. */
  readonly high?: number;
  /** float32 (default) or float64. */
  readonly dtype?: DType;
}

/** `[...shape]` of numbers evenly distributed in low <= x < high. */
export function randomUniform(
  generator: Generator,
  shape: Shape,
  options: UniformOptions = {},
): Tensor {
  const { low = 0, high = 1, dtype = "float32" } = options;
  if (!(low < high && Number.isFinite(high - low))) {
    throw new ArgumentError(
      `randomUniform: low must be less than high and both finite, got ${low} and ${high}. ` +
        "Exchange them, or use full(shape, value) for one fixed number.",
    );
  }
  checkGenerator("randomUniform", generator);
  return draw("randomUniform", shape, { dtype, random: generator }, (out) => {
    generator.fillUniform(out);
    if (low === 0 && high === 1) return;
    for (let i = 0; i < out.length; i++) {
      out[i] = low + (high - low) * out[i]!;
      // Rounding to float32 can reach the upper end, which the promise excludes.
      if (out[i]! >= high) out[i] = low;
    }
  });
}

/** Centre and width of a normal distribution. */
export interface NormalOptions {
  /** Default 0. */
  readonly mean?: number;
  /** Default 1. */
  readonly standardDeviation?: number;
  /** float32 (default) or float64. */
  readonly dtype?: DType;
}

/** `[...shape]` of normally distributed numbers. */
export function randomNormal(
  generator: Generator,
  shape: Shape,
  options: NormalOptions = {},
): Tensor {
  const { mean = 0, standardDeviation = 1, dtype = "float32" } = options;
  if (!(standardDeviation >= 0)) {
    throw new ArgumentError(
      `randomNormal: standardDeviation must be 0 or more, got ${standardDeviation}. ` +
        "It is the square root of a variance.",
    );
  }
  checkGenerator("randomNormal", generator);
  return draw("randomNormal", shape, { dtype, random: generator }, (out) => {
    generator.fillNormal(out);
    for (let i = 0; i < out.length; i++) out[i] = mean + standardDeviation * out[i]!;
  });
}

function checkGenerator(op: string, generator: unknown): void {
  if (generator instanceof Generator) return;
  throw new ArgumentError(
    `${op}: chance comes from a Generator, got ${kindOf(generator)}. Pass one, for example new Generator(7).`,
  );
}

function draw(
  op: string,
  shape: Shape,
  type: Required<DrawnType>,
  fill: (out: Float32Array | Float64Array) => void,
): Tensor {
  checkShape(op, shape);
  checkFloat(op, { shape, dtype: type.dtype });
  return run([], (backend) => backend.drawn(fill as Draw, [...shape], type));
}
