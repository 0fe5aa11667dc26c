// checkGradients: compares the backward pass somebody wrote with slopes measured on the forward pass.
import { GradientError } from "../errors.ts";
import { Layer } from "../layers/layer.ts";
import type { Loss } from "../losses/loss.ts";
import { cast } from "../ops/convert.ts";
import { randomNormal } from "../ops/random.ts";
import { Generator } from "../random.ts";
import { sameShape, shapeText, sizeOf, type Shape } from "../shape.ts";
import { Tensor } from "../tensor.ts";
import { measureSlope, type Slope } from "./finite-differences.ts";
import { likelyCause, type Mismatch } from "./gradient-diagnosis.ts";
import { GradientReport, type GradientResult } from "./gradient-report.ts";
import {
  inDoublePrecision,
  layerProbe,
  lossProbe,
  type Probe,
  type Variable,
} from "./gradient-probe.ts";

/** Settings of a gradient check. */
export interface GradientCheckOptions {
  /** What a loss compares with; for losses only, and needed there. */
  readonly targets?: Tensor;
  /** Seed of the drawn inputs, of the weights of the outputs and of the drawn entries. */
  readonly seed?: number;
  /** How many entries of each gradient are checked; larger ones are sampled. */
  readonly maxEntries?: number;
}

// Central differences in float64 are right to about 1e-10 of the slope; wrong formulas miss by far more.
const ENTRY_TOLERANCE = 1e-6;
const NORM_TOLERANCE = 1e-7;
const SMALLEST_SCALE = 1e-8;

/**
 * Checks the gradients of a layer or loss against central differences, in float64.
 *
 * slope = (f(x + h) - f(x - h)) / 2h with h = 1e-6 * max(1, |x|), where f is the sum of all outputs
 * times fixed random weights; an entry passes when |gradient - slope| / (|gradient| + |slope|) < 1e-6.
 *
 * Parameters are converted to float64 for the check and get their values and gradients back. Layers with
 * a generator draw the same numbers in every pass.
 *
 * @param inputs - shape `[batch, ...]` of inputs to draw, or the input itself; for a loss, the predictions
 * @returns a table of the largest errors
 * @throws {GradientError} at the first gradient that disagrees: which entry, both numbers, the likely cause
 */
export function checkGradients(
  subject: Layer | Loss,
  inputs: Shape | Tensor,
  options: GradientCheckOptions = {},
): GradientReport {
  const random = new Generator(options.seed ?? 7);
  const input = inputs instanceof Tensor ? inputs : drawInput(random, inputs);
  if (!(subject instanceof Layer)) {
    return checkProbe(lossProbe(subject, asDouble(input), requireTargets(subject, options)), {
      random,
      options,
    });
  }
  return inDoublePrecision(subject, () =>
    checkProbe(layerProbe(subject, asDouble(input), random), { random, options }),
  );
}

const drawInput = (random: Generator, shape: Shape): Tensor =>
  randomNormal(random.child(0), shape, { dtype: "float64" });

// Indices stay integers: they have no gradient.
const asDouble = (x: Tensor): Tensor => (x.dtype === "float32" ? cast(x, "float64") : x);

function requireTargets(loss: Loss, { targets }: GradientCheckOptions): Tensor {
  if (targets !== undefined) return asDouble(targets);
  throw new GradientError(
    `checkGradients(${loss.toString()}): a loss compares predictions with targets; no targets came. Pass { targets } as the third argument.`,
  );
}

interface CheckContext {
  readonly random: Generator;
  readonly options: GradientCheckOptions;
}

function checkProbe(probe: Probe, { random, options }: CheckContext): GradientReport {
  const gradients = probe.gradients();
  const results = probe.variables.map((variable, index) => {
    const gradient = requireGradient(probe, variable, gradients[index]);
    const chooser = random.child(1 + index);
    const entries = chosenEntries(variable.value.size, options.maxEntries ?? 200, chooser);
    return compare(probe, variable, { gradient, entries });
  });
  probe.checkAccumulation();
  return new GradientReport(probe.name, results);
}

function requireGradient(
  probe: Probe,
  variable: Variable,
  gradient: Tensor | undefined,
): Float64Array {
  const expected = variable.value.shape;
  if (gradient === undefined) {
    throw new GradientError(
      `checkGradients(${probe.name}): ${variable.gradientName} should have the shape ${shapeText(expected)}; backward left it undefined. Add it in backward: this.${variable.name}.accumulate(...).`,
    );
  }
  if (!sameShape(gradient.shape, expected)) {
    const isTransposed = sameShape(gradient.shape, expected.toReversed());
    const fix = isTransposed
      ? "It looks transposed: swap the factors of the product, or transpose the result."
      : "A gradient has one number for each number of what it belongs to: sum over the axes that are too many.";
    throw new GradientError(
      `checkGradients(${probe.name}): ${variable.gradientName} should have the shape ${shapeText(expected)}; it has ${shapeText(gradient.shape)}. ${fix}`,
    );
  }
  return Float64Array.from(gradient.toTypedArray());
}

