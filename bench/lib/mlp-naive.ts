// Worker: the MLP step in plain loops, as one writes them on a first day: the speed that a library must beat.
import { serve, type Workload } from "../workers/serve.ts";
import { BATCH_COUNT, classes as hashedClasses, uniform } from "./task-data.ts";

const WIDTHS = [784, 256, 128, 10];
const BATCH_SIZE = 128;
const LEARNING_RATE = 1e-3;

// As in workloads.ts: weights and biases take turns in the count of parameters.
const firstWeight = (layer: number): Float32Array =>
  uniform(WIDTHS[layer]! * WIDTHS[layer + 1]!, 1000 + 2 * layer, 1 / Math.sqrt(WIDTHS[layer]!));

const batch = (seed: number): { inputs: Float32Array; targets: Int32Array } => ({
  inputs: uniform(BATCH_SIZE * WIDTHS[0]!, 1 + seed, 1),
  targets: hashedClasses(BATCH_SIZE, 51 + seed, 10),
});

interface Layer {
  readonly inFeatures: number;
  readonly outFeatures: number;
  readonly weight: Float32Array;
  readonly bias: Float32Array;
  readonly moments: Map<Float32Array, [Float32Array, Float32Array]>;
}

function layerOf(index: number): Layer {
  const outFeatures = WIDTHS[index + 1]!;
  const [weight, bias] = [firstWeight(index), new Float32Array(outFeatures)];
  const pair = (like: Float32Array): [Float32Array, Float32Array] => [
    new Float32Array(like.length),
    new Float32Array(like.length),
  ];
  const moments = new Map([
    [weight, pair(weight)],
    [bias, pair(bias)],
  ]);
  return { inFeatures: WIDTHS[index]!, outFeatures, weight, bias, moments };
}

function forward({ inFeatures, outFeatures, weight, bias }: Layer, x: Float32Array, bend: boolean) {
  const out = new Float32Array(BATCH_SIZE * outFeatures);
  for (let b = 0; b < BATCH_SIZE; b++) {
    for (let o = 0; o < outFeatures; o++) {
      let sum = bias[o]!;
      for (let i = 0; i < inFeatures; i++) {
        sum += x[b * inFeatures + i]! * weight[i * outFeatures + o]!;
      }
      out[b * outFeatures + o] = bend && sum < 0 ? 0 : sum;
    }
  }
  return out;
}

function gradWeight({ inFeatures, outFeatures }: Layer, x: Float32Array, grad: Float32Array) {
  const out = new Float32Array(inFeatures * outFeatures);
  for (let i = 0; i < inFeatures; i++) {
    for (let o = 0; o < outFeatures; o++) {
      let sum = 0;
      for (let b = 0; b < BATCH_SIZE; b++) {
        sum += x[b * inFeatures + i]! * grad[b * outFeatures + o]!;
      }
      out[i * outFeatures + o] = sum;
    }
  }
  return out;
}

function gradBias({ outFeatures }: Layer, grad: Float32Array): Float32Array {
  const out = new Float32Array(outFeatures);
  for (let b = 0; b < BATCH_SIZE; b++) {
    for (let o = 0; o < outFeatures; o++) out[o]! += grad[b * outFeatures + o]!;
  }
  return out;
}

// Gradient of the layer's input, which is the output of a ReLU: 0 where that was 0.
function gradInput(
  { inFeatures, outFeatures, weight }: Layer,
  x: Float32Array,
  grad: Float32Array,
) {
  const out = new Float32Array(BATCH_SIZE * inFeatures);
  for (let b = 0; b < BATCH_SIZE; b++) {
    for (let i = 0; i < inFeatures; i++) {
      let sum = 0;
      for (let o = 0; o < outFeatures; o++) {
        sum += grad[b * outFeatures + o]! * weight[i * outFeatures + o]!;
      }
      out[b * inFeatures + i] = x[b * inFeatures + i]! > 0 ? sum : 0;
    }
  }
  return out;
}

// Mean cross-entropy, and its gradient with respect to the logits.
function crossEntropy(logits: Float32Array, targets: Int32Array): [number, Float32Array] {
  const classes = WIDTHS.at(-1)!;
  const grad = new Float32Array(logits.length);
  let loss = 0;
  for (let b = 0; b < BATCH_SIZE; b++) {
    const row = logits.subarray(b * classes, (b + 1) * classes);
    const largest = Math.max(...row);
    const total = row.reduce((sum, logit) => sum + Math.exp(logit - largest), 0);
    loss += Math.log(total) + largest - row[targets[b]!]!;
    for (let k = 0; k < classes; k++) {
      const probability = Math.exp(row[k]! - largest) / total;
      grad[b * classes + k] = (probability - (k === targets[b] ? 1 : 0)) / BATCH_SIZE;
    }
  }
  return [loss / BATCH_SIZE, grad];
}

function adam(layer: Layer, weight: Float32Array, step: { grad: Float32Array; t: number }): void {
  const [m, v] = layer.moments.get(weight)!;
  const { grad, t } = step;
  const [mScale, vScale] = [1 - 0.9 ** t, 1 - 0.999 ** t];
  for (let i = 0; i < weight.length; i++) {
    m[i] = 0.9 * m[i]! + 0.1 * grad[i]!;
    v[i] = 0.999 * v[i]! + 0.001 * grad[i]! * grad[i]!;
    weight[i]! -= (LEARNING_RATE * m[i]!) / mScale / (Math.sqrt(v[i]! / vScale) + 1e-8);
  }
}

function make(): Workload {
  const layers = [layerOf(0), layerOf(1), layerOf(2)];
  const batches = Array.from({ length: BATCH_COUNT }, (_, index) => batch(index));
  let t = 0;
  const step = (): number => {
    const { inputs, targets } = batches[t++ % BATCH_COUNT]!;
    const values = [inputs];
    for (const [index, layer] of layers.entries()) {
      values.push(forward(layer, values[index]!, index < 2));
    }
    const [loss, gradLogits] = crossEntropy(values[3]!, targets);
    let grad = gradLogits;
    for (let index = 2; index >= 0; index--) {
      const [layer, x] = [layers[index]!, values[index]!];
      const gradients = [gradWeight(layer, x, grad), gradBias(layer, grad)] as const;
      if (index > 0) grad = gradInput(layer, x, grad);
      adam(layer, layer.weight, { grad: gradients[0], t });
      adam(layer, layer.bias, { grad: gradients[1], t });
    }
    return loss;
  };
  return {
    take: (steps) => Array.from({ length: steps }, step),
    weights: () => Array.from(layers[2]!.weight),
  };
}

await serve(make);
