// Worker: the MLP step in gradlab, on its default backend.
import {
  Adam,
  CrossEntropyLoss,
  fromTypedArray,
  Generator,
  Linear,
  ReLU,
  Sequential,
} from "../../lib/index.ts";
import { serve, type Workload } from "../workers/serve.ts";
import { batch, BATCH_COUNT, BATCH_SIZE, firstWeight, LEARNING_RATE, WIDTHS } from "./mlp-task.ts";

function linear(layer: number): Linear {
  return new Linear({
    inFeatures: WIDTHS[layer]!,
    outFeatures: WIDTHS[layer + 1]!,
    random: new Generator(0),
    initWeight: (shape) => fromTypedArray(firstWeight(layer), shape),
  });
}

function make(): Workload {
  const last = linear(2);
  const model = new Sequential(linear(0), new ReLU(), linear(1), new ReLU(), last);
  const loss = new CrossEntropyLoss();
  const optimizer = new Adam(model.parameters(), { learningRate: LEARNING_RATE });
  const batches = Array.from({ length: BATCH_COUNT }, (_, index) => {
    const { inputs, targets } = batch(index);
    return {
      inputs: fromTypedArray(inputs, [BATCH_SIZE, WIDTHS[0]!]),
      targets: fromTypedArray(targets, [BATCH_SIZE]),
    };
  });
  let count = 0;
  return {
    step() {
      const { inputs, targets } = batches[count++ % BATCH_COUNT]!;
      const value = loss.forward(model.forward(inputs), targets);
      model.accumulateGradients(loss.backward());
      optimizer.step();
      return value.item();
    },
    weights: () => Array.from(last.weight.value.toTypedArray()),
  };
}

await serve(make);
