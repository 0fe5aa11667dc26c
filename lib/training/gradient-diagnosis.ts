// From the pattern of a wrong gradient to its likely cause: what a teacher would guess from the numbers.
import type { Shape } from "../shape.ts";

/** A gradient beside measured slopes, entry by entry. */
export interface Mismatch {
  readonly gradients: readonly number[];
  readonly slopes: readonly number[];
  readonly isRight: readonly boolean[];
  /** Position of the entry that is named in the message. */
  readonly worst: number;
  readonly shape: Shape;
  /** Whether all entries of the shape are there, in order. */
  readonly isComplete: boolean;
  readonly batch: number;
  readonly isAtKink: boolean;
  /** `input`, `weight`, ... */
  readonly variable: string;
}

type Guess = (mismatch: Mismatch) => string | undefined;

/** The first explanation that fits, in a sentence or two that say what to look at. */
export function likelyCause(mismatch: Mismatch): string {
  const guesses: Guess[] = [atKink, notFinite, allZero, sameFactor, transposed, partlyRight];
  for (const guess of guesses) {
    const sentence = guess(mismatch);
    if (sentence !== undefined) return sentence;
  }
  return "No simple factor explains it: a term is missing or wrong. Write down how one output depends on this entry, and differentiate that.";
}

const atKink: Guess = ({ isAtKink, variable }) =>
  isAtKink
    ? `The function has a bend here (as ReLU has at 0), where slopes from left and right differ, so neither number is the gradient. Check at another ${variable}, at least 1e-5 away from the bend.`
    : undefined;

const notFinite: Guess = ({ gradients, worst }) =>
  Number.isFinite(gradients[worst])
    ? undefined
    : "A division by 0 or a logarithm of 0 happens in backward.";

const allZero: Guess = ({ gradients, slopes }) =>
  gradients.every((value) => value === 0) && slopes.some((value) => value !== 0)
    ? "All of it is zero: backward does not compute this gradient, or multiplies it by a mask that is empty."
    : undefined;

const sameFactor: Guess = (mismatch) => {
  const factor = commonFactor(mismatch.gradients, mismatch.slopes);
  return factor === undefined ? undefined : meaningOf(factor, mismatch.batch);
};

function meaningOf(factor: number, batch: number): string {
  const is = (value: number): boolean => Math.abs(factor - value) < 1e-4 * Math.abs(value);
  if (is(-1)) return "The sign is wrong: a minus is missing or one too many.";
  if (batch === 2 && (is(2) || is(0.5))) {
    const [what, instead] = is(2) ? ["small", "missing"] : ["large", "too many"];
    return `It is 2 times too ${what}, and the batch is 2: either a factor 2 is ${instead}, as in the derivative of x², or mean and sum over the batch are mixed up. A check with a batch of 5 tells which.`;
  }
  if (batch > 1 && is(batch)) {
    return `It is ${batch} times too small, and the batch is ${batch}: it looks like a mean over the batch where a sum is needed.`;
  }
  if (batch > 1 && is(1 / batch)) {
    return `It is ${batch} times too large, and the batch is ${batch}: it looks like a sum over the batch where a mean is needed.`;
  }
  if (is(2)) return "It is half of what it should be: the derivative of x² is 2x.";
  if (is(0.5))
    return "It is twice what it should be: a factor 2 is too many, or something is added twice.";
  const size = factor.toPrecision(4);
  return `Every entry must be multiplied by the same number, ${size}: a constant factor is missing or one too many.`;
}

function commonFactor(gradients: readonly number[], slopes: readonly number[]): number | undefined {
  const largest = Math.max(...gradients.map(Math.abs));
  // Entries near 0 are mostly rounding, and their ratio says nothing.
  const factors = gradients.flatMap((value, i) =>
    Math.abs(value) > 1e-3 * largest ? [slopes[i]! / value] : [],
  );
  const [first] = factors;
  if (first === undefined || first === 0) return undefined;
  return factors.every((factor) => Math.abs(factor - first) < 1e-4 * Math.abs(first))
    ? first
    : undefined;
}

const transposed: Guess = ({ gradients, slopes, shape, isComplete }) => {
  const [rows, columns] = shape;
  if (!isComplete || shape.length !== 2 || rows !== columns) return undefined;
  const isSwapped = gradients.every((value, i) => {
    const other = slopes[(i % rows!) * rows! + Math.floor(i / rows!)]!;
    return Math.abs(value - other) <= 1e-5 * Math.max(1e-3, Math.abs(other));
  });
  return isSwapped
    ? "It equals the transpose of the right one: swap the factors of the product, or use transposeA and transposeB the other way round."
    : undefined;
};

const partlyRight: Guess = ({ isRight }) => {
  const right = isRight.filter(Boolean).length;
  return right === 0
    ? undefined
    : `${right} of ${isRight.length} entries are right, so the formula holds in some cases: look for what sets the others apart (a mask, an edge, a missing term for one side of a condition).`;
};
