// Shapes: sizes, strides, broadcasting, and how a message writes them. Pure arithmetic, no messages of its own.

/** Sizes of the axes, outermost first; a scalar is `[]`. */
export type Shape = readonly number[];

/** Number of elements: the product of the sizes, 1 for a scalar. */
export function sizeOf(shape: Shape): number {
  return shape.reduce((product, length) => product * length, 1);
}

/** Row-major strides: how many elements one step along each axis skips. */
export function stridesOf(shape: Shape): number[] {
  const strides = Array.from(shape, () => 1);
  for (let axis = shape.length - 2; axis >= 0; axis--) {
    strides[axis] = strides[axis + 1]! * shape[axis + 1]!;
  }
  return strides;
}

/** Whether two shapes have the same axes. */
export function sameShape(a: Shape, b: Shape): boolean {
  return a.length === b.length && a.every((length, axis) => length === b[axis]);
}

/** How messages write a shape: `[2, 3]`. */
export function shapeText(shape: Shape): string {
  return `[${shape.join(", ")}]`;
}

/**
 * The shape that both operands broadcast to, as in NumPy: aligned at the last axis, sizes equal or 1.
 *
 * @returns undefined when the shapes do not fit
 */
export function broadcastShapes(a: Shape, b: Shape): number[] | undefined {
  const rank = Math.max(a.length, b.length);
  const result: number[] = [];
  for (let axis = 0; axis < rank; axis++) {
    const fromA = a[axis - rank + a.length] ?? 1;
    const fromB = b[axis - rank + b.length] ?? 1;
    if (fromA !== fromB && fromA !== 1 && fromB !== 1) return undefined;
    result.push(fromA === 1 ? fromB : fromA);
  }
  return result;
}

/** Strides that read an array of shape `from` as if it had shape `to`: 0 along every axis that repeats. */
export function broadcastStrides(from: Shape, to: Shape): number[] {
  const own = stridesOf(from);
  const missing = to.length - from.length;
  return to.map((length, axis) => {
    if (axis < missing) return 0;
    return from[axis - missing] === length ? own[axis - missing]! : 0;
  });
}

/** Shape that is left after reducing `axes`: those axes become 1 or vanish. */
export function reducedShape(shape: Shape, axes: readonly number[], keepDims: boolean): number[] {
  const kept = shape.map((length, axis) => (axes.includes(axis) ? 1 : length));
  return keepDims ? kept : kept.filter((_, axis) => !axes.includes(axis));
}
