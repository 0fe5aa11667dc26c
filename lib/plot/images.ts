// Grids of small images: digits, weights, filters.
import type { Tensor } from "../tensor.ts";
import { type ColourScaleName, INK } from "./colours.ts";
import type { Annotation, Axis, Datum } from "./description.ts";
import { Figure } from "./figure.ts";
import { cellTrace, chooseColours } from "./heat-map.ts";
import { countOf } from "./numbers.ts";
import { argumentProblem, shapeProblem } from "./problems.ts";
import { axisFor } from "./scales.ts";
import { simpleFigure } from "./traces.ts";
import {
  isTensor,
  readTable,
  readTensor,
  requireSameLength,
  type Table,
  type Names,
  readNames,
} from "./values.ts";
import { listInWords } from "./words.ts";

/** What `plotImages` takes. */
export interface ImagesOptions {
  title: string;
  /** Text over each image. */
  labels?: Names;
  /** Images side by side; at most 10 when left out. */
  columns?: number;
  /** Width of one image in pixels, when images come as rows and are not square. */
  width?: number;
  /** Grey when no number is negative, diverging around 0 otherwise. */
  colours?: ColourScaleName;
  /** The numbers that get the first and the last colour. */
  range?: readonly [number, number];
  /** Said instead of the picture; derived from the data when left out. */
  alt?: string;
}

/** One image: rows of pixels. */
type Image = Datum[][];

interface Grid {
  columns: number;
  rows: number;
  /** Steps from one image to the next, in pixels of the images. */
  stepX: number;
  stepY: number;
  /** Rows kept free over each image for its label. */
  head: number;
}

const MOST_IMAGES = 200;
const LABEL_SIZE = 12;
/** Width of the static picture without its margins, in screen pixels. */
const ROOM = 660;
/** An image is not shown larger than this, in screen pixels per pixel. */
const LARGEST_ZOOM = 8;

/**
 * Small images side by side, all in the same colours.
 *
 * @param images - `[count, height, width]`, `[count, pixels]` (square unless `width` is given), or a list of lists
 * @example plotImages(inputs, { title: "Digits", labels: targets })
 * @throws {ArgumentError} when there are no images or more than 200
 * @throws {ShapeError} when rows are no images, or labels do not match
 */
export function plotImages(images: Table, options: ImagesOptions): Figure {
  const list = readImages(images, options.width);
  const labels = options.labels === undefined ? undefined : readNames(options.labels);
  if (labels !== undefined) {
    requireSameLength(["plotImages: labels", labels.length], ["the images", list.length]);
  }
  const size = { height: list[0]?.length ?? 0, width: list[0]?.[0]?.length ?? 0 };
  const grid = gridFor(list.length, { ...size, labelled: labels !== undefined }, options.columns);
  const z = mosaic(list, grid);
  const negative = z.some((row) => row.some((value) => value !== null && value < 0));
  const colours = chooseColours("plotImages", z, {
    colours: negative ? "diverging" : "grey",
    ...options,
  });
  const height = Math.round((z.length * ROOM) / Math.max(z[0]?.length ?? 1, ROOM / LARGEST_ZOOM));
  const description = simpleFigure(
    { title: options.title, height: height + 56 },
    {
      data: [cellTrace(z, colours)],
      xaxis: hiddenAxis([-0.5, grid.columns * grid.stepX - 1.5]),
      yaxis: hiddenAxis([grid.rows * grid.stepY - 1.5, -0.5]),
      annotations: labels === undefined ? [] : captions(labels, grid, size.width),
      isSquare: true,
    },
  );
  return new Figure(description, {
    alt: options.alt ?? imagesInWords(list.length, size, labels),
    sketch: [],
  });
}

function readImages(images: Table, width: number | undefined): Image[] {
  const list =
    isTensor(images) && images.shape.length === 3 ? splitTensor(images) : splitTable(images, width);
  if (list.length <= MOST_IMAGES) return list;
  throw argumentProblem({
    expected: `plotImages shows at most ${MOST_IMAGES} images`,
    got: String(list.length),
    fix: "Take a part of them, for example dataset.subset(40).inputs.",
  });
}

function splitTensor(images: Tensor): Image[] {
  const [count = 0, height = 0, width = 0] = images.shape;
  const pixels = Array.from(readTensor("plotImages: images", images, 3));
  const size = height * width;
  const rows = Array.from({ length: count }, (_, index) =>
    pixels.slice(index * size, (index + 1) * size),
  );
  return readTable("plotImages: images", rows).map((row) => splitRow(row, width));
}

function splitTable(images: Table, width: number | undefined): Image[] {
  const table = readTable("plotImages: images", images);
  const pixels = table[0]?.length ?? 0;
  const side = width ?? Math.sqrt(pixels);
  if (!Number.isInteger(side) || side < 1 || pixels % side !== 0) {
    throw shapeProblem({
      expected: `plotImages: images must be rows of ${width === undefined ? "a square number of" : `a multiple of ${width}`} pixels`,
      got: countOf(pixels, "pixel"),
      fix: "Give width, the pixels in one line of an image, or pass a tensor [count, height, width].",
    });
  }
  return table.map((row) => splitRow(row, side));
}

function splitRow(row: readonly Datum[], width: number): Image {
  return Array.from({ length: row.length / width }, (_, y) =>
    row.slice(y * width, (y + 1) * width),
  );
}

function gridFor(
  count: number,
  image: { height: number; width: number; labelled: boolean },
  wanted: number | undefined,
): Grid {
  const columns = Math.min(count, Math.max(1, Math.floor(wanted ?? Math.min(10, count))));
  const gap = Math.max(1, Math.round(image.width / 12));
  const zoom = Math.min(LARGEST_ZOOM, ROOM / (columns * (image.width + gap)));
  const head = image.labelled ? Math.ceil((LABEL_SIZE + 5) / zoom) : 0;
  return {
    columns,
    rows: Math.ceil(count / columns),
    stepX: image.width + gap,
    stepY: image.height + gap + head,
    head,
  };
}

/** All images in one table of pixels, with gaps between. */
function mosaic(list: readonly Image[], grid: Grid): Datum[][] {
  const width = grid.columns * grid.stepX - 1;
  const height = grid.rows * grid.stepY - 1;
  const z: Datum[][] = Array.from({ length: height }, () =>
    Array.from({ length: width }, () => null),
  );
  for (const [index, image] of list.entries()) {
    const left = (index % grid.columns) * grid.stepX;
    const top = Math.floor(index / grid.columns) * grid.stepY + grid.head;
    for (const [y, row] of image.entries()) z[top + y]?.splice(left, row.length, ...row);
  }
  return z;
}

function captions(labels: readonly string[], grid: Grid, width: number): Annotation[] {
  return labels.map((text, index) => ({
    x: (index % grid.columns) * grid.stepX + (width - 1) / 2,
    y: Math.floor(index / grid.columns) * grid.stepY + grid.head - 0.5,
    text,
    showarrow: false,
    font: { size: LABEL_SIZE, color: INK },
    yanchor: "bottom",
  }));
}

function hiddenAxis(range: [number, number]): Axis {
  return { ...axisFor([], { label: "", range }), visible: false, showgrid: false };
}

function imagesInWords(
  count: number,
  { height, width }: { height: number; width: number },
  labels: readonly string[] | undefined,
): string {
  const shown = labels === undefined ? "" : `, labelled ${listInWords(labels)}`;
  return `${countOf(count, "image")} of ${height} by ${width} pixels${shown}.`;
}
