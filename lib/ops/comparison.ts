// Questions about two tensors, and the choice between two tensors by their answer.
import type { CompareName } from "../backends/backend.ts";
import { checkBroadcast, checkDTypeIs, checkSameDType } from "../check.ts";
import type { Tensor } from "../tensor.ts";
import { type Operand, operands, run } from "./dispatch.ts";

/** broadcast(a, b) of whether a = b, as bool; `[batch, n]` with `[n]`. NaN equals nothing. */
export function equal(a: Operand, b: Operand): Tensor {
  return compare("equal", a, b);
}

/** broadcast(a, b) of whether a > b, as bool; `[batch, n]` with `[n]`. */
export function greater(a: Operand, b: Operand): Tensor {
  return compare("greater", a, b);
}

/** broadcast(a, b) of whether a < b, as bool; `[batch, n]` with `[n]`. */
export function less(a: Operand, b: Operand): Tensor {
  return compare("less", a, b);
}

function compare(name: CompareName, a: Operand, b: Operand): Tensor {
  const [left, right] = operands(name, a, b);
  checkSameDType(name, left, right);
  checkBroadcast(name, left.shape, right.shape);
  return run([left, right], (backend, x, y) => backend.compare(name, x, y));
}

/**
 * broadcast(condition, a, b): the element of a where the condition holds, else that of b.
 *
 * @param condition - bool, `[batch, n]` or any shape that broadcasts with a and b
 */
export function where(condition: Tensor, a: Operand, b: Operand): Tensor {
  const [yes, no] = operands("where", a, b);
  checkDTypeIs("where", "condition", condition, "bool");
  checkSameDType("where", yes, no);
  checkBroadcast("where", condition.shape, checkBroadcast("where", yes.shape, no.shape));
  return run([condition, yes, no], (backend, c, x, y) => backend.where(c, x, y));
}
