// Rows: where the numbers of a data set live until a batch asks for them.
import { checkIndexValues } from "../check.ts";
import type { TypedArray } from "../dtype.ts";
import { onDemand } from "../ops/creation.ts";
import { type Shape, sizeOf } from "../shape.ts";
import type { Tensor } from "../tensor.ts";

/** Numbers of a data set, one row per example. */
export interface Rows {
  readonly count: number;
  /** Shape of one row: `[784]` for a flattened digit, `[]` for a class index. */
  readonly rowShape: Shape;
  /** The rows of these indices, in this order, as one tensor `[index.length, ...rowShape]`; nobody changes `index`. */
  take(index: Int32Array): Tensor;
}

/** Rows of a tensor `[count, ...rowShape]`. */
export function tensorRows(values: Tensor): Rows {
  const [count = 0, ...rowShape] = values.shape;
  return {
    count,
    rowShape,
    take(index) {
      checkIndexValues("Dataset", index, count);
      return onDemand([index.length, ...rowShape], values.dtype, (out) =>
        copyRows(values.backend.read(values.value), index, out),
      );
    },
  };
}

function copyRows(numbers: TypedArray, index: Int32Array, out: TypedArray): void {
  const rowSize = out.length / index.length;
  for (let i = 0; i < index.length; i++) {
    const from = index[i]! * rowSize;
    out.set(numbers.subarray(from, from + rowSize), i * rowSize);
  }
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
    take: (index) =>
      onDemand([index.length, ...rowShape], "float32", (out) => {
        let to = 0;
        for (const row of index) {
          const from = row * rowSize;
          for (let i = 0; i < rowSize; i++) out[to++] = fraction[bytes[from + i]!]!;
        }
      }),
  };
}
