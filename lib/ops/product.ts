// Matrix products: the general one with batch axes, and the affine map of a linear layer.
import type { MatmulOptions } from "../backends/backend.ts";
import { checkAffine, checkMatmul } from "../op-check.ts";
import type { Tensor } from "../tensor.ts";
import { run } from "./dispatch.ts";

/**
 * Matrix product over the last two axes; the axes before them broadcast.
 *
 * output[..., i, j] = alpha * sum over p of a[..., i, p] * b[..., p, j]
 *
 * @param a - `[...batch, m, k]`, or `[...batch, k, m]` with transposeA
 * @param b - `[...batch, k, n]`, or `[...batch, n, k]` with transposeB
 * @returns `[...batch, m, n]`
 * @throws {ShapeError} when the two k differ or a batch axis does not broadcast
 */
export function matmul(a: Tensor, b: Tensor, options: Partial<MatmulOptions> = {}): Tensor {
  const { transposeA = false, transposeB = false, alpha = 1 } = options;
  const all: MatmulOptions = { transposeA, transposeB, alpha };
  checkMatmul(a, b, all);
  return run([a, b], (backend, x, y) => backend.matmul(x, y, all));
}

/**
 * output[i, j] = bias[j] + sum over p of x[i, p] * weight[p, j]
 *
 * @param x - `[batch, inFeatures]`
 * @param weight - `[inFeatures, outFeatures]`
 * @param bias - `[outFeatures]`
 * @returns `[batch, outFeatures]`
 * @throws {ShapeError} when the features do not agree
 */
export function affine(x: Tensor, weight: Tensor, bias: Tensor): Tensor {
  checkAffine(x, weight, bias);
  return run([x, weight, bias], (backend, a, b, c) => backend.affine(a, b, c));
}
