// Ops that may run as one: for loops over many small tensors, such as an optimizer's.
import type { BackendValue } from "../backends/backend.ts";
import { currentBackend, withBackend } from "../backends/select.ts";
import { Tensor } from "../tensor.ts";

/** Something that holds a tensor of any shape, such as a parameter. */
export interface Holder {
  value: Tensor;
}

/**
 * Runs `body`, which gives some of the holders new values of any shape, as one operation where the backend can.
 *
 * The numbers are the same as those of one op after the other. If `body` throws, the holders keep what they held.
 */
export function together(holders: readonly Holder[], body: () => void): void {
  const backend = currentBackend();
  const before = holders.map(({ value }) => value);
  const areFloats = before.every(({ dtype }) => dtype === "float32");
  const meanSize = before.reduce((sum, { size }) => sum + size, 0) / before.length;
  const changed = (): Holder[] => holders.filter(({ value }, index) => value !== before[index]);
  const restore = (): void => {
    for (const [index, holder] of holders.entries()) holder.value = before[index]!;
  };
  let values: readonly BackendValue[] | undefined;
  try {
    values = areFloats
      ? backend.together?.(meanSize, (inner) => {
          withBackend(inner, body);
          return changed().map(({ value }) => value.value);
        })
      : undefined;
    if (values === undefined) body();
  } catch (error) {
    restore();
    throw error;
  }
  for (const [index, holder] of (values ? changed() : []).entries()) {
    holder.value = new Tensor(backend, values![index]!);
  }
}
