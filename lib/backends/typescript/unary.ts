// Element-by-element functions of one array. One loop each, so that the engine compiles each alone.
import type { DType, TypedArray } from "../../dtype.ts";
import type { UnaryName } from "../backend.ts";
import { erf } from "./error-function.ts";
import { emptyArray, type HostArray } from "../host-array.ts";

type UnaryLoop = (out: TypedArray, x: TypedArray) => void;

const UNARY: Record<UnaryName, UnaryLoop> = {
  neg(out, x) {
    for (let i = 0; i < x.length; i++) out[i] = -x[i]!;
  },
  exp(out, x) {
    for (let i = 0; i < x.length; i++) out[i] = Math.exp(x[i]!);
  },
  log(out, x) {
    for (let i = 0; i < x.length; i++) out[i] = Math.log(x[i]!);
  },
  sqrt(out, x) {
    for (let i = 0; i < x.length; i++) out[i] = Math.sqrt(x[i]!);
  },
  abs(out, x) {
    for (let i = 0; i < x.length; i++) out[i] = Math.abs(x[i]!);
  },
  reciprocal(out, x) {
    for (let i = 0; i < x.length; i++) out[i] = 1 / x[i]!;
  },
  tanh(out, x) {
    for (let i = 0; i < x.length; i++) out[i] = Math.tanh(x[i]!);
  },
  sigmoid(out, x) {
    for (let i = 0; i < x.length; i++) out[i] = sigmoid(x[i]!);
  },
  erf(out, x) {
    for (let i = 0; i < x.length; i++) out[i] = erf(x[i]!);
  },
  // Math.max lets NaN through, so a broken number stays visible.
  relu(out, x) {
    for (let i = 0; i < x.length; i++) out[i] = Math.max(x[i]!, 0);
  },
  // The slope of relu, from its output: 0 at 0; a NaN stays one, as it does in relu.
  reluMask(out, x) {
    for (let i = 0; i < x.length; i++) {
      const value = x[i]!;
      if (value > 0) out[i] = 1;
      else out[i] = value <= 0 ? 0 : NaN;
    }
  },
};

/** any shape -> same shape */
export function unary(name: UnaryName, x: HostArray): HostArray {
  const out = emptyArray(x.shape, x.dtype);
  UNARY[name](out.data, x.data);
  return out;
}

// 1 / (1 + e^-x); for negative x written as e^x / (1 + e^x), so that the exponential never overflows.
function sigmoid(x: number): number {
  if (x >= 0) return 1 / (1 + Math.exp(-x));
  const power = Math.exp(x);
  return power / (1 + power);
}

/** same shape, other element type; fractions are cut towards zero, any number but 0 is true, -2^31 if int32 cannot */
export function cast(x: HostArray, dtype: DType): HostArray {
  const out = emptyArray(x.shape, dtype);
  if (dtype === "bool") {
    for (let i = 0; i < x.data.length; i++) out.data[i] = x.data[i] === 0 ? 0 : 1;
  } else if (dtype === "int32") {
    for (let i = 0; i < x.data.length; i++) {
      const value = x.data[i]!;
      out.data[i] = Math.abs(value) < 2 ** 31 ? value : -(2 ** 31);
    }
  } else {
    out.data.set(x.data);
  }
  return out;
}
