// How a number follows from the sizes of named axes: a sum of products of them, found from samples.
import type { Sizes } from "./axes.ts";

/** One summand: a whole number times the product of some axes, each at most once. */
export interface Term {
  readonly factor: number;
  readonly names: readonly string[];
}

/** Numbers that something has at the sizes of a grid and at others. */
export interface Sampled {
  readonly names: readonly string[];
  /** Sizes of the grid first, in its order, then others. */
  readonly sizes: readonly Sizes[];
  /** One number for each of the sizes. */
  readonly values: readonly number[];
}

/** Such as `2*batch*sequence+1`. */
export class SizeFormula {
  /** The summands, none of them 0. */
  readonly terms: readonly Term[];

  constructor(terms: readonly Term[]) {
    this.terms = terms;
  }

  /** The formula that gives all the numbers; undefined where there is none. */
  static through({ names, sizes, values }: Sampled): SizeFormula | undefined {
    const factors = interpolated(names, sizes, values);
    const terms = factors.map((factor, place) => ({
      factor,
      names: names.filter((_, axis) => (place >> axis) & 1),
    }));
    const formula = new SizeFormula(terms.filter(({ factor }) => factor !== 0));
    const isWhole = factors.every((factor) => Number.isSafeInteger(factor));
    return isWhole && values.every((value, index) => formula.at(sizes[index]!) === value)
      ? formula
      : undefined;
  }

  /** Its value where the axes have certain sizes. */
  at(sizes: Sizes): number {
    const product = ({ factor, names }: Term): number =>
      names.reduce((result, name) => result * sizes[name]!, factor);
    return this.terms.reduce((sum, term) => sum + product(term), 0);
  }

  /** Its value where it follows from no axis; else undefined. */
  get constant(): number | undefined {
    if (this.terms.length === 0) return 0;
    const [{ factor, names }] = this.terms as [Term];
    return this.terms.length === 1 && names.length === 0 ? factor : undefined;
  }

  /** The formula plus a whole number. */
  plus(value: number): SizeFormula {
    const constant = this.terms.find(({ names }) => names.length === 0)?.factor ?? 0;
    const others = this.terms.filter(({ names }) => names.length > 0);
    const sum = { factor: constant + value, names: [] };
    return new SizeFormula([...(sum.factor === 0 ? [] : [sum]), ...others]);
  }

  /** The formula times a whole number other than 0. */
  times(value: number): SizeFormula {
    return new SizeFormula(
      this.terms.map(({ factor, names }) => ({ factor: factor * value, names })),
    );
  }

  /** How a file and a message write it; an axis alone is its name. */
  toString(): string {
    if (this.terms.length === 0) return "0";
    const text = ({ factor, names }: Term): string =>
      [...(factor === 1 && names.length > 0 ? [] : [factor]), ...names].join("*");
    return this.terms.toReversed().map(text).join("+").replaceAll("+-", "-");
  }
}

// Line by line through the grid: lo + (hi - lo) / (q - p) * (size - p), axis after axis. Factors by the bits of their axes.
function interpolated(
  names: readonly string[],
  sizes: readonly Sizes[],
  values: readonly number[],
): number[] {
  const factors = values.slice(0, 2 ** names.length);
  for (const [axis, name] of names.entries()) {
    const bit = 1 << axis;
    const [p, q] = [sizes[0]![name]!, sizes[bit]![name]!];
    for (let place = 0; place < factors.length; place++) {
      if (place & bit) continue;
      const slope = (factors[place | bit]! - factors[place]!) / (q - p);
      factors[place | bit] = slope;
      factors[place]! -= slope * p;
    }
  }
  return factors;
}
