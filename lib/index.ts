// The public list of the library, grouped by folder.

// Foundations
export {
  ArgumentError,
  BackendError,
  DataError,
  DTypeError,
  GradientError,
  GradlabError,
  InterruptedError,
  ShapeError,
  StateError,
} from "./errors.ts";
export type { DType, TypedArray } from "./dtype.ts";
export { broadcastShapes, type Shape } from "./shape.ts";
export { Generator, type GeneratorState } from "./random.ts";
export { type NestedArray, Tensor } from "./tensor.ts";
export type { MimeBundle } from "./display.ts";

// Backends
export { useBackend } from "./backends/select.ts";

// Ops
export { add, div, maximum, minimum, mul, sub } from "./ops/arithmetic.ts";
export {
  concat,
  expand,
  flip,
  pad,
  type Range,
  reshape,
  slice,
  split,
  transpose,
} from "./ops/arrange.ts";
export { equal, greater, less, where } from "./ops/comparison.ts";
export { cast, constant, stopGradient } from "./ops/convert.ts";
export {
  arange,
  type ArangeOptions,
  type CreationOptions,
  eye,
  fromTypedArray,
  type FromTypedArrayOptions,
  full,
  ones,
  tensor,
  zeros,
} from "./ops/creation.ts";
export type { Operand } from "./ops/dispatch.ts";
export {
  abs,
  erf,
  exp,
  log,
  neg,
  reciprocal,
  relu,
  reluMask,
  sigmoid,
  sqrt,
  tanh,
} from "./ops/elementwise.ts";
export { affine, matmul } from "./ops/product.ts";
export {
  type NormalOptions,
  randomNormal,
  randomUniform,
  type UniformOptions,
} from "./ops/random.ts";
export { argMax, max, mean, type ReduceAxes, sum } from "./ops/reduce.ts";
export { gather, oneHot, scatterAdd } from "./ops/rows.ts";
export { logSoftmax, softmax } from "./ops/softmax.ts";

// Figures
export { Figure } from "./plot/figure.ts";
export { type BarsOptions, type HistogramOptions, plotBars, plotHistogram } from "./plot/bars.ts";
export { type FramesOptions, plotFrames } from "./plot/frames.ts";
export { type HeatMapOptions, plotHeatMap } from "./plot/heat-map.ts";
export { type ImagesOptions, plotImages } from "./plot/images.ts";
export { plotLine, plotScatter } from "./plot/xy.ts";
export type { SeriesOptions, XyOptions } from "./plot/series.ts";
export type { Table, Values } from "./plot/values.ts";
