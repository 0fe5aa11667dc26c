// Arrays that are not computed before somebody needs them, so that the op that does may take less time for both.
import type { DType, TypedArray } from "../dtype.ts";
import type { Shape } from "../shape.ts";
import type { Backend, BackendValue } from "./backend.ts";
import type { HostArray } from "./host-array.ts";

/** Computes one primitive on a backend, on values of another one. */
export type Recipe = (backend: Backend, adopt: (x: BackendValue) => BackendValue) => BackendValue;

/** An array of any shape whose numbers are computed when they are first read. */
export class PutOff implements HostArray {
  readonly shape: Shape;
  readonly dtype: DType;
  #recipe: Recipe | undefined;
  #compute: (() => TypedArray) | undefined;
  #data: TypedArray | undefined;

  /**
   * @param recipe - how it is computed as part of something larger
   * @param compute - how it is computed alone
   */
  constructor({ shape, dtype }: BackendValue, recipe: Recipe, compute: () => TypedArray) {
    this.shape = shape;
    this.dtype = dtype;
    this.#recipe = recipe;
    this.#compute = compute;
  }

  get data(): TypedArray {
    this.#data ??= this.#compute!();
    // What it was made of is of no use any more.
    this.#recipe = undefined;
    this.#compute = undefined;
    return this.#data;
  }

  /** How it is computed; undefined once it is. */
  get recipe(): Recipe | undefined {
    return this.#recipe;
  }
}

/** How to compute an array that still waits; undefined for all others. */
export const recipeOf = (x: unknown): Recipe | undefined =>
  x instanceof PutOff ? x.recipe : undefined;
