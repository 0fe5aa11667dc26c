// Named axes, and the sizes that a model is recorded with to see what follows from each of them.

/** Sizes of the named axes, such as `{ batch: 37 }`. */
export type Sizes = Readonly<Record<string, number>>;

/** What a model is recorded with. */
export interface Samplings {
  /** Names of the axes. */
  readonly names: readonly string[];
  /** Two sizes for each axis, in every combination: bit a of the place says which of the two axis a has. */
  readonly grid: readonly Sizes[];
  /** Other sizes, at which what the grid shows must hold as well. */
  readonly checks: readonly Sizes[];
}

/** Two sizes for the grid and a larger one, for each axis; primes, so that no size looks like a product of others. */
const PRIMES = [
  [37, 41, 127],
  [43, 47, 113],
  [53, 59, 109],
  [61, 67, 103],
] as const;

/** Sizes that code likes to treat by themselves. */
const SMALL = [1, 2];

/** More axes than this take too many combinations. */
export const MOST_AXES: number = PRIMES.length;

/** The sizes to record with, for up to `MOST_AXES` names. */
export function samplings(names: readonly string[]): Samplings {
  const sizesBy = (pick: (axis: number) => number): Sizes =>
    Object.fromEntries(names.map((name, axis) => [name, pick(axis)]));
  const grid = Array.from({ length: 2 ** names.length }, (_, place) =>
    sizesBy((axis) => PRIMES[axis]![(place >> axis) & 1]!),
  );
  const checks = names.flatMap((_, checked) =>
    [...SMALL, PRIMES[checked]![2]].map((size) =>
      sizesBy((axis) => (axis === checked ? size : PRIMES[axis]![0])),
    ),
  );
  return { names, grid, checks };
}

/** A shape with sizes in place of names: `["batch", 784]` is `[37, 784]`. */
export function sized(shape: readonly (number | string)[], sizes: Sizes): number[] {
  return shape.map((length) => (typeof length === "number" ? length : sizes[length]!));
}

/** Sizes as a message writes them: `batch = 37, sequence = 43`. */
export function sizesText(sizes: Sizes): string {
  return Object.entries(sizes)
    .map(([name, size]) => `${name} = ${size}`)
    .join(", ");
}

/** Names of the axes that differ. */
export function differing(a: Sizes, b: Sizes): string[] {
  return Object.keys(a).filter((name) => a[name] !== b[name]);
}
