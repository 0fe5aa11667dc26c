// The contract of a backend: the short list of primitives that ops are made of, with their shapes.
import type { DType, TypedArray } from "../dtype.ts";
import type { Generator } from "../random.ts";
import type { Shape } from "../shape.ts";
import type { Pair, Window } from "../window.ts";

/**
 * What a backend knows about one array. Each backend adds fields of its own (a typed array, the
 * name of a graph node); nobody else looks at them, and nobody writes to a value once it is made.
 */
export interface BackendValue {
  readonly shape: Shape;
  readonly dtype: DType;
}

/** Element-by-element functions of one array; all but `neg` and `abs` take floats only. */
export type UnaryName =
  | "neg"
  | "exp"
  | "log"
  | "sqrt"
  | "abs"
  | "reciprocal"
  | "tanh"
  | "sigmoid"
  | "erf"
  | "relu"
  | "reluMask";

/** Element-by-element functions of two arrays; the result has their element type. */
export type BinaryName = "add" | "sub" | "mul" | "div" | "maximum" | "minimum";

/** Element-by-element questions about two arrays; the result is `bool`. */
export type CompareName = "equal" | "greater" | "less";

/** How several numbers become one. */
export type ReduceName = "sum" | "mean" | "max";

/** Options of a product. */
export interface MatmulOptions {
  /** Read `a` as `[..., k, m]`. */
  readonly transposeA: boolean;
  /** Read `b` as `[..., n, k]`. */
  readonly transposeB: boolean;
  /** Factor of the whole product. */
  readonly alpha: number;
}

/** Axes to reduce, non-negative, ascending, at least one. */
export interface ReduceOptions {
  readonly axes: readonly number[];
  readonly keepDims: boolean;
}

/** One axis of a slice: `size` elements from `start`, `step` apart; a negative step walks backwards. */
export interface SliceRange {
  readonly start: number;
  readonly size: number;
  readonly step: number;
}

/** Settings of a convolution. */
export interface ConvolutionOptions {
  readonly window: Window;
  /** Parts into which the channels are cut. */
  readonly groups: number;
}

/** Settings of average pooling. */
export interface AveragePoolOptions {
  readonly window: Window;
  /** Whether elements of the padding count. */
  readonly countIncludePad: boolean;
}

/** Height and width of the input that a gradient goes back to. */
export interface InputSize {
  readonly inputSize: Pair;
}

/** What a scan starts with: states, and sequences `[steps, ...]`. */
export interface ScanValues {
  readonly states: readonly BackendValue[];
  readonly sequences: readonly BackendValue[];
}

/** The states after a step, and what is kept of it; after all steps, what was kept is `[steps, ...]`. */
export interface ScanResult {
  readonly states: readonly BackendValue[];
  readonly outputs: readonly BackendValue[];
}

/** One step of a scan. */
export type ScanBody = (
  states: readonly BackendValue[],
  items: readonly BackendValue[],
) => ScanResult;

/** Writes numbers of chance, or others that the host computes anew for every step. */
export type Draw = (out: TypedArray) => void;

/** What is drawn. */
export interface DrawnType {
  readonly dtype: DType;
  /** Where the chance comes from; numbers that are counted or looked up have none. */
  readonly random?: Generator;
}

/**
 * The primitives. Arguments have been checked by the ops: element types agree, shapes fit, axes are
 * non-negative, no axis has length 0. Results in `float32` are rounded once, from float64.
 */
export interface Backend {
  readonly name: string;

  /** An array from numbers that the backend may keep: `data` belongs to the value from now on. */
  fromHost(data: TypedArray, shape: Shape): BackendValue;
  /** `[...shape]` filled with one number. */
  fill(value: number, shape: Shape, dtype: DType): BackendValue;
  /**
   * An array that `draw` writes into, all of it: now, or at each run of a recorded step.
   *
   * @param type - element type, and the generator that is drawn from, if one is
   */
  drawn(draw: Draw, shape: Shape, type: DrawnType): BackendValue;
  /** Marks a value as one that never changes, so that a recorded graph can hold it. */
  constant(x: BackendValue): BackendValue;
  /** This backend's form of a value that another backend made. */
  adopt(x: BackendValue, owner: Backend): BackendValue;
  /** The numbers, row-major; callers only read them. */
  read(x: BackendValue): TypedArray;

  /** any shape `-> same shape` */
  unary(name: UnaryName, x: BackendValue): BackendValue;
  /** broadcast(a, b) */
  binary(name: BinaryName, a: BackendValue, b: BackendValue): BackendValue;
  /** broadcast(a, b) `-> bool` */
  compare(name: CompareName, a: BackendValue, b: BackendValue): BackendValue;
  /** broadcast(condition, a, b): `a` where the `bool` condition holds, else `b` */
  where(condition: BackendValue, a: BackendValue, b: BackendValue): BackendValue;
  /** same shape, other element type; fractions are cut towards zero; -2^31 for floats that int32 does not hold */
  cast(x: BackendValue, dtype: DType): BackendValue;

