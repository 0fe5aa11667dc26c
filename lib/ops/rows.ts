// Rows chosen by number: gather reads them, scatterAdd adds to them, oneHot writes a class as a row.
import { checkAxis, checkCount, checkDType, checkDTypeIs, checkNumeric } from "../check.ts";
import type { DType } from "../dtype.ts";
import { checkScatter } from "../op-check.ts";
import type { Tensor } from "../tensor.ts";
import { run } from "./dispatch.ts";

/**
 * output[i, ...] = x[index[i], ...]
 *
 * @param x - `[rows, ...rest]`
 * @param index - int32 `[...index]`, numbers from 0 to rows - 1
 * @returns `[...index, ...rest]`
 * @throws {ArgumentError} when a number is outside the rows
 */
export function gather(x: Tensor, index: Tensor): Tensor {
  checkAxis("gather", 0, x.rank);
  checkDTypeIs("gather", "index", index, "int32");
  return run([x, index], (backend, table, chosen) => backend.gather(table, chosen));
}

/**
 * The adjoint of gather: output[r, ...] = sum of updates[i, ...] over all i with index[i] = r.
 *
 * @param index - int32 `[...index]`, numbers from 0 to rows - 1
 * @param updates - `[...index, ...rest]`
 * @returns `[rows, ...rest]`
 * @throws {ArgumentError} when a number is outside the rows
 */
export function scatterAdd(index: Tensor, updates: Tensor, rows: number): Tensor {
  checkDTypeIs("scatterAdd", "index", index, "int32");
  checkNumeric("scatterAdd", updates);
  checkScatter(index.shape, updates.shape);
  checkCount("scatterAdd", "rows", rows);
  return run([index, updates], (backend, chosen, values) =>
    backend.scatterAdd(chosen, values, rows),
  );
}

/**
 * output[i, c] = 1 where c = index[i], else 0
 *
 * @param index - int32 `[...index]`, numbers from 0 to classes - 1
 * @returns `[...index, classes]`, float32 unless asked otherwise
 * @throws {ArgumentError} when a number is outside the classes
 */
export function oneHot(
  index: Tensor,
  classes: number,
  options: { readonly dtype?: DType } = {},
): Tensor {
  const dtype = options.dtype ?? "float32";
  checkDTypeIs("oneHot", "index", index, "int32");
  checkCount("oneHot", "classes", classes);
  checkDType("oneHot", dtype);
  return run([index], (backend, value) => backend.oneHot(value, classes, dtype));
}
