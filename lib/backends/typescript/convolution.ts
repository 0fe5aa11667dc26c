// Convolution and its two gradients as matrix products with the columns of each image, group by group.
import { allocate } from "../../dtype.ts";
import { placesOf } from "../../window.ts";
import type { Backend, ConvolutionOptions, InputSize } from "../backend.ts";
import { columnsSize, columnsToImage, type ImageView, imageToColumns } from "./columns.ts";
import { emptyArray, type HostArray } from "../host-array.ts";
import { type MatrixView, type Multiply, transposedView } from "../matrix.ts";

/** The convolution of a backend whose matrices are multiplied by `multiply`, and its gradients. */
export function convolutionsWith(
  multiply: Multiply,
): Pick<Backend, "conv2d" | "conv2dGradInput" | "conv2dGradWeight"> {
  return {
    conv2d: (x, weight, options) => conv2d(multiply, x as HostArray, weight as HostArray, options),
    conv2dGradInput: (g, weight, options) =>
      conv2dGradInput(multiply, g as HostArray, weight as HostArray, options),
    conv2dGradWeight: (x, g, options) =>
      conv2dGradWeight(multiply, x as HostArray, g as HostArray, options),
  };
}

// output`[outChannels, places]` = weight`[outChannels, window]` x columns`[window, places]`, for each image and group
function conv2d(
  multiply: Multiply,
  input: HostArray,
  weight: HostArray,
  options: ConvolutionOptions,
): HostArray {
  const { window } = options;
  const [batch, , height, width] = input.shape;
  const places = placesOf(window, [height!, width!]);
  const out = emptyArray([batch!, weight.shape[0]!, ...places], input.dtype);
  forEachGroup(input, out, options, ({ image, outStart, group, outChannels: m }) => {
    const [k, n] = columnsSize(image, window);
    const columns = allocate(input.dtype, k * n);
    imageToColumns(image, window, columns);
    const a = rows(weight, group * m * k, k);
    const b = { data: columns, start: 0, rowStep: n, columnStep: 1 };
    multiply({ m, n, k, a, b, alpha: 1, out: out.data, outStart });
  });
  return out;
}

// columns`[window, places]` = weightᵀ x gradOutput`[outChannels, places]`; each column adds to its window of the image
function conv2dGradInput(
  multiply: Multiply,
  gradOutput: HostArray,
  weight: HostArray,
  options: ConvolutionOptions & InputSize,
): HostArray {
  const { window, groups, inputSize } = options;
  const inChannels = weight.shape[1]! * groups;
  const out = emptyArray([gradOutput.shape[0]!, inChannels, ...inputSize], gradOutput.dtype);
  // Windows overlap: the sums are made in float64 and rounded once.
  const sums = { ...out, data: new Float64Array(out.data.length) };
  forEachGroup(sums, gradOutput, options, ({ image, outStart, group, outChannels: k }) => {
    const [m, n] = columnsSize(image, window);
    const columns = new Float64Array(m * n);
    const a = transposedView(rows(weight, group * k * m, m));
    const b = rows(gradOutput, outStart, n);
    multiply({ m, n, k, a, b, alpha: 1, out: columns, outStart: 0 });
    columnsToImage(columns, image, window);
  });
  out.data.set(sums.data);
  return out;
}

// gradWeight`[outChannels, window]` = sum over the images of gradOutput`[outChannels, places]` x columnsᵀ
function conv2dGradWeight(
  multiply: Multiply,
  input: HostArray,
  gradOutput: HostArray,
  options: ConvolutionOptions,
): HostArray {
  const { window, groups } = options;
  const inChannels = input.shape[1]! / groups;
  const out = emptyArray([gradOutput.shape[1]!, inChannels, ...window.kernelSize], input.dtype);
  const sums = new Float64Array(out.data.length);
  forEachGroup(input, gradOutput, options, ({ image, outStart, group, outChannels: m }) => {
    const [n, k] = columnsSize(image, window);
    const columns = allocate(input.dtype, n * k);
    imageToColumns(image, window, columns);
    const product = new Float64Array(m * n);
    const a = rows(gradOutput, outStart, k);
    const b = transposedView({ data: columns, start: 0, rowStep: k, columnStep: 1 });
    multiply({ m, n, k, a, b, alpha: 1, out: product, outStart: 0 });
    for (let i = 0; i < m * n; i++) sums[group * m * n + i]! += product[i]!;
  });
  out.data.set(sums);
  return out;
}

interface Group {
  /** The group's channels of one image of the input. */
  readonly image: ImageView;
  /** Where the group's channels of the same image start in the output. */
  readonly outStart: number;
  readonly group: number;
  /** Channels of the output in this group. */
  readonly outChannels: number;
}

function forEachGroup(
  input: HostArray,
  output: HostArray,
  { groups }: ConvolutionOptions,
  visit: (group: Group) => void,
): void {
  const [batch, allIn, height, width] = input.shape as [number, number, number, number];
  const [, allOut, outHeight, outWidth] = output.shape as [number, number, number, number];
  const [channels, outChannels] = [allIn / groups, allOut / groups];
  for (let b = 0; b < batch; b++) {
    for (let group = 0; group < groups; group++) {
      const start = (b * allIn + group * channels) * height * width;
      const outStart = (b * allOut + group * outChannels) * outHeight * outWidth;
      const image = { data: input.data, start, channels, size: [height, width] } as const;
      visit({ image, outStart, group, outChannels });
    }
  }
}

const rows = ({ data }: HostArray, start: number, columns: number): MatrixView => ({
  data,
  start,
  rowStep: columns,
  columnStep: 1,
});
