// What ranks that share a batch have in common: each works on some of its rows, and gradients are averaged.
import { currentBackend } from "../backends/select.ts";
import { Tensor } from "../tensor.ts";
import { valuesOn } from "./dispatch.ts";

/**
 * What a rank has summed over its rows, any shape, made to count for all rows: of it, or of what follows from it, the
 * mean over the ranks will be taken. The tensor itself where nobody shares the batch.
 */
export function timesRanks(x: Tensor): Tensor {
  const backend = currentBackend();
  if (backend.timesRanks === undefined) return x;
  return new Tensor(backend, backend.timesRanks(valuesOn(backend, [x])[0]!));
}

/** The mean of a tensor of any shape over all ranks; the tensor itself where nobody shares the batch. */
export function meanOverRanks(x: Tensor): Tensor {
  const backend = currentBackend();
  if (backend.meanOverRanks === undefined) return x;
  return new Tensor(backend, backend.meanOverRanks(valuesOn(backend, [x])[0]!));
}
