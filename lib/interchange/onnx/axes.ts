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

/** For each axis two sizes of the grid, and a larger one. */
type Spread = readonly (readonly [number, number, number])[];

/** Sizes to record with; the first ones that a model takes count. */
export const SPREADS: readonly Spread[] = [
  // Primes, so that no size looks like a product of others.
  [
    [37, 41, 127],
    [43, 47, 113],
    [53, 59, 109],
    [61, 67, 103],
  ],
  // For models that take only short sequences.
  [
    [5, 7, 13],
    [6, 8, 11],
    [9, 10, 14],
    [3, 4, 12],
  ],
  // For images that are halved up to five times, and doubled again.
  [
    [64, 96, 160],
    [128, 192, 224],
    [256, 288, 352],
    [32, 320, 416],
  ],
];

/** Sizes that code likes to treat by themselves. */
const SMALL = [1, 2];

/** More axes than this take too many combinations. */
export const MOST_AXES = 4;

/** The sizes to record with, for up to `MOST_AXES` names. */
export function samplings(names: readonly string[], spread: Spread): Samplings {
  const sizesBy = (pick: (axis: number) => number): Sizes =>
    Object.fromEntries(names.map((name, axis) => [name, pick(axis)]));
  const grid = Array.from({ length: 2 ** names.length }, (_, place) =>
    sizesBy((axis) => spread[axis]![(place >> axis) & 1]!),
  );
  const oneByOne = names.flatMap((_, checked) =>
    [...SMALL, spread[checked]![2]].map((size) =>
      sizesBy((axis) => (axis === checked ? size : spread[axis]![0])),
    ),
  );
  // A product of axes is small only where all of them are.
  const together = names.length > 1 ? [sizesBy(() => 1)] : [];
  return { names, grid, checks: [...oneByOne, ...together] };
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
