// The MLP workload: sizes, first weights and batches from an integer hash, the same in mlp_torch.py.

/** Layer widths, input first. */
export const WIDTHS: readonly number[] = [784, 256, 128, 10];

/** Examples in a batch. */
export const BATCH_SIZE = 128;

/** Different batches; then they repeat. */
export const BATCH_COUNT = 8;

/** Adam's step size. */
export const LEARNING_RATE = 1e-3;

function hash(index: number, seed: number): number {
  let x = Math.imul(index, 2654435761) + Math.imul(seed, 0x9e3779b9);
  x ^= x >>> 16;
  x = Math.imul(x, 0x85ebca6b);
  x ^= x >>> 13;
  x = Math.imul(x, 0xc2b2ae35);
  x ^= x >>> 16;
  return x >>> 0;
}

function uniform(count: number, seed: number, bound: number): Float32Array {
  return Float32Array.from(
    { length: count },
    (_, index) => ((hash(index, seed) / 2 ** 32) * 2 - 1) * bound,
  );
}

/** First weight `[inFeatures, outFeatures]` of a layer, uniform in +-1/sqrt(inFeatures). */
export function firstWeight(layer: number): Float32Array {
  const [inFeatures, outFeatures] = [WIDTHS[layer]!, WIDTHS[layer + 1]!];
  return uniform(inFeatures * outFeatures, 1000 + layer, 1 / Math.sqrt(inFeatures));
}

/** Inputs `[BATCH_SIZE, 784]` in -1..1 and targets `[BATCH_SIZE]` in 0..9. */
export function batch(index: number): { inputs: Float32Array; targets: Int32Array } {
  const seed = index % BATCH_COUNT;
  return {
    inputs: uniform(BATCH_SIZE * WIDTHS[0]!, 1 + seed, 1),
    targets: Int32Array.from({ length: BATCH_SIZE }, (_, i) => hash(i, 51 + seed) % 10),
  };
}
