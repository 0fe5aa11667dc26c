// What all systems train on: numbers from an integer hash, the same in torch_worker.py, bit for bit.

/** Different batches; then they repeat. */
export const BATCH_COUNT = 8;

function hash(index: number, seed: number): number {
  let x = Math.imul(index, 2654435761) + Math.imul(seed, 0x9e3779b9);
  x ^= x >>> 16;
  x = Math.imul(x, 0x85ebca6b);
  x ^= x >>> 13;
  x = Math.imul(x, 0xc2b2ae35);
  x ^= x >>> 16;
  return x >>> 0;
}

/** `count` numbers, uniform in +-bound. */
export function uniform(count: number, seed: number, bound: number): Float32Array {
  return Float32Array.from(
    { length: count },
    (_, index) => ((hash(index, seed) / 2 ** 32) * 2 - 1) * bound,
  );
}

/** `count` whole numbers from 0 to `classes` - 1. */
export function classes(count: number, seed: number, numClasses: number): Int32Array {
  return Int32Array.from({ length: count }, (_, index) => hash(index, seed) % numClasses);
}
