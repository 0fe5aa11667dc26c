// Arithmetic that rounds to a neighbour of the nearest number: what it changes, rounding decides.
import type { BinaryName, Backend, BackendValue, ReduceName, UnaryName } from "../backend.ts";
import { type HostArray, hostArray } from "../host-array.ts";
import { typescriptBackend } from "./index.ts";

/** How far a result is moved, at most, in steps from one float32 to the next: as far as a sum of thousands errs. */
const MOST_STEPS = 8;
/** Numbers whose last bits are 0 are results that were not rounded, such as counts: they stay. */
const ROUNDED_BITS = 0x3ff;
const INFINITE = 0x7f80_0000;

/** Functions that give one of their numbers, and so do not round. */
const EXACT: ReadonlySet<UnaryName | BinaryName | ReduceName> = new Set([
  "neg",
  "abs",
  "relu",
  "reluMask",
  "maximum",
  "minimum",
  "max",
] as const);

/** Primitives whose results are rounded, whatever their settings are. */
const ROUNDING = [
  "matmul",
  "affine",
  "softmax",
  "logSoftmax",
  "scatterAdd",
  "conv2d",
  "conv2dGradInput",
  "conv2dGradWeight",
  "maxPool2dGrad",
  "avgPool2d",
  "avgPool2dGrad",
] as const satisfies readonly (keyof Backend)[];

/**
 * The readable backend with other rounding: every rounded result moves by a few steps, which depend on the number and
 * on `salt` alone, so that equal numbers stay equal.
 */
export function nudgedBackend(salt: number): Backend {
  const plain = typescriptBackend;
  const nudge = (x: BackendValue): HostArray => nudged(x as HostArray, salt);
  const rounding = ROUNDING.map((name) => {
    const compute = plain[name] as (...parameters: unknown[]) => BackendValue;
    return [name, (...parameters: unknown[]) => nudge(compute(...parameters))];
  });
  const unlessExact = (name: UnaryName | BinaryName | ReduceName, x: BackendValue): BackendValue =>
    EXACT.has(name) ? x : nudge(x);
  return {
    ...plain,
    ...(Object.fromEntries(rounding) as Pick<Backend, (typeof ROUNDING)[number]>),
    unary: (name, x) => unlessExact(name, plain.unary(name, x)),
    binary: (name, a, b) => unlessExact(name, plain.binary(name, a, b)),
    reduce: (name, x, options) => unlessExact(name, plain.reduce(name, x, options)),
  };
}

// A float32 and the next one are whole numbers next to each other, when their bits are read as such.
function nudged({ data, shape }: HostArray, salt: number): HostArray {
  if (!(data instanceof Float32Array)) return hostArray(data, shape);
  const numbers = data.slice();
  const bits = new Int32Array(numbers.buffer);
  for (let i = 0; i < bits.length; i++) {
    const word = bits[i]!;
    if ((word & ROUNDED_BITS) === 0 || (word & INFINITE) === INFINITE) continue;
    bits[i] = word + (mixed(word ^ salt) % (MOST_STEPS + 1));
  }
  return hostArray(numbers, shape);
}

// Chance that a number decides: a multiplication spreads every bit to those above, a shift brings them down.
function mixed(word: number): number {
  const spread = Math.imul(word ^ (word >>> 15), 0x2c1b_3c6d);
  return Math.imul(spread ^ (spread >>> 12), 0x297a_2d39) >> 8;
}
