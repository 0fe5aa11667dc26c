// A tensor at a glance: a small picture of its first matrix, or of how its numbers are spread.
import { escapeHtml } from "./display.ts";
import type { DType, TypedArray } from "./dtype.ts";
import { pngAddress } from "./png.ts";
import { type Shape, sizeOf } from "./shape.ts";

/** What a picture is made of. */
export interface Pictured {
  readonly shape: Shape;
  readonly dtype: DType;
  readonly numbers: TypedArray;
}

/** A matrix with fewer rows or columns is read faster as numbers. */
const LEAST_SIDE = 4;
/** A vector with fewer numbers, too. */
const LEAST_NUMBERS = 16;
/** Pixels along the longer side; blocks of a larger matrix are averaged. Enough for a digit of MNIST. */
const MOST_PIXELS = 32;
/** Length of the longer side on the screen. */
const SCREEN_PIXELS = 128;
const BARS = 32;
const BAR_HEIGHT = 24;

type Colour = readonly [red: number, green: number, blue: number];

const BLACK: Colour = [0, 0, 0];
const WHITE: Colour = [255, 255, 255];
/** Ends of the diverging scale of the figures: told apart without colour vision too. */
const NEGATIVE: Colour = [0, 114, 178];
const POSITIVE: Colour = [213, 94, 0];
/** Reads on white and on black. */
const INK: Colour = [119, 119, 119];

/** An `<img>` of the numbers, or nothing when there are too few for a picture to say more than they do. */
export function tensorPicture(pictured: Pictured): string {
  const { shape, numbers } = pictured;
  const rows = shape.at(-2) ?? 1;
  const columns = shape.at(-1) ?? 1;
  const isMatrix = Math.min(rows, columns) >= LEAST_SIDE;
  const shown = isMatrix ? numbers.subarray(0, rows * columns) : numbers;
  const [least, greatest] = range(shown);
  if (least > greatest || sizeOf(shape) < LEAST_NUMBERS) return "";
  const ends = `from ${short(least)} to ${short(greatest)}`;
  return isMatrix
    ? image(heatMap(shown, [rows, columns]), `first matrix, ${ends}`)
    : image(histogram(shown, [least, greatest]), `histogram, ${ends}`);
}

interface Pixels {
  readonly width: number;
  readonly height: number;
  /** `[height, width, 4]` */
  readonly values: Uint8Array;
}

function image({ width, height, values }: Pixels, text: string): string {
  const zoom = SCREEN_PIXELS / Math.max(width, height);
  const size = `width="${Math.round(width * zoom)}" height="${Math.round(height * zoom)}"`;
  const address = pngAddress(width, height, values);
  return `<img src="${address}" ${size} style="image-rendering:pixelated" alt="${escapeHtml(text)}" title="${escapeHtml(text)}">`;
}

/** The first matrix; grey without negative numbers, else blue over white to vermillion around 0. */
function heatMap(numbers: TypedArray, [rows, columns]: readonly [number, number]): Pixels {
  const step = Math.max(1, Math.ceil(Math.max(rows, columns) / MOST_PIXELS));
  const [height, width] = [Math.ceil(rows / step), Math.ceil(columns / step)];
  const means = Float64Array.from({ length: height * width }, (_, at) =>
    blockMean(numbers, {
      columns,
      top: Math.floor(at / width) * step,
      left: (at % width) * step,
      bottom: Math.min(rows, (Math.floor(at / width) + 1) * step),
      right: Math.min(columns, ((at % width) + 1) * step),
    }),
  );
  const colour = colourScale(range(means));
  return { width, height, values: paint(means.length, (at) => colour(means[at]!)) };
}

interface Block {
  readonly columns: number;
  readonly top: number;
  readonly left: number;
  readonly bottom: number;
  readonly right: number;
}

function blockMean(numbers: TypedArray, { columns, top, left, bottom, right }: Block): number {
  let sum = 0;
  for (let row = top; row < bottom; row += 1) {
    for (let column = left; column < right; column += 1) sum += numbers[row * columns + column]!;
  }
  return sum / ((bottom - top) * (right - left));
}

function colourScale([least, greatest]: readonly [number, number]): (value: number) => Colour {
  if (least >= 0) {
    const span = greatest - least || 1;
    return (value) => mix(BLACK, WHITE, (value - least) / span);
  }
  const largest = Math.max(-least, greatest);
  return (value) => mix(WHITE, value < 0 ? NEGATIVE : POSITIVE, Math.abs(value) / largest);
}

function mix(from: Colour, to: Colour, share: number): Colour {
  const part = (at: 0 | 1 | 2): number => Math.round(from[at] + (to[at] - from[at]) * share);
  return [part(0), part(1), part(2)];
}

/** How many of the finite numbers lie in each of equally wide intervals, as bars. */
function histogram(numbers: TypedArray, [least, greatest]: readonly [number, number]): Pixels {
  const counts = new Float64Array(BARS);
  const span = greatest - least || 1;
  for (const number of numbers) {
    if (!Number.isFinite(number)) continue;
    counts[Math.min(BARS - 1, Math.floor(((number - least) / span) * BARS))]! += 1;
  }
  const tallest = Math.max(...counts);
  const heights = counts.map((count) => Math.ceil((count / tallest) * BAR_HEIGHT));
  const values = paint(BARS * BAR_HEIGHT, (at) =>
    BAR_HEIGHT - Math.floor(at / BARS) <= heights[at % BARS]! ? INK : undefined,
  );
  return { width: BARS, height: BAR_HEIGHT, values };
}

/** Colours as red, green, blue and opacity; what has none is transparent, and so is what is not a number. */
function paint(length: number, colourAt: (at: number) => Colour | undefined): Uint8Array {
  const values = new Uint8Array(length * 4);
  for (let at = 0; at < length; at += 1) {
    const colour = colourAt(at);
    if (colour && !colour.some(Number.isNaN)) values.set([...colour, 255], at * 4);
  }
  return values;
}

/** Least and greatest finite number; the first is the larger one when there is none. */
function range(numbers: ArrayLike<number>): [number, number] {
  let [least, greatest] = [Infinity, -Infinity];
  for (let at = 0; at < numbers.length; at += 1) {
    const number = numbers[at]!;
    if (!Number.isFinite(number)) continue;
    least = Math.min(least, number);
    greatest = Math.max(greatest, number);
  }
  return [least, greatest];
}

function short(number: number): string {
  return Number.isInteger(number) ? String(number) : number.toPrecision(4);
}
