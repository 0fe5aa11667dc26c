// Windows that slide over images, for convolution and pooling: where they stand and how many places they have.

/** A number for height and one for width. */
export type Pair = readonly [height: number, width: number];

/** How a window slides over an image; all four are known numbers. */
export interface Window {
  /** Rows and columns that the window looks at. */
  readonly kernelSize: Pair;
  /** How far it moves from one place to the next. */
  readonly stride: Pair;
  /** Rows and columns of edge around the image: before and after, for height and width. */
  readonly padding: readonly [Pair, Pair];
  /** Distance of the elements that it looks at; 1 leaves no gaps. */
  readonly dilation: Pair;
}

/** No edge at all. */
export const NO_EDGE: Window["padding"] = [
  [0, 0],
  [0, 0],
];

/** Rows and columns from the window's first element to its last, gaps counted. */
export function reach({ kernelSize, dilation }: Window): Pair {
  return [(kernelSize[0] - 1) * dilation[0] + 1, (kernelSize[1] - 1) * dilation[1] + 1];
}

/**
 * Places of the window in an image of `inputSize`: outHeight and outWidth.
 *
 * out = floor((in + before + after - ((kernel - 1) * dilation + 1)) / stride) + 1
 *
 * @source Dumoulin & Visin 2016, "A guide to convolution arithmetic for deep learning", relationship 6 and section 5.1
 */
export function placesOf(window: Window, inputSize: Pair): Pair {
  const along = (axis: 0 | 1): number => {
    const [before, after] = window.padding[axis];
    const room = inputSize[axis] + before + after - reach(window)[axis];
    return Math.floor(room / window.stride[axis]) + 1;
  };
  return [along(0), along(1)];
}

/** Rows or columns of edge that leave ceil(length / stride) places: half before, the odd one after. */
export function samePadding(axis: 0 | 1, window: Window, length: number): Pair {
  const step = window.stride[axis];
  const covered = (Math.ceil(length / step) - 1) * step + reach(window)[axis];
  const total = Math.max(0, covered - length);
  const before = Math.floor(total / 2);
  return [before, total - before];
}
