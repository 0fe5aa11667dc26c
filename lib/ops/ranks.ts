// What ranks that share a batch have in common: each works on some of its rows, and gradients are averaged.
import { currentBackend } from "../backends/select.ts";
import { Tensor } from "../tensor.ts";
import { valuesOn } from "./dispatch.ts";

/** The mean of a tensor of any shape over all ranks; the tensor itself where nobody shares the batch. */
export function meanOverRanks(x: Tensor): Tensor {
  const backend = currentBackend();
  if (backend.meanOverRanks === undefined) return x;
  return new Tensor(backend, backend.meanOverRanks(valuesOn(backend, [x])[0]!));
}
