// Worker: workloads in TensorFlow.js on its WebAssembly backend. Parameter: workload.
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { serve } from "../../../dist/bench/workers/serve.js";
import { cornerSize, firstBatches, firstOperands, firstWeights, TRAININGS } from "./recipes.mjs";
import { convolutionOn, imagesOf, kernelsOf, layersOn, MODELS } from "./tensorflow-models.mjs";

const require = createRequire(new URL("../../peers/package.json", import.meta.url));
const tf = require("@tensorflow/tfjs");
const wasm = require("@tensorflow/tfjs-backend-wasm");
const folder = dirname(require.resolve("@tensorflow/tfjs-backend-wasm/package.json"));
wasm.setWasmPaths(join(folder, "dist/"));
await tf.setBackend("wasm");
await tf.ready();

const tensor = ({ numbers, shape }) => tf.tensor(numbers, shape);

const OPTIMIZERS = {
  adam: () => tf.train.adam(1e-3, 0.9, 0.999, 1e-8),
  adamw: () => tf.train.adam(1e-3, 0.9, 0.999, 1e-8),
  momentum: () => tf.train.momentum(0.01, 0.9),
};

function training(name) {
  const recipe = TRAININGS[name];
  const layers = layersOn(tf);
  const weights = firstWeights(recipe).map((first) => {
    const weight = tensor(first);
    return tf.variable(first.shape.length === 4 ? kernelsOf(tf, weight) : weight);
  });
  const batches = firstBatches(recipe).map(({ x, y }) => {
    const inputs = tensor(x);
    return { x: x.shape.length === 4 ? imagesOf(tf, inputs) : inputs, y: tensor(y) };
  });
  const optimizer = OPTIMIZERS[recipe.optimizer]();
  const decay = () => {
    for (const weight of weights) tf.tidy(() => weight.assign(tf.mul(weight, 1 - 1e-3 * 0.01)));
  };
  let count = 0;
  const takeOne = () => {
    const { x, y } = batches[count++ % batches.length];
    const lossOf = () => tf.losses.softmaxCrossEntropy(y, MODELS[name](layers, weights, x));
    const loss = tf.tidy(() => {
      const { value, grads } = tf.variableGrads(lossOf, weights);
      // The weights decay before the step, and after the gradient was taken.
      if (recipe.optimizer === "adamw") decay();
      optimizer.applyGradients(grads);
      return value;
    });
    const [value] = loss.dataSync();
    loss.dispose();
    return value;
  };
  return {
    take: (steps) => Array.from({ length: steps }, takeOne),
    weights: () => Array.from(weights.at(-2).dataSync()),
  };
}

const imagesAgain = (images) => tf.transpose(images, [0, 3, 1, 2]);
const kernelsAgain = (kernels) => tf.transpose(kernels, [3, 2, 0, 1]);

const OPERATIONS = {
  matmul: (a, b) => () => [tf.matMul(a, b)],
  conv(images, kernels) {
    const [x, w] = [imagesOf(tf, images), kernelsOf(tf, kernels)];
    return () => [imagesAgain(tf.conv2d(x, w, 1, "same"))];
  },
  convgrad(images, kernels, gradOutput) {
    const [x, w, dy] = [imagesOf(tf, images), kernelsOf(tf, kernels), imagesOf(tf, gradOutput)];
    const { gradients } = convolutionOn(tf);
    return () => {
      const output = tf.conv2d(x, w, 1, "same");
      const [gradInput, gradWeight] = gradients(dy, { images: x, kernels: w, padding: "same" });
      return [imagesAgain(output), imagesAgain(gradInput), kernelsAgain(gradWeight)];
    };
  },
};

function operation(name) {
  const compute = OPERATIONS[name](...firstOperands(name).map(tensor));
  let shown = [];
  const cornerOf = (result) =>
    tf.reshape(
      tf.slice(
        result,
        result.shape.map(() => 0),
        cornerSize(result.shape),
      ),
      [-1],
    );
  const takeOne = () => {
    const corners = tf.tidy(() => tf.concat(compute().map(cornerOf)));
    shown = Array.from(corners.dataSync());
    corners.dispose();
    return shown[0];
  };
  return { take: (steps) => Array.from({ length: steps }, takeOne), weights: () => shown };
}

const name = process.argv[2];
await serve(() => (name in OPERATIONS ? operation(name) : training(name)));
