// Scores become probabilities, along the last axis.
import { checkAxis, checkFloat } from "../check.ts";
import type { Tensor } from "../tensor.ts";
import { run } from "./dispatch.ts";

/** output[..., j] = e^x[..., j] / sum over l of e^x[..., l]; `[batch, classes]` in and out, safe for large x. */
export function softmax(x: Tensor): Tensor {
  checkFloat("softmax", x);
  checkAxis("softmax", -1, x.rank);
  return run([x], (backend, value) => backend.softmax(value));
}

/** output[..., j] = x[..., j] - log(sum over l of e^x[..., l]); `[batch, classes]` in and out, safe for large x. */
export function logSoftmax(x: Tensor): Tensor {
  checkFloat("logSoftmax", x);
  checkAxis("logSoftmax", -1, x.rank);
  return run([x], (backend, value) => backend.logSoftmax(value));
}
