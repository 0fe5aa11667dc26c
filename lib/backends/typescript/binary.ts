// Element-by-element functions of two arrays, with broadcasting. One loop each, so that the engine compiles each alone.
import type { TypedArray } from "../../dtype.ts";
import { broadcastShapes, broadcastStrides, stridesOf } from "../../shape.ts";
import type { BinaryName, CompareName } from "../backend.ts";
import { emptyArray, type HostArray } from "../host-array.ts";
import { forEachRun, type Run } from "./strided.ts";

type BinaryLoop = (out: TypedArray, a: TypedArray, b: TypedArray, run: Run) => void;

const BINARY: Record<BinaryName | "mulInt32", BinaryLoop> = {
  add(out, a, b, { length, at, steps }) {
    let [o, i, j] = at as [number, number, number];
    const [, iStep, jStep] = steps as [number, number, number];
    for (const end = o + length; o < end; o++, i += iStep, j += jStep) out[o] = a[i]! + b[j]!;
  },
  sub(out, a, b, { length, at, steps }) {
    let [o, i, j] = at as [number, number, number];
    const [, iStep, jStep] = steps as [number, number, number];
    for (const end = o + length; o < end; o++, i += iStep, j += jStep) out[o] = a[i]! - b[j]!;
  },
  mul(out, a, b, { length, at, steps }) {
    let [o, i, j] = at as [number, number, number];
    const [, iStep, jStep] = steps as [number, number, number];
    for (const end = o + length; o < end; o++, i += iStep, j += jStep) out[o] = a[i]! * b[j]!;
  },
  // Products of large integers lose their last bits in float64; imul keeps them, modulo 2^32.
  mulInt32(out, a, b, { length, at, steps }) {
    let [o, i, j] = at as [number, number, number];
    const [, iStep, jStep] = steps as [number, number, number];
    for (const end = o + length; o < end; o++, i += iStep, j += jStep) {
      out[o] = Math.imul(a[i]!, b[j]!);
    }
  },
  div(out, a, b, { length, at, steps }) {
    let [o, i, j] = at as [number, number, number];
    const [, iStep, jStep] = steps as [number, number, number];
    for (const end = o + length; o < end; o++, i += iStep, j += jStep) out[o] = a[i]! / b[j]!;
  },
  // Math.max and Math.min answer NaN when either operand is NaN.
  maximum(out, a, b, { length, at, steps }) {
    let [o, i, j] = at as [number, number, number];
    const [, iStep, jStep] = steps as [number, number, number];
    for (const end = o + length; o < end; o++, i += iStep, j += jStep) {
      out[o] = Math.max(a[i]!, b[j]!);
    }
  },
  minimum(out, a, b, { length, at, steps }) {
    let [o, i, j] = at as [number, number, number];
    const [, iStep, jStep] = steps as [number, number, number];
    for (const end = o + length; o < end; o++, i += iStep, j += jStep) {
      out[o] = Math.min(a[i]!, b[j]!);
    }
  },
};

const COMPARE: Record<CompareName, BinaryLoop> = {
  equal(out, a, b, { length, at, steps }) {
    let [o, i, j] = at as [number, number, number];
    const [, iStep, jStep] = steps as [number, number, number];
    for (const end = o + length; o < end; o++, i += iStep, j += jStep) {
      out[o] = a[i] === b[j] ? 1 : 0;
    }
  },
  greater(out, a, b, { length, at, steps }) {
    let [o, i, j] = at as [number, number, number];
    const [, iStep, jStep] = steps as [number, number, number];
    for (const end = o + length; o < end; o++, i += iStep, j += jStep) {
      out[o] = a[i]! > b[j]! ? 1 : 0;
    }
  },
  less(out, a, b, { length, at, steps }) {
    let [o, i, j] = at as [number, number, number];
    const [, iStep, jStep] = steps as [number, number, number];
    for (const end = o + length; o < end; o++, i += iStep, j += jStep) {
      out[o] = a[i]! < b[j]! ? 1 : 0;
    }
  },
};

/** broadcast(a, b), both of one element type. */
export function binary(name: BinaryName, a: HostArray, b: HostArray): HostArray {
  const out = emptyArray(broadcastShapes(a.shape, b.shape)!, a.dtype);
  runLoop(BINARY[name === "mul" && a.dtype === "int32" ? "mulInt32" : name], out, a, b);
  return out;
}

/** broadcast(a, b) -> bool. */
export function compare(name: CompareName, a: HostArray, b: HostArray): HostArray {
  const out = emptyArray(broadcastShapes(a.shape, b.shape)!, "bool");
  runLoop(COMPARE[name], out, a, b);
  return out;
}

function runLoop(loop: BinaryLoop, out: HostArray, a: HostArray, b: HostArray): void {
  const strides = [
    stridesOf(out.shape),
    broadcastStrides(a.shape, out.shape),
    broadcastStrides(b.shape, out.shape),
  ];
  forEachRun(out.shape, strides, [0, 0, 0], (run) => loop(out.data, a.data, b.data, run));
}

/** broadcast(condition, a, b): `a` where the condition holds, else `b`. */
export function where(condition: HostArray, a: HostArray, b: HostArray): HostArray {
  const shape = broadcastShapes(condition.shape, broadcastShapes(a.shape, b.shape)!)!;
  const out = emptyArray(shape, a.dtype);
  const strides = [stridesOf(shape)];
  for (const operand of [condition, a, b]) strides.push(broadcastStrides(operand.shape, shape));
  // The arrays in names of their own: the engine then need not look them up at every element.
  const [result, chosen, yes, no] = [out.data, condition.data, a.data, b.data];
  forEachRun(shape, strides, [0, 0, 0, 0], ({ length, at, steps }) => {
    let [o, c, i, j] = at as [number, number, number, number];
    const [, cStep, iStep, jStep] = steps as [number, number, number, number];
    for (const end = o + length; o < end; o++, c += cStep, i += iStep, j += jStep) {
      result[o] = chosen[c] === 1 ? yes[i]! : no[j]!;
    }
  });
  return out;
}
