// The workloads as the JavaScript peers start them: shapes and first numbers of the weights in gradlab's order, and batches.
import { BATCH_COUNT, classes, uniform } from "../../../dist/bench/lib/task-data.js";

/** Elements of a shape. */
export const sizeOf = (shape) => shape.reduce((product, length) => product * length, 1);

// The scale of a normalisation starts as ones.
const ones = (count) => ({ shape: [count], startsAsOnes: true });

const convBlock = (inChannels, outChannels) => [
  [outChannels, inChannels, 3, 3],
  [outChannels],
  ones(outChannels),
  [outChannels],
];

/** Trainings by name; `rows` says that inputs are numbers of rows to look up, and how many rows there are. */
export const TRAININGS = {
  mlp: {
    weights: [[784, 256], [256], [256, 128], [128], [128, 10], [10]],
    inputs: [128, 784],
    targets: [128, 10],
    optimizer: "adam",
  },
  lenet: {
    weights: [
      [6, 1, 5, 5],
      [6],
      [16, 6, 5, 5],
      [16],
      [400, 120],
      [120],
      [120, 84],
      [84],
      [84, 10],
      [10],
    ],
    inputs: [64, 1, 28, 28],
    targets: [64, 10],
    optimizer: "momentum",
  },
  lstm: {
    weights: [[64, 64], [64, 512], [128, 512], [512], [128, 64], [64]],
    inputs: [32 * 50],
    rows: 64,
    targets: [32 * 50, 64],
    optimizer: "adam",
  },
  convnet: {
    weights: [
      ...convBlock(3, 32),
      ...convBlock(32, 32),
      ...convBlock(32, 64),
      ...convBlock(64, 64),
      [64, 10],
      [10],
    ],
    inputs: [32, 3, 32, 32],
    targets: [32, 10],
    optimizer: "adam",
  },
  transformer: {
    weights: [
      ones(128),
      [128],
      [128, 384],
      [384],
      [128, 128],
      [128],
      ones(128),
      [128],
      [128, 512],
      [512],
      [512, 128],
      [128],
      [128, 64],
      [64],
    ],
    inputs: [16, 64, 128],
    targets: [16 * 64, 64],
    optimizer: "adamw",
  },
};

/** Numbers and shape of every weight. */
export function firstWeights({ weights }) {
  return weights.map((weight, index) => {
    const shape = weight.shape ?? weight;
    if (shape.length === 1) {
      return { shape, numbers: new Float32Array(shape[0]).fill(weight.startsAsOnes ? 1 : 0) };
    }
    const fanIn = shape.length === 2 ? shape[0] : sizeOf(shape) / shape[0];
    return { shape, numbers: uniform(sizeOf(shape), 1000 + index, 1 / Math.sqrt(fanIn)) };
  });
}

/** Numbers and shapes of all batches: inputs as `x`, targets as `y`, one row of zeros and a one for each. */
export function firstBatches({ inputs, rows, targets: [count, numClasses] }) {
  return Array.from({ length: BATCH_COUNT }, (_, seed) => ({
    x:
      rows === undefined
        ? { shape: inputs, numbers: uniform(sizeOf(inputs), 1 + seed, 1) }
        : oneHot(classes(sizeOf(inputs), 1 + seed, rows), rows),
    y: oneHot(classes(count, 51 + seed, numClasses), numClasses),
  }));
}

function oneHot(labels, numClasses) {
  const numbers = new Float32Array(labels.length * numClasses);
  for (const [row, label] of labels.entries()) numbers[row * numClasses + label] = 1;
  return { shape: [labels.length, numClasses], numbers };
}

/** Numbers and shape of each operand of an operation. */
export function firstOperands(name) {
  const shapes = {
    matmul: [
      [[1024, 1024], 1],
      [[1024, 1024], 1],
    ],
    conv: [
      [[8, 64, 56, 56], 1],
      [[64, 64, 3, 3], 0.1],
    ],
    convgrad: [
      [[8, 64, 56, 56], 1],
      [[64, 64, 3, 3], 0.1],
      [[8, 64, 56, 56], 1],
    ],
  }[name];
  return shapes.map(([shape, bound], index) => ({
    shape,
    numbers: uniform(sizeOf(shape), 1 + index, bound),
  }));
}

/** How many places along every axis are read of what was computed whole. */
export const cornerSize = (shape) => shape.map((length) => Math.min(4, length));
