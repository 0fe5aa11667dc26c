// The backend of a notebook cell: plain loops for small work, something faster from a certain size on, the same memory.
import { availableParallelism } from "node:os";
import { type Shape, sizeOf } from "../shape.ts";
import { placesOf, type Window } from "../window.ts";
import type { Backend, BackendValue, ConvolutionOptions } from "./backend.ts";
import { isArray } from "./onnx/call.ts";
import { onnxBackend, onnxEager } from "./onnx/eager.ts";
import { onnxTogether } from "./onnx/together.ts";
import { onnxRuntime } from "./onnx/runtime.ts";
import type { PrimitiveName } from "./onnx/primitives.ts";
import { type Fuse, PutOff, takenOver, takes, waitsAs } from "./put-off.ts";
import { convolutionsWith } from "./typescript/convolution.ts";
import { typescriptBackend } from "./typescript/index.ts";
import { productsWith } from "./typescript/product.ts";
import { webassemblyProduct } from "./webassembly/product.ts";

/** From which size on ONNX Runtime is faster, its call included. */
export interface Thresholds {
  /** Multiply-adds of a product or a convolution. */
  readonly multiplyAdds: number;
  /** Elements of an element-by-element primitive or a pool. */
  readonly elements: number;
  /** Multiply-adds from which all cores share a product or a convolution. */
  readonly shared: number;
  /** Elements, on average, of values that are computed together. */
  readonly together: number;
}

/**
 * Measured on two shared cores: where the call of 6 to 9 microseconds is paid back, and where waking a second thread
 * is. Between 4 and 8 million multiply-adds it neither helps nor hurts; from there on a product takes 0.55 to 0.7 of
 * one thread's time, and half a million take 1.3 times as long. Element by element, memory is what takes the time,
 * and two threads gain nothing that is worth a thread: 200,000 sums take 0.97 of it.
 */
const MEASURED: Thresholds = {
  multiplyAdds: 20_000,
  elements: 16_000,
  shared: 6_000_000,
  together: 4_000,
};

/** How much work a primitive is, of one of two kinds. */
type Work = Partial<Pick<Thresholds, "multiplyAdds" | "elements">>;

/** ONNX Runtime with the work of an op spread over all cores. */
const onAllCores = onnxEager(availableParallelism());

/**
 * Ops that run together, on one thread: their many small nodes would wake the second one for each. For parameters and
 * states of 39,000 elements on average (MLP, Adam) a step takes 0.6 of the time of op by op, for 6,000 (LeNet,
 * momentum) 0.9.
 */
const atOnce = onnxTogether(1);

/**
 * Primitives that ONNX Runtime takes over, and how their work is counted. Most of the others only move numbers;
 * sums stay with the plain loops, which add in float64.
 */
const WORK: { readonly [Name in PrimitiveName]?: (...parameters: never) => Work } = {
  unary: (_name: string, x: BackendValue) => ({ elements: size(x) }),
  binary: (_name: string, a: BackendValue, b: BackendValue) => ({
    elements: Math.max(size(a), size(b)),
  }),
  matmul: (a: BackendValue, b: BackendValue, { transposeA }: { transposeA: boolean }) => ({
    multiplyAdds: productWork(a.shape, b.shape, transposeA),
  }),
  affine: (x: BackendValue, weight: BackendValue) => ({
    multiplyAdds: size(x) * weight.shape[1]!,
  }),
  softmax: (x: BackendValue) => ({ elements: size(x) }),
  logSoftmax: (x: BackendValue) => ({ elements: size(x) }),
  transpose: (x: BackendValue) => ({ elements: size(x) }),
  conv2d: (input: BackendValue, weight: BackendValue, { window }: ConvolutionOptions) => ({
    multiplyAdds: input.shape[0]! * places(window, input) * size(weight),
  }),
  conv2dGradInput: (gradOutput: BackendValue, weight: BackendValue) => ({
    multiplyAdds: (size(gradOutput) / weight.shape[0]!) * size(weight),
  }),
  conv2dGradWeight: (input: BackendValue, g: BackendValue, options: ConvolutionOptions) => ({
    multiplyAdds: (size(g) * input.shape[1]! * sizeOf(options.window.kernelSize)) / options.groups,
  }),
  maxPool2d: (x: BackendValue) => ({ elements: size(x) }),
  maxPool2dGrad: (_gradOutput: BackendValue, x: BackendValue) => ({ elements: size(x) }),
  avgPool2d: (x: BackendValue) => ({ elements: size(x) }),
};

