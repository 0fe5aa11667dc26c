// Groups: which batches of a list run in one go, and how what their runs give becomes one.
import { sameShape } from "../shape.ts";
import type { NamedResults } from "./program.ts";
import type { Tensors } from "./step-types.ts";

/** Text that tells batches of other shapes, element types or names apart. */
export const shapeKey = (batch: Tensors): string =>
  JSON.stringify(Object.entries(batch).map(([name, { shape, dtype }]) => [name, dtype, shape]));

/** Batches that run in one go. */
export type Group<Batch> = readonly [Batch, ...Batch[]];

/** A full run of equal shapes; what is left over, or has a shape of its own, goes one by one. */
export function firstGroup<Batch extends Tensors>(
  list: readonly Batch[],
  at: number,
  stepsPerRun: number,
): Group<Batch> {
  const first = list[at]!;
  const group = list.slice(at, at + stepsPerRun);
  const isFull = group.length === stepsPerRun;
  return isFull && group.every((each) => areAlike(each, first))
    ? (group as unknown as Group<Batch>)
    : [first];
}

// The same question as that of the key, which would be garbage at every step.
function areAlike(batch: Tensors, other: Tensors): boolean {
  if (batch === other) return true;
  const names = Object.keys(batch);
  if (names.join() !== Object.keys(other).join()) return false;
  return names.every((name) => {
    const [a, b] = [batch[name]!, other[name]!];
    return a.dtype === b.dtype && sameShape(a.shape, b.shape);
  });
}

/** What several runs gave, by name: one run's numbers behind the other's, for all runs that gave some. */
export function joined(pieces: readonly NamedResults[]): Record<string, Float32Array> {
  const names = [...new Set(pieces.flatMap((piece) => [...piece.keys()]))];
  return Object.fromEntries(
    names.map((name) => {
      const parts = pieces.map((piece) => piece.get(name)).filter((part) => part !== undefined);
      const all = new Float32Array(parts.reduce((length, part) => length + part.length, 0));
      let at = 0;
      for (const part of parts) {
        all.set(part, at);
        at += part.length;
      }
      return [name, all];
    }),
  );
}
