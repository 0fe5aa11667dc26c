// Finite differences: the slope of a function at a point, measured by walking a little to both sides.
import { fromTypedArray } from "../ops/creation.ts";
import type { Probe, Variable } from "./gradient-probe.ts";

/** A measured slope, and how far it can be trusted. */
export interface Slope {
  /** (f(x + h) - f(x - h)) / 2h */
  readonly slope: number;
  /** Largest error that rounding in f can have caused. */
  readonly rounding: number;
  /** Whether the slopes to the left and to the right differ: a bend lies within h of x. */
  readonly isKink: boolean;
}

// Truncation grows as h², rounding as 1/h: in float64 their sum is smallest near here.
const STEP = 1e-6;
// Left and right slope of a smooth function differ by h times the curvature, far less than this part.
const KINK = 1e-3;
// Roundings inside one forward pass that may add up.
const ROUNDINGS = 8;

/** Slope of the probe's sum of outputs along one entry of one variable, which is put back afterwards. */
export function measureSlope(
  probe: Probe,
  variable: Variable,
  { numbers, entry }: { readonly numbers: Float64Array; readonly entry: number },
): Slope {
  const x = numbers[entry]!;
  const h = STEP * Math.max(1, Math.abs(x));
  const outputsAt = (value: number): Float64Array => {
    const moved = numbers.slice();
    moved[entry] = value;
    variable.assign(fromTypedArray(moved, variable.value.shape));
    return probe.outputs();
  };
  const [right, left, middle] = [outputsAt(x + h), outputsAt(x - h), outputsAt(x)];
  variable.assign(variable.value);
  // x + h is rounded too: divide by the distance that was really walked.
  const width = x + h - (x - h);
  const slope = difference(right, left) / width;
  const bend = Math.abs(difference(right, middle) - difference(middle, left)) / h;
  return {
    slope,
    rounding: (ROUNDINGS * Number.EPSILON * changedSize(right, left)) / width,
    isKink: bend > KINK * Math.max(Math.abs(slope), KINK),
  };
}

// Subtracting output by output before summing keeps the digits that large unchanged outputs would swallow.
function difference(a: Float64Array, b: Float64Array): number {
  return a.reduce((sum, value, i) => sum + (value - b[i]!), 0);
}

function changedSize(a: Float64Array, b: Float64Array): number {
  return a.reduce((sum, value, i) => (value === b[i] ? sum : sum + Math.abs(value)), 0);
}