function chosenEntries(size: number, most: number, random: Generator): number[] {
  const all = Array.from({ length: size }, (_, index) => index);
  if (size <= most) return all;
  return [...random.permutation(size).subarray(0, most)].sort((a, b) => a - b);
}

function compare(
  probe: Probe,
  variable: Variable,
  { gradient, entries }: { gradient: Float64Array; entries: readonly number[] },
): GradientResult {
  const numbers = Float64Array.from(variable.value.toTypedArray());
  const slopes = entries.map((entry) => measureSlope(probe, variable, { numbers, entry }));
  const pairs = entries.map((entry, i) => ({ entry, gradient: gradient[entry]!, ...slopes[i]! }));
  const wrong = pairs.filter((pair) => !agrees(pair, ENTRY_TOLERANCE));
  if (wrong.length > 0 || !agreesInNorm(pairs)) {
    const worst = (wrong.length > 0 ? wrong : pairs).reduce((a, b) =>
      error(b) > error(a) ? b : a,
    );
    throw new GradientError(message(probe, variable, { pairs, worst, wrongCount: wrong.length }));
  }
  return {
    gradientName: variable.gradientName,
    shape: variable.value.shape,
    checked: entries.length,
    worstError: Math.max(...pairs.map(relativeError)),
  };
}

type Pair = Slope & { readonly entry: number; readonly gradient: number };

const error = ({ gradient, slope }: Pair): number => {
  const distance = Math.abs(gradient - slope);
  return Number.isNaN(distance) ? Infinity : distance;
};

const relativeError = (pair: Pair): number =>
  error(pair) / Math.max(SMALLEST_SCALE, Math.abs(pair.gradient) + Math.abs(pair.slope));

// Below the rounding error of the measurement there is nothing to see.
const agrees = (pair: Pair, tolerance: number): boolean =>
  relativeError(pair) < tolerance || error(pair) <= pair.rounding;

function agreesInNorm(pairs: readonly Pair[]): boolean {
  const norm = (of: (pair: Pair) => number): number => Math.hypot(...pairs.map(of));
  const scale = norm(({ gradient }) => gradient) + norm(({ slope }) => slope);
  const distance = norm(error);
  const rounding = norm((pair) => pair.rounding);
  return distance <= rounding || distance / Math.max(SMALLEST_SCALE, scale) < NORM_TOLERANCE;
}

function message(
  probe: Probe,
  variable: Variable,
  { pairs, worst, wrongCount }: { pairs: readonly Pair[]; worst: Pair; wrongCount: number },
): string {
  const place = `${variable.gradientName}${indexText(worst.entry, variable.value.shape)}`;
  const digits = significantDigits(worst);
  const share =
    wrongCount === pairs.length ? "all" : `${Math.max(1, wrongCount)} of ${pairs.length}`;
  const mismatch: Mismatch = {
    gradients: pairs.map(({ gradient }) => gradient),
    slopes: pairs.map(({ slope }) => slope),
    isRight: pairs.map((pair) => agrees(pair, ENTRY_TOLERANCE)),
    worst: pairs.indexOf(worst),
    shape: variable.value.shape,
    isComplete: pairs.length === sizeOf(variable.value.shape),
    batch: probe.batch,
    isAtKink: worst.isKink,
    variable: variable.name,
  };
  return (
    `checkGradients(${probe.name}): ${place} is ${worst.gradient.toPrecision(digits)}, ` +
    `finite differences say ${worst.slope.toPrecision(digits)} ` +
    `(${share} checked entries of ${variable.gradientName} differ; the batch is ${probe.batch}). ${likelyCause(mismatch)}`
  );
}

// As few digits as show the difference.
function significantDigits({ gradient, slope }: Pair): number {
  for (let digits = 4; digits < 15; digits++) {
    if (gradient.toPrecision(digits) !== slope.toPrecision(digits)) return digits;
  }
  return 16;
}

function indexText(entry: number, shape: Shape): string {
  const index: number[] = [];
  let rest = entry;
  for (const length of shape.toReversed()) {
    index.unshift(rest % length);
    rest = Math.floor(rest / length);
  }
  return `[${index.join(",")}]`;
}
