// Arithmetic of two tensors, element by element, with broadcasting as in NumPy.
import type { BinaryName } from "../backends/backend.ts";
import { checkBroadcast, checkFloat, checkNumeric, checkSameDType } from "../check.ts";
import type { Tensor } from "../tensor.ts";
import { type Operand, operands, run } from "./dispatch.ts";

/** broadcast(a, b) of a + b; shapes fit from the last axis backwards, `[batch, n]` with `[n]`. */
export function add(a: Operand, b: Operand): Tensor {
  return binary("add", a, b);
}

/** broadcast(a, b) of a - b; shapes fit from the last axis backwards, `[batch, n]` with `[n]`. */
export function sub(a: Operand, b: Operand): Tensor {
  return binary("sub", a, b);
}

/** broadcast(a, b) of a * b, element by element; `[batch, n]` with `[n]`. For matrices see `matmul`. */
export function mul(a: Operand, b: Operand): Tensor {
  return binary("mul", a, b);
}

/** broadcast(a, b) of a / b, floats only; `[batch, n]` with `[n]`. Division by 0 gives an infinity or NaN. */
export function div(a: Operand, b: Operand): Tensor {
  return binary("div", a, b);
}

/** broadcast(a, b) of the larger element; `[batch, n]` with `[n]`. NaN where either is NaN. */
export function maximum(a: Operand, b: Operand): Tensor {
  return binary("maximum", a, b);
}

/** broadcast(a, b) of the smaller element; `[batch, n]` with `[n]`. NaN where either is NaN. */
export function minimum(a: Operand, b: Operand): Tensor {
  return binary("minimum", a, b);
}

function binary(name: BinaryName, a: Operand, b: Operand): Tensor {
  const [left, right] = operands(name, a, b);
  checkSameDType(name, left, right);
  checkNumeric(name, left);
  if (name === "div") checkFloat(name, left);
  checkBroadcast(name, left.shape, right.shape);
  return run([left, right], (backend, x, y) => backend.binary(name, x, y));
}
