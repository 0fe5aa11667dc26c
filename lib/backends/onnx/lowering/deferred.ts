// A value whose nodes are added when it is first needed.
import type { DType } from "../../../dtype.ts";
import type { Shape } from "../../../shape.ts";
import type { GraphValue } from "../graph.ts";

/** A value of any shape that costs nothing unless somebody asks for its name. */
export class DeferredValue implements GraphValue {
  readonly shape: Shape;
  readonly dtype: DType;
  readonly #make: () => GraphValue;
  #made: GraphValue | undefined;

  /** @param make - adds the nodes that compute the value */
  constructor({ shape, dtype }: Pick<GraphValue, "shape" | "dtype">, make: () => GraphValue) {
    this.shape = shape;
    this.dtype = dtype;
    this.#make = make;
  }

  /** Whether its nodes are in the graph. */
  get isMade(): boolean {
    return this.#made !== undefined;
  }

  get name(): string {
    this.#made ??= this.#make();
    return this.#made.name;
  }
}