  /** `[...batch, m, k] x [...batch, k, n] -> [...batch, m, n]`; batch axes broadcast */
  matmul(a: BackendValue, b: BackendValue, options: MatmulOptions): BackendValue;
  /** `[m, k] x [k, n] + [n] -> [m, n]` */
  affine(x: BackendValue, weight: BackendValue, bias: BackendValue): BackendValue;

  /** reduced axes vanish, or stay with length 1 */
  reduce(name: ReduceName, x: BackendValue, options: ReduceOptions): BackendValue;
  /** `[..., n, ...] -> [..., ...]` of `int32`: where the largest element is; the first of equals */
  argMax(x: BackendValue, axis: number): BackendValue;
  /** `[..., classes] -> [..., classes]`, along the last axis */
  softmax(x: BackendValue): BackendValue;
  /** `[..., classes] -> [..., classes]`, along the last axis */
  logSoftmax(x: BackendValue): BackendValue;

  /** same elements in the same order */
  reshape(x: BackendValue, shape: Shape): BackendValue;
  /** axis `i` of the result is axis `permutation[i]` of `x` */
  transpose(x: BackendValue, permutation: readonly number[]): BackendValue;
  /** one range for every axis */
  slice(x: BackendValue, ranges: readonly SliceRange[]): BackendValue;
  /** arrays that agree in all axes but `axis` */
  concat(parts: readonly BackendValue[], axis: number): BackendValue;
  /** `[before, after]` elements of `value` around every axis */
  pad(x: BackendValue, widths: readonly (readonly [number, number])[], value: number): BackendValue;
  /** repeats axes of length 1, and adds axes in front */
  expand(x: BackendValue, shape: Shape): BackendValue;

  /** `[rows, ...rest]`, index `[...index]` of `int32` `-> [...index, ...rest]` */
  gather(x: BackendValue, index: BackendValue): BackendValue;
  /** index `[...index]`, updates `[...index, ...rest]` `-> [rows, ...rest]`; repeated rows add up */
  scatterAdd(index: BackendValue, updates: BackendValue, rows: number): BackendValue;
  /** `[...index]` of `int32` `-> [...index, classes]` of `dtype` */
  oneHot(index: BackendValue, classes: number, dtype: DType): BackendValue;

  /** `[batch, inChannels, height, width]`, `[outChannels, inChannels / groups, ...kernel] -> [batch, outChannels, ...places]` */
  conv2d(input: BackendValue, weight: BackendValue, options: ConvolutionOptions): BackendValue;
  /** `[batch, outChannels, ...places]`, weight `-> [batch, inChannels, height, width]` */
  conv2dGradInput(
    gradOutput: BackendValue,
    weight: BackendValue,
    options: ConvolutionOptions & InputSize,
  ): BackendValue;
  /** input, `[batch, outChannels, ...places] -> [outChannels, inChannels / groups, ...kernel]` */
  conv2dGradWeight(
    input: BackendValue,
    gradOutput: BackendValue,
    options: ConvolutionOptions,
  ): BackendValue;
  /** `[batch, channels, height, width] -> [batch, channels, ...places]`; padding never wins; a NaN among others may */
  maxPool2d(x: BackendValue, window: Window): BackendValue;
  /** gradOutput goes to the first of the elements of `x` that equal `y`, in each window */
  maxPool2dGrad(
    gradOutput: BackendValue,
    x: BackendValue,
    y: BackendValue,
    window: Window,
  ): BackendValue;
  /** `[batch, channels, height, width] -> [batch, channels, ...places]` */
  avgPool2d(x: BackendValue, options: AveragePoolOptions): BackendValue;
  /** `[batch, channels, ...places] -> [batch, channels, height, width]` */
  avgPool2dGrad(gradOutput: BackendValue, options: AveragePoolOptions & InputSize): BackendValue;
  /** `[batch, channels, height, width] -> [batch, channels, height * scale[0], width * scale[1]]`: pixels repeat */
  upsampleNearest(x: BackendValue, scale: Pair): BackendValue;

  /**
   * Steps along the first axis as one operation; absent where a loop does as well.
   *
   * `body` takes the states and row t of every sequence, and gives the next states and what is kept of the step.
   */
  readonly scan?: (inputs: ScanValues, body: ScanBody) => ScanResult;

  /**
   * The mean over all ranks that share a batch, same shape; absent where one has the whole batch.
   */
  readonly meanOverRanks?: (x: BackendValue) => BackendValue;
  /**
   * A number for each rank, of which the mean will be taken, times their number, same shape; absent where one has the
   * whole batch.
   */
  readonly timesRanks?: (x: BackendValue) => BackendValue;

  /**
   * Hears that a place, such as a parameter or an optimizer, is about to hold something else, and refuses it where nobody
   * would carry that on from step to step; absent where values stay where they are put.
   *
   * @param what - how messages call the place
   */
  readonly willKeep?: (place: object, what: string) => void;

  /**
   * Runs the ops of `body` as one operation, and computes what it gives; absent where one after the other does as well.
   *
   * `body` runs its ops on the backend that it gets. Where values of `meanSize` elements are too small for that, nothing
   * runs and the result is undefined.
   */
  readonly together?: (
    meanSize: number,
    body: (backend: Backend) => readonly BackendValue[],
  ) => readonly BackendValue[] | undefined;
}
