// Functions of one tensor, element by element: any shape in, same shape out.
import type { UnaryName } from "../backends/backend.ts";
import { checkFloat, checkNumeric } from "../check.ts";
import type { Tensor } from "../tensor.ts";
import { run } from "./dispatch.ts";

/** -x, any shape. */
export function neg(x: Tensor): Tensor {
  checkNumeric("neg", x);
  return unary("neg", x);
}

/** |x|, any shape. */
export function abs(x: Tensor): Tensor {
  checkNumeric("abs", x);
  return unary("abs", x);
}

/** e^x, any shape. */
export function exp(x: Tensor): Tensor {
  return float("exp", x);
}

/** Natural logarithm, any shape; -infinity at 0, NaN below. */
export function log(x: Tensor): Tensor {
  return float("log", x);
}

/** Square root, any shape; NaN below 0. */
export function sqrt(x: Tensor): Tensor {
  return float("sqrt", x);
}

/** 1 / x, any shape. */
export function reciprocal(x: Tensor): Tensor {
  return float("reciprocal", x);
}

/** Hyperbolic tangent, any shape: (e^x - e^-x) / (e^x + e^-x). */
export function tanh(x: Tensor): Tensor {
  return float("tanh", x);
}

/** 1 / (1 + e^-x), any shape; safe for large |x|. */
export function sigmoid(x: Tensor): Tensor {
  return float("sigmoid", x);
}

/** Error function, any shape: 2 / sqrt(pi) times the integral of e^(-t^2) from 0 to x. */
export function erf(x: Tensor): Tensor {
  return float("erf", x);
}

/** max(x, 0), any shape; 0 at 0. */
export function relu(x: Tensor): Tensor {
  return float("relu", x);
}

/** 1 where x > 0, else 0, any shape and in the element type of x: the slope of relu, from its input or output. */
export function reluMask(x: Tensor): Tensor {
  return float("reluMask", x);
}

function float(name: UnaryName, x: Tensor): Tensor {
  checkFloat(name, x);
  return unary(name, x);
}

function unary(name: UnaryName, x: Tensor): Tensor {
  return run([x], (backend, value) => backend.unary(name, value));
}
