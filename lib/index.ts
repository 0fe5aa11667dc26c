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
  TracingError,
  VerificationError,
  WorkerError,
} from "./errors.ts";
export type { DType, TypedArray } from "./dtype.ts";
export { broadcastShapes, type Shape } from "./shape.ts";
export { Generator, type GeneratorState } from "./random.ts";
export { type Elements, type NestedArray, Tensor } from "./tensor.ts";
export type { Padding, Size, WindowOptions } from "./window-check.ts";
export type { Pair } from "./window.ts";
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
export {
  conv2d,
  conv2dGradInput,
  conv2dGradWeight,
  type ConvolutionOptions,
} from "./ops/convolution.ts";
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
export {
  batchStatistics,
  normalise,
  type NormaliseOptions,
  type Statistics,
} from "./ops/normalise.ts";
export {
  type AveragePoolOptions,
  avgPool2d,
  avgPool2dGrad,
  maxPool2d,
  maxPool2dGrad,
  type PoolOptions,
} from "./ops/pooling.ts";
export { affine, matmul } from "./ops/product.ts";
export {
  type NormalOptions,
  randomNormal,
  randomUniform,
  type UniformOptions,
} from "./ops/random.ts";
export { argMax, max, mean, type ReduceAxes, sum } from "./ops/reduce.ts";
export { gather, oneHot, scatterAdd } from "./ops/rows.ts";
export { scan, type ScanInputs, type ScanStep } from "./ops/scan.ts";
export { logSoftmax, softmax } from "./ops/softmax.ts";
export { upsampleNearest } from "./ops/upsampling.ts";

// Layers
export {
  type AttentionOptions,
  MultiHeadAttention,
  type MultiHeadAttentionOptions,
} from "./layers/attention.ts";
export { BatchNorm, type BatchNormOptions } from "./layers/batch-norm.ts";
export { Conv2d, type Conv2dOptions } from "./layers/convolution.ts";
export { Dropout, type DropoutOptions } from "./layers/dropout.ts";
export { Embedding, type EmbeddingOptions } from "./layers/embedding.ts";
export { FeedForward, type FeedForwardOptions } from "./layers/feed-forward.ts";
export { Flatten } from "./layers/flatten.ts";
export { GELU, type GELUOptions } from "./layers/gelu.ts";
export { LayerNorm, type LayerNormOptions } from "./layers/layer-norm.ts";
export { Layer, LayerState, Parameter } from "./layers/layer.ts";
export { LeakyReLU } from "./layers/leaky-relu.ts";
export { Linear, type LinearOptions } from "./layers/linear.ts";
export { LSTM, type LSTMOptions } from "./layers/lstm.ts";
export { AvgPool2d, GlobalAvgPool2d, GlobalMaxPool2d, MaxPool2d } from "./layers/pooling.ts";
export { ReLU } from "./layers/relu.ts";
export { Residual } from "./layers/residual.ts";
export { Sequential } from "./layers/sequential.ts";
export { Sigmoid } from "./layers/sigmoid.ts";
export { Softmax } from "./layers/softmax.ts";
export { Tanh } from "./layers/tanh.ts";
export { ConvTranspose2d, type ConvTranspose2dOptions } from "./layers/transposed-convolution.ts";
export { UpsampleNearest2d, type UpsampleOptions } from "./layers/upsampling.ts";
export {
  heNormal,
  type HeOptions,
  heUniform,
  type Initializer,
  type InitOptions,
  xavierNormal,
  xavierUniform,
} from "./init.ts";

// Losses
export {
  BinaryCrossEntropyLoss,
  type BinaryCrossEntropyOptions,
} from "./losses/binary-cross-entropy.ts";
export { CrossEntropyLoss } from "./losses/cross-entropy.ts";
export { Loss, type Reduction } from "./losses/loss.ts";
export { MeanSquaredErrorLoss } from "./losses/mean-squared-error.ts";

// Optimizers
export { Adam, type AdamOptions } from "./optimizers/adam.ts";
export { AdamW } from "./optimizers/adamw.ts";
export { clipByNorm, clipByValue } from "./optimizers/clipping.ts";
export { Optimizer, type StepOfGroup, type UpdateRule } from "./optimizers/optimizer.ts";
export type { OptimizerProgress } from "./optimizers/progress.ts";
export { cosineDecay, type Schedule, stepDecay, warmUp } from "./optimizers/schedules.ts";
export { SGD, type SgdOptions } from "./optimizers/sgd.ts";
export type { OptimizerState } from "./optimizers/state.ts";

// Data
export type { Batch, Batches } from "./data/batches.ts";
export { type BatchOptions, Dataset } from "./data/dataset.ts";
export { loadMnist, type Mnist, type MnistOptions } from "./data/mnist.ts";
export type { Rows } from "./data/rows.ts";

// Files of other programs
export { loadCheckpoint, saveCheckpoint, type Training } from "./interchange/checkpoint.ts";
export { readNpy, writeNpy } from "./interchange/npy.ts";
export { readNpz, writeNpz } from "./interchange/npz.ts";
export { saveOnnx, toOnnx } from "./interchange/onnx/export.ts";
export { fromOnnx, loadOnnx } from "./interchange/onnx/load.ts";
export { OnnxModel } from "./interchange/onnx/onnx-model.ts";
export type { OnnxPort } from "./interchange/onnx/ports.ts";
export type { OnnxInput, OnnxOptions } from "./interchange/onnx/options.ts";
export {
  readSafetensors,
  type Safetensors,
  type SafetensorsOptions,
  writeSafetensors,
} from "./interchange/safetensors.ts";
export { loadWeights, saveWeights } from "./interchange/save-weights.ts";
export {
  type Layout,
  type LayoutOptions,
  loadStateDict,
  stateDict,
} from "./interchange/state-dict.ts";

// Compilation
export { compile, type CompiledStep, type StepResults } from "./compile/compile.ts";
export { RunInterrupted } from "./compile/run-interrupted.ts";
export type { CompileOptions } from "./compile/compile-options.ts";
export type { StepFunction, Tensors } from "./compile/step-types.ts";

// Training
export {
  ConfusionMatrix,
  confusionMatrix,
  type ConfusionOptions,
} from "./training/confusion-matrix.ts";
export { fit, type FitOptions, TrainingInterrupted } from "./training/fit.ts";
export { checkGradients, type GradientCheckOptions } from "./training/gradient-check.ts";
export { GradientReport, type GradientResult } from "./training/gradient-report.ts";
export { History } from "./training/history.ts";
export { accuracy, type ClassTargets } from "./training/metrics.ts";
export { predict, type PredictOptions } from "./training/predict.ts";
export type {
  EpochRecord,
  ProgressReporter,
  StepEvent,
  TrainingPlan,
} from "./training/progress.ts";

// Figures
export { Figure } from "./plot/figure.ts";
export { type BarsOptions, type HistogramOptions, plotBars, plotHistogram } from "./plot/bars.ts";
export { Drawing } from "./plot/drawing.ts";
export { type FramesOptions, plotFrames } from "./plot/frames.ts";
export { type HeatMapOptions, plotHeatMap } from "./plot/heat-map.ts";
export { type ImagesOptions, plotImages } from "./plot/images.ts";
export { drawNetwork, type NetworkOptions } from "./plot/network.ts";
export { plotNetwork } from "./plot/network-figure.ts";
export { type PanelsOptions, plotPanels } from "./plot/panels.ts";
export { plotLine, plotScatter } from "./plot/xy.ts";
export type { SeriesOptions, XyOptions } from "./plot/series.ts";
export type { Names, Table, Values } from "./plot/values.ts";
