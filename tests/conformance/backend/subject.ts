// What the contract suite needs to know about the backend that it tests.
import type { DType } from "../../../lib/index.ts";

/** A backend under test. */
export interface Subject {
  /** Runs ops on the backend. */
  readonly on: <Result>(body: () => Result) => Result;
  /** The float types it has. */
  readonly dtypes: readonly ("float32" | "float64")[];
  /** How far one element-by-element result may be from the exact one. */
  readonly tolerance: (dtype: DType) => number;
}
