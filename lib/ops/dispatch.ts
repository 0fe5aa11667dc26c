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
  const values = inputs.map((input) =>
    input.backend === backend ? input.value : backend.adopt(input.value, input.backend),
  );
  return new Tensor(backend, primitive(backend, ...values));
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
