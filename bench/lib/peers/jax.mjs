// Worker: workloads in jax-js on its WebAssembly backend; loss, gradient and update are one jitted function. Parameter: workload.
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";
import { serve } from "../../../dist/bench/workers/serve.js";
import { layersOn, MODELS } from "./jax-models.mjs";
import { cornerSize, firstBatches, firstOperands, firstWeights, TRAININGS } from "./recipes.mjs";

const require = createRequire(new URL("../../peers/package.json", import.meta.url));
const entry = pathToFileURL(require.resolve("@jax-js/jax").replace(/index\.cjs$/, "index.js"));
const jax = await import(entry.href);
const { numpy, jit, valueAndGrad, vjp, nn, lax } = jax;
await jax.init("wasm");
jax.defaultDevice("wasm");

const array = ({ numbers, shape }) => numpy.array(numbers).reshape(shape);

function training(name) {
  const recipe = TRAININGS[name];
  const layers = layersOn(jax);
  const isAdam = recipe.optimizer !== "momentum";
  let weights = firstWeights(recipe).map(array);
  let moments = [0, 1].map(() => weights.map(({ shape }) => numpy.zeros(shape)));
  const batches = firstBatches(recipe).map(({ x, y }) => ({ x: array(x), y: array(y) }));
  const lossOf = (all, x, y) =>
    numpy.mean(numpy.sum(nn.logSoftmax(MODELS[name](layers, all, x), -1).mul(y), -1)).mul(-1);
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
        const decayed = recipe.optimizer === "adamw" ? all[index].mul(1 - 1e-3 * 0.01) : all[index];
        next.weights.push(decayed.sub(move));
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
    const { x, y } = batches[count++ % batches.length];
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

// A corner is cut out of what was computed whole.
const cornerOf = (result) =>
  result.slice(...cornerSize(result.shape).map((length) => [0, length])).data();

const convolve = (images, kernels) => lax.conv(images, kernels, [1, 1], "SAME");

const OPERATIONS = {
  matmul: (a, b) => [numpy.matmul(a, b)],
  conv: jit((images, kernels) => [convolve(images, kernels)]),
  convgrad: jit((images, kernels, gradOutput) => {
    const [output, back] = vjp(convolve, [images, kernels]);
    return [output, ...back(gradOutput)];
  }),
};

function operation(name) {
  const operands = firstOperands(name).map(array);
  let shown = [];
  return {
    async take(steps) {
      const firsts = [];
      for (let taken = 0; taken < steps; taken++) {
        const results = OPERATIONS[name](...operands.map((operand) => operand.ref));
        const corners = await Promise.all(results.map(cornerOf));
        shown = corners.flatMap((corner) => Array.from(corner));
        firsts.push(shown[0]);
      }
      return firsts;
    },
    weights: () => shown,
  };
}

const name = process.argv[2];
await serve(() => (name in OPERATIONS ? operation(name) : training(name)));
