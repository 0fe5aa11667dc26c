// Small pieces for tests of exported models: inputs, a layer around a function, and numbers that are nearly the same.
import { expect } from "vitest";
import * as lib from "../../lib/index.ts";
import { hashUniform } from "./hash.ts";

/** float32 in -1..1. */
export const floats = (shape: readonly number[], seed = 1): lib.Tensor =>
  lib.cast(hashUniform(shape, seed), "float32");
/** The same numbers but for a few roundings of float32: other orders of addition. */
export function expectNear(actual: lib.Tensor, expected: lib.Tensor): void {
  expect(actual.shape).toEqual(expected.shape);
  const numbers = expected.toTypedArray();
  for (const [index, value] of actual.toTypedArray().entries()) {
    expect(Math.abs(value - numbers[index]!)).toBeLessThan(1e-6 * Math.max(1, Math.abs(value)));
  }
}

/** A layer around a function. */
export class Custom extends lib.Layer {
  readonly compute: (x: lib.Tensor) => lib.Tensor;

  constructor(compute: (x: lib.Tensor) => lib.Tensor) {
    super();
    this.compute = compute;
  }

  forward(input: lib.Tensor): lib.Tensor {
    return this.compute(input);
  }

  backward(gradOutput: lib.Tensor): lib.Tensor {
    return gradOutput;
  }
}

/** The bytes of a file with one function of one input. */
export const exported = (
  compute: (x: lib.Tensor) => lib.Tensor,
  shape: readonly (number | string)[],
): Uint8Array => lib.toOnnx(new Custom(compute), { inputs: { x: { shape } } });
