// Shares: how the numbers of a batch are cut for the ranks, and how their results become one again.
import type { TypedArray } from "../../dtype.ts";
import type { Shape } from "../../shape.ts";

/** How an array belongs to several ranks: "same" for all, or so many blocks, each cut into one part for each rank. */
export type Cut = "same" | { readonly blocks: number };

/** How arrays of shape `share`, one for each rank, make one of shape `whole`; undefined where they do not. */
export function cutBetween(whole: Shape, share: Shape, ranks: number): Cut | undefined {
  if (whole.length !== share.length) return undefined;
  const axes = whole.flatMap((length, axis) => (length === share[axis] ? [] : [axis]));
  const [axis] = axes;
  if (axis === undefined) return "same";
  if (axes.length > 1 || whole[axis] !== share[axis]! * ranks) return undefined;
  return { blocks: whole.slice(0, axis).reduce((product, length) => product * length, 1) };
}

/** Where the numbers of a rank go. */
export interface Share {
  readonly rank: number;
  readonly ranks: number;
  readonly cut: Cut;
}

/** Copies a rank's share of `whole` to `target`, from `offset` on. */
export function copyShare(
  whole: TypedArray,
  target: TypedArray,
  offset: number,
  { rank, ranks, cut }: Share,
): void {
  if (cut === "same") {
    target.set(whole, offset);
    return;
  }
  const length = whole.length / cut.blocks / ranks;
  for (let block = 0; block < cut.blocks; block++) {
    const start = (block * ranks + rank) * length;
    target.set(whole.subarray(start, start + length), offset + block * length);
  }
}

/** One array from those of all ranks: the mean of what each has, or the parts of every block side by side. */
export function joinShares(parts: readonly TypedArray[], cut: Cut): Float32Array {
  const ranks = parts.length;
  const [first] = parts as [TypedArray];
  if (cut === "same") {
    const mean = (_: number, i: number): number =>
      parts.reduce((sum, part) => sum + part[i]!, 0) / ranks;
    return Float32Array.from(first as Float32Array, mean);
  }
  const whole = new Float32Array(first.length * ranks);
  const length = first.length / cut.blocks;
  for (let block = 0; block < cut.blocks; block++) {
    for (const [rank, part] of parts.entries()) {
      const share = part.subarray(block * length, (block + 1) * length);
      whole.set(share, (block * ranks + rank) * length);
    }
  }
  return whole;
}
