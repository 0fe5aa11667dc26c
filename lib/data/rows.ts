// Rows: where the numbers of a data set live until a batch asks for them.
import { fromTypedArray } from "../ops/creation.ts";
import { gather } from "../ops/rows.ts";
import type { Shape } from "../shape.ts";
import { sizeOf } from "../shape.ts";
import type { Tensor } from "../tensor.ts";

/** Numbers of a data set, one row per example. */
export interface Rows {
  readonly count: number;
  /** Shape of one row: `[784]` for a flattened digit, `[]` for a class index. */
  readonly rowShape: Shape;
  /** The rows of these indices, in this order, as one tensor `[index.length, ...rowShape]`. */
  take(index: Int32Array): Tensor;
}

/** Rows of a tensor `[count, ...rowShape]`. */
export function tensorRows(values: Tensor): Rows {
  const [count, ...rowShape] = values.shape;
  return {
    count: count ?? 0,
    rowShape,
    take: (index) => gather(values, fromTypedArray(index, [index.length])),
  };
}

/**
 * Rows of bytes that become float32 in 0..1 when they are taken: a quarter of the memory of float32.
 *
 * @param bytes - all rows, one after the other
 */
export function byteRows(bytes: Uint8Array, rowShape: Shape): Rows {
  const rowSize = sizeOf(rowShape);
  const fraction = Float32Array.from({ length: 256 }, (_, byte) => byte / 255);
  return {
    count: bytes.length / rowSize,
    rowShape,
    take(index) {
      const values = new Float32Array(index.length * rowSize);
      let to = 0;
      for (const row of index) {
        const from = row * rowSize;
        for (let i = 0; i < rowSize; i++) values[to++] = fraction[bytes[from + i]!]!;
      }
      return fromTypedArray(values, [index.length, ...rowShape], { copy: false });
    },
  };
}
