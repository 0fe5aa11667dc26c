// Worker: workloads in TensorFlow.js on its WebAssembly backend. Parameter: workload.
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { BATCH_COUNT, classes, uniform } from "../../../dist/bench/lib/task-data.js";
import { serve } from "../../../dist/bench/workers/serve.js";

const require = createRequire(new URL("../../peers/package.json", import.meta.url));
const tf = require("@tensorflow/tfjs");
const wasm = require("@tensorflow/tfjs-backend-wasm");
const folder = dirname(require.resolve("@tensorflow/tfjs-backend-wasm/package.json"));
wasm.setWasmPaths(join(folder, "dist/"));
await tf.setBackend("wasm");
await tf.ready();

const size = (shape) => shape.reduce((product, length) => product * length, 1);
const uniformTensor = (shape, seed, bound) => tf.tensor(uniform(size(shape), seed, bound), shape);

const SHAPES = [[784, 256], [256], [256, 128], [128], [128, 10], [10]];

function training() {
  const weights = SHAPES.map((shape, index) =>
    tf.variable(
      shape.length === 1
        ? tf.zeros(shape)
        : uniformTensor(shape, 1000 + index, 1 / Math.sqrt(shape[0])),
    ),
  );
  const batches = Array.from({ length: BATCH_COUNT }, (_, seed) => ({
    x: uniformTensor([128, 784], 1 + seed, 1),
    y: tf.oneHot(tf.tensor1d(classes(128, 51 + seed, 10), "int32"), 10),
  }));
  const optimizer = tf.train.adam(1e-3, 0.9, 0.999, 1e-8);
  const forward = (x) => {
    let values = x;
    for (let at = 0; at < weights.length; at += 2) {
      values = tf.add(tf.matMul(values, weights[at]), weights[at + 1]);
      if (at + 2 < weights.length) values = tf.relu(values);
    }
    return values;
  };
  let count = 0;
  const takeOne = () => {
    const { x, y } = batches[count++ % BATCH_COUNT];
    const loss = optimizer.minimize(
      () => tf.losses.softmaxCrossEntropy(y, forward(x)),
      true,
      weights,
    );
    const [value] = loss.dataSync();
    loss.dispose();
    return value;
  };
  return {
    take: (steps) => Array.from({ length: steps }, takeOne),
    weights: () => Array.from(weights.at(-2).dataSync()),
  };
}

function operation(compute) {
  let shown = [];
  const takeOne = () => {
    const corner = tf.tidy(() => {
      const result = compute();
      return tf.slice(
        result,
        result.shape.map(() => 0),
        result.shape.map((length) => Math.min(4, length)),
      );
    });
    shown = Array.from(corner.dataSync());
    corner.dispose();
    return shown[0];
  };
  return { take: (steps) => Array.from({ length: steps }, takeOne), weights: () => shown };
}

const WORKLOADS = {
  mlp: training,
  matmul: () => {
    const [a, b] = [1, 2].map((seed) => uniformTensor([1024, 1024], seed, 1));
    return operation(() => tf.matMul(a, b));
  },
  conv: () => {
    const x = tf.transpose(uniformTensor([8, 64, 56, 56], 1, 1), [0, 2, 3, 1]);
    const kernels = tf.transpose(uniformTensor([64, 64, 3, 3], 2, 0.1), [2, 3, 1, 0]);
    return operation(() => tf.transpose(tf.conv2d(x, kernels, 1, "same"), [0, 3, 1, 2]));
  },
};

await serve(WORKLOADS[process.argv[2]]);
