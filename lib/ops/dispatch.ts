// How an op reaches the backend: numbers become tensors, tensors of other backends are brought over, results wrapped.
import type { Backend, BackendValue } from "../backends/backend.ts";
import { currentBackend } from "../backends/select.ts";
import { checkTensor } from "../check.ts";
import type { DType } from "../dtype.ts";
import { Tensor } from "../tensor.ts";

/** What ops accept where a plain number may stand for a tensor. */
export type Operand = Tensor | number;

/** Runs one primitive on the current backend, for inputs of any shape, and wraps what it returns. */
export function run(
  inputs: readonly Tensor[],
  primitive: (backend: Backend, ...values: BackendValue[]) => BackendValue,
): Tensor {
  const backend = currentBackend();
  return new Tensor(backend, primitive(backend, ...valuesOn(backend, inputs)));
}

/** What a backend knows of tensors of any shape; those of other backends are brought over. */
export function valuesOn(backend: Backend, tensors: readonly Tensor[]): BackendValue[] {
  return tensors.map((tensor) =>
    tensor.backend === backend ? tensor.value : backend.adopt(tensor.value, tensor.backend),
  );
}

/**
 * Both operands as tensors; a number takes the element type of the other operand.
 *
 * @throws {ArgumentError} when one is neither a tensor nor a number
 */
export function operands(op: string, a: Operand, b: Operand): [Tensor, Tensor] {
  for (const operand of [a, b]) if (typeof operand !== "number") checkTensor(op, operand);
  const dtype = typeof a === "number" ? (typeof b === "number" ? "float32" : b.dtype) : a.dtype;
  return [asTensor(a, dtype), asTensor(b, dtype)];
}

/** A number as a scalar tensor `[]`; a tensor as it is. */
export function asTensor(operand: Operand, dtype: DType): Tensor {
  if (operand instanceof Tensor) return operand;
  return run([], (backend) => backend.fill(operand, [], dtype));
}