const size = ({ shape }: BackendValue): number => sizeOf(shape);

const places = (window: Window, { shape }: BackendValue): number =>
  sizeOf(placesOf(window, [shape[2]!, shape[3]!]));

// All products of m x k numbers with n columns, for every matrix of the larger batch.
function productWork(a: Shape, b: Shape, transposeA: boolean): number {
  const inner = a.at(transposeA ? -2 : -1)!;
  const [left, right] = [sizeOf(a) / inner, sizeOf(b) / inner];
  const batch = Math.max(sizeOf(a.slice(0, -2)), sizeOf(b.slice(0, -2)));
  return (left * right * inner) / batch;
}

/**
 * A backend with gears. Only float32 shifts up: to ONNX Runtime, or where that cannot be loaded, to products in
 * WebAssembly.
 *
 * @param thresholds - from which size on; measured ones unless given
 * @param hasRuntime - whether ONNX Runtime can be loaded; asked when there is large work
 */
export function automaticBackend(
  thresholds: Partial<Thresholds> = {},
  hasRuntime: () => boolean = () => onnxRuntime() !== undefined,
): Backend {
  const limits = { ...MEASURED, ...thresholds };
  const gearFor = (name: PrimitiveName, { multiplyAdds = 0, elements = 0 }: Work): Gear => {
    if (multiplyAdds < limits.multiplyAdds && elements < limits.elements) return typescriptBackend;
    if (!hasRuntime()) return name in onWebAssembly() ? onWebAssembly() : typescriptBackend;
    return multiplyAdds < limits.shared ? onnxBackend : onAllCores;
  };
  const shifts = Object.entries(WORK).map(([name, count]) => [
    name,
    withGears(name as PrimitiveName, count as CountWork, gearFor),
  ]);
  return {
    ...typescriptBackend,
    name: "automatic",
    ...(Object.fromEntries(shifts) as Partial<Backend>),
    together: (meanSize, body) =>
      meanSize >= limits.together && hasRuntime() ? atOnce(body) : undefined,
  };
}

/** Some primitives, one of which is to be run, or a way to run all of them. */
type Gear = Partial<Backend> & { readonly fuse?: Fuse };
type CountWork = (...parameters: unknown[]) => Work;

function withGears(
  name: PrimitiveName,
  count: CountWork,
  gearFor: (name: PrimitiveName, work: Work) => Gear,
) {
  return (...parameters: unknown[]): BackendValue => {
    const call = { name, parameters };
    const gear: Gear =
      takes(call) ??
      (parameters.every(isSuited) ? gearFor(name, count(...parameters)) : typescriptBackend);
    if (!gear.fuse) return (gear[name] as (...all: unknown[]) => BackendValue)(...parameters);
    const like = waitsAs(call);
    return like ? new PutOff(like, call, gear.fuse) : gear.fuse(call, takenOver);
  };
}

let products: Gear | undefined;

// Products and convolutions on vector registers: 43 to 54 GFLOP/s from 3 million multiply-adds on, 7 to 8 times the
// tiled loops and 0.3 of ONNX Runtime on one thread. Nothing where the engine lacks them.
function onWebAssembly(): Gear {
  const multiply = webassemblyProduct();
  products ??= multiply ? { ...productsWith(multiply), ...convolutionsWith(multiply) } : {};
  return products;
}

// Whole numbers and float64 stay with the plain loops; settings do not matter.
const isSuited = (parameter: unknown): boolean =>
  !isArray(parameter) || parameter.dtype === "float32";
