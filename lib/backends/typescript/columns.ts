// Windows of an image laid out as the columns of a matrix, which turns a convolution into a matrix product.
import type { TypedArray } from "../../dtype.ts";
import { type Pair, placesOf, type Window } from "../../window.ts";

/** Some channels of one image inside a typed array: where they start, and how large they are. */
export interface ImageView {
  readonly data: TypedArray;
  readonly start: number;
  readonly channels: number;
  readonly size: Pair;
}

/** Numbers of a column and columns of the matrix: `[channels * kernelHeight * kernelWidth, outHeight * outWidth]`. */
export function columnsSize({ channels, size }: ImageView, window: Window): [number, number] {
  const [kernelHeight, kernelWidth] = window.kernelSize;
  const [outHeight, outWidth] = placesOf(window, size);
  return [channels * kernelHeight * kernelWidth, outHeight * outWidth];
}

/**
 * columns[(c, i, j), (y, x)] = image[c, y * stride + i * dilation - padding, ...], 0 in the padding
 *
 * Row (c, i, j) is the image as the kernel's element (i, j) sees it from all places.
 */
export function imageToColumns(image: ImageView, window: Window, columns: TypedArray): void {
  columns.fill(0);
  forEachRow(image, window, ({ at, step, to, count }) => {
    for (let k = 0; k < count; k++) columns[to + k] = image.data[at + k * step]!;
  });
}

/** The adjoint: every column's numbers are added to the elements of the image that they were copied from. */
export function columnsToImage(columns: TypedArray, image: ImageView, window: Window): void {
  forEachRow(image, window, ({ at, step, to, count }) => {
    for (let k = 0; k < count; k++) image.data[at + k * step]! += columns[to + k]!;
  });
}

/** `count` neighbours of a row of the matrix from `to` on; in the image they start at `at`, `step` apart. */
interface MatrixRow {
  at: number;
  step: number;
  to: number;
  count: number;
}

// Visits the matrix row by row of the image, without the parts that lie in the padding. The object is reused.
function forEachRow(image: ImageView, window: Window, visit: (row: MatrixRow) => void): void {
  const [height, width] = image.size;
  const [kernelHeight, kernelWidth] = window.kernelSize;
  const [outHeight, outWidth] = placesOf(window, image.size);
  const row: MatrixRow = { at: 0, step: window.stride[1], to: 0, count: 0 };
  let matrixRow = 0;
  for (let c = 0; c < image.channels; c++) {
    for (let i = 0; i < kernelHeight; i++) {
      for (let j = 0; j < kernelWidth; j++, matrixRow += outHeight * outWidth) {
        const left = j * window.dilation[1] - window.padding[1][0];
        const [from, end] = placesInside(left, window.stride[1], width, outWidth);
        row.count = end - from;
        if (row.count <= 0) continue;
        for (let y = 0; y < outHeight; y++) {
          const v = y * window.stride[0] + i * window.dilation[0] - window.padding[0][0];
          if (v < 0 || v >= height) continue;
          row.at = image.start + (c * height + v) * width + left + from * window.stride[1];
          row.to = matrixRow + y * outWidth + from;
          visit(row);
        }
      }
    }
  }
}

// The places x from `from` up to `end` for which 0 <= x * stride + left < length.
function placesInside(left: number, stride: number, length: number, places: number): Pair {
  const from = left >= 0 ? 0 : Math.ceil(-left / stride);
  const end = Math.min(places, Math.ceil((length - left) / stride));
  return [from, end];
}
