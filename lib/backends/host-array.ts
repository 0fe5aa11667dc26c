// How backends of this process store an array: a typed array, row-major, with its shape.
import { allocate, type DType, dtypeOf, type TypedArray } from "../dtype.ts";
import { type Shape, sizeOf } from "../shape.ts";
import type { Backend, BackendValue } from "./backend.ts";

/** An array in the memory of this process. Nobody writes to `data` once an op has returned it. */
export interface HostArray extends BackendValue {
  readonly data: TypedArray;
}

/** A zero-filled array for an op to write its result to. */
export function emptyArray(shape: Shape, dtype: DType): HostArray {
  return { shape, dtype, data: allocate(dtype, sizeOf(shape)) };
}

/** An array around existing numbers, which are not copied. */
export function hostArray(data: TypedArray, shape: Shape): HostArray {
  return { shape, dtype: dtypeOf(data), data };
}

/** An array of any shape that is written when it is first read, or straight to where a copy of it is wanted. */
export class OnDemand implements HostArray {
  readonly shape: Shape;
  readonly dtype: DType;
  readonly #write: (out: TypedArray) => void;
  #data: TypedArray | undefined;

  /** @param write - writes all numbers, the same ones however often it is called */
  constructor({ shape, dtype }: BackendValue, write: (out: TypedArray) => void) {
    this.shape = shape;
    this.dtype = dtype;
    this.#write = write;
  }

  get data(): TypedArray {
    if (this.#data === undefined) {
      this.#data = allocate(this.dtype, sizeOf(this.shape));
      this.#write(this.#data);
    }
    return this.#data;
  }

  /** Writes the numbers to `out`. */
  writeTo(out: TypedArray): void {
    if (this.#data) out.set(this.#data);
    else this.#write(out);
  }
}

/** How backends that keep their arrays in this process make them and hand them over. */
export const hostStorage: Pick<
  Backend,
  "fromHost" | "fill" | "drawn" | "constant" | "adopt" | "read"
> = {
  fromHost: hostArray,
  fill(value, shape, dtype) {
    const out = emptyArray(shape, dtype);
    if (value !== 0) out.data.fill(value);
    return out;
  },
  drawn(draw, shape, { dtype }) {
    const out = emptyArray(shape, dtype);
    draw(out.data);
    return out;
  },
  constant: (x) => x,
  adopt: (x, owner) => hostArray(owner.read(x), x.shape),
  read: (x) => (x as HostArray).data,
};
