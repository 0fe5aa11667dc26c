// Worker: workloads in jax-js on its WebAssembly backend; loss, gradient and update are one jitted function. Parameter: workload.
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";
import { BATCH_COUNT, classes, uniform } from "../../../dist/bench/lib/task-data.js";
import { serve } from "../../../dist/bench/workers/serve.js";

const require = createRequire(new URL("../../peers/package.json", import.meta.url));
const entry = pathToFileURL(require.resolve("@jax-js/jax").replace(/index\.cjs$/, "index.js"));
const { numpy, jit, valueAndGrad, nn, lax, init, defaultDevice } = await import(entry.href);
await init("wasm");
defaultDevice("wasm");

const array = (numbers, shape) => numpy.array(numbers).reshape(shape);
const size = (shape) => shape.reduce((product, length) => product * length, 1);
const uniformArray = (shape, seed, bound) => array(uniform(size(shape), seed, bound), shape);
const perChannel = (bias) => bias.reshape([1, bias.shape[0], 1, 1]);

const dense = (weights, x, from) => {
  for (let at = from; at < weights.length; at += 2) {
    x = numpy.matmul(x, weights[at]).add(weights[at + 1]);
    if (at + 2 < weights.length) x = nn.relu(x);
  }
  return x;
};
const pool = (x) => {
  const [batch, channels, height, width] = x.shape;
  return numpy.max(x.reshape([batch, channels, height / 2, 2, width / 2, 2]), [3, 5]);
};

const TRAININGS = {
  mlp: {
    shapes: [[784, 256], [256], [256, 128], [128], [128, 10], [10]],
    inputs: [128, 784],
    forward: (weights, x) => dense(weights, x, 0),
    isAdam: true,
  },
  lenet: {
    shapes: [
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
    forward: (weights, images) => {
      const convolved = (x, at, padding) =>
        pool(nn.relu(lax.conv(x, weights[at], [1, 1], padding).add(perChannel(weights[at + 1]))));
      const features = convolved(convolved(images, 0, "SAME"), 2, "VALID").reshape([64, 400]);
      return dense(weights, features, 4);
    },
    isAdam: false,
  },
};

function firstWeight(shape, index) {
  if (shape.length === 1) return numpy.zeros(shape);
  const fanIn = shape.length === 2 ? shape[0] : size(shape) / shape[0];
  return uniformArray(shape, 1000 + index, 1 / Math.sqrt(fanIn));
}

function oneHot(labels, numClasses) {
  const rows = new Float32Array(labels.length * numClasses);
  for (const [row, label] of labels.entries()) rows[row * numClasses + label] = 1;
  return array(rows, [labels.length, numClasses]);
}

function training({ shapes, inputs, forward, isAdam }) {
  let weights = shapes.map(firstWeight);
  let moments = [0, 1].map(() => shapes.map((shape) => numpy.zeros(shape)));
  const batches = Array.from({ length: BATCH_COUNT }, (_, seed) => ({
    x: uniformArray(inputs, 1 + seed, 1),
    y: oneHot(classes(inputs[0], 51 + seed, 10), 10),
  }));
  const lossOf = (all, x, y) =>
    numpy.mean(numpy.sum(nn.logSoftmax(forward(all, x), -1).mul(y), -1)).mul(-1);
  const step = jit((all, [first, second], [x, y], [rate, epsilon]) => {
    const [loss, gradients] = valueAndGrad(lossOf)(
      all.map((weight) => weight.ref),
      x,
      y,
    );
    const next = { weights: [], first: [], second: [] };
    for (const [index, gradient] of gradients.entries()) {
      // Moments are kept undivided by 1 - beta, which the rate of the step makes good.
      const mean = first[index].mul(0.9).add(gradient.ref);
      next.first.push(mean.ref);
      if (isAdam) {
        const square = second[index].mul(0.999).add(gradient.ref.mul(gradient));
        next.second.push(square.ref);
        const move = mean.div(numpy.sqrt(square).add(epsilon.ref)).mul(rate.ref);
        next.weights.push(all[index].sub(move));
      } else {
        gradient.dispose();
        next.second.push(second[index]);
        next.weights.push(all[index].sub(mean.mul(0.01)));
      }
    }
    rate.dispose();
    epsilon.dispose();
    return [loss, next.weights, next.first, next.second];
  });
  let count = 0;
  const takeOne = async () => {
    const { x, y } = batches[count++ % BATCH_COUNT];
    const root = Math.sqrt((1 - 0.999) / (1 - 0.999 ** count));
    const rate = numpy.array((1e-3 * 0.1) / (1 - 0.9 ** count) / root);
    const epsilon = numpy.array(1e-8 / root);
    const [loss, ...state] = step(weights, moments, [x.ref, y.ref], [rate, epsilon]);
    weights = state[0];
    moments = [state[1], state[2]];
    return (await loss.data())[0];
  };
  let shown = [];
  return {
    async take(steps) {
      const losses = [];
      for (let taken = 0; taken < steps; taken++) losses.push(await takeOne());
      return losses;
    },
    async finish() {
      shown = Array.from(await weights.at(-2).ref.data());
    },
    weights: () => shown,
  };
}

function operation(compute) {
  let shown = [];
  return {
    async take(steps) {
      const firsts = [];
      for (let taken = 0; taken < steps; taken++) {
        const result = compute();
        // The corner is cut out of what was computed whole.
        const corner = result.slice(...result.shape.map(() => [0, 4]));
        shown = Array.from(await corner.data());
        firsts.push(shown[0]);
      }
      return firsts;
    },
    weights: () => shown,
  };
}

const OPERATIONS = {
  matmul: () => {
    const [a, b] = [1, 2].map((seed) => uniformArray([1024, 1024], seed, 1));
    return operation(() => numpy.matmul(a.ref, b.ref));
  },
  conv: () => {
    const x = uniformArray([8, 64, 56, 56], 1, 1);
    const weight = uniformArray([64, 64, 3, 3], 2, 0.1);
    const convolve = jit((images, kernels) => lax.conv(images, kernels, [1, 1], "SAME"));
    return operation(() => convolve(x.ref, weight.ref));
  },
};

const name = process.argv[2];
await serve(() => (name in OPERATIONS ? OPERATIONS[name]() : training(TRAININGS[name])));
