// Compiled training: the same steps as op by op, stops and failures that keep what was learned, accuracy in the graph.
// Covers: lib/training/stepper.ts
import { once } from "node:events";
import type { Worker } from "node:worker_threads";
import { describe, expect, test } from "vitest";
import {
  Adam,
  BatchNorm,
  CrossEntropyLoss,
  Dataset,
  Dropout,
  fit,
  Generator,
  Linear,
  MeanSquaredErrorLoss,
  randomNormal,
  ReLU,
  Sequential,
  SGD,
  tensor,
  type Tensor,
  TrainingInterrupted,
  WorkerError,
} from "../../../lib/index.ts";
import { kernelWithFlag } from "../../support/kernel-flag.ts";
import { smallFit as setup, weightOf } from "../../support/small-fit.ts";

describe("compiled training", () => {
  test("takes the same steps, and puts what was learned back into the model", async () => {
    const [eager, compiled] = [setup({ epochs: 4 }), setup({ epochs: 4, compiled: true })];
    const steps: number[] = [];
    const expected = await fit(eager.model, eager.options);
    const history = await fit(compiled.model, {
      ...compiled.options,
      progress: { step: ({ step }) => steps.push(step) },
    });
    expect(history.steps).toBe(expected.steps);
    expect(steps).toEqual([0, 1, 2, 0, 1, 2, 0, 1, 2, 0, 1, 2]);
    for (const [index, { loss }] of history.epochs.entries()) {
      expect(loss).toBeCloseTo(expected.epochs[index]!.loss, 5);
    }
    const [wanted, actual] = [eager, compiled].map(({ model }) => weightOf(model) as number[][]);
    expect(actual!.flat()).toEqual(wanted!.flat().map((value) => expect.closeTo(value, 5)));
    expect(compiled.options.optimizer.stepCount).toBe(expected.steps);
  });

  test("stops between two runs with what was learned so far in the model", async () => {
    const flag = kernelWithFlag();
    const { model, options } = setup({ epochs: 1000, compiled: true });
    const start = weightOf(model);
    const training = fit(model, {
      ...options,
      progress: {
        step({ epoch }) {
          if (epoch === 2) Atomics.store(flag, 0, 1);
        },
      },
    });
    const error: unknown = await training.catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(TrainingInterrupted);
    const { history } = error as TrainingInterrupted;
    expect(history.stopped).toBe("interrupt");
    expect(history.steps).toBeLessThan(30);
    expect(options.optimizer.stepCount).toBe(history.steps);
    expect(weightOf(model)).not.toEqual(start);
  });

  test("hears of a stop within a second while a run is under way, finishes it, and leaves no thread", async () => {
    const flag = kernelWithFlag();
    const workers: Worker[] = [];
    const collect = (worker: Worker): unknown => workers.push(worker);
    process.on("worker", collect);
    const { model, options } = setup({ epochs: 100_000, compiled: true });
    const steps: number[] = [];
    const progress = { step: () => steps.push(performance.now()) };
    const training = fit(model, { ...options, progress });
    let asked = 0;
    const timer = setTimeout(() => {
      asked = performance.now();
      Atomics.store(flag, 0, 1);
    }, 50);
    const error: unknown = await training.catch((reason: unknown) => reason);
    const answered = performance.now() - asked;
    clearTimeout(timer);
    process.off("worker", collect);
    expect(error).toBeInstanceOf(TrainingInterrupted);
    expect(answered).toBeLessThan(1000);
    const { history } = error as TrainingInterrupted;
    expect(history.steps).toBe(steps.length);
    expect(options.optimizer.stepCount).toBe(history.steps);
    expect(workers).toHaveLength(1);
    if (workers[0]!.threadId !== -1) await once(workers[0]!, "exit");
  });

  test("tells that its thread has died, and keeps the last whole epoch", async () => {
    const { model, options } = setup({ epochs: 1000, compiled: true });
    let [worker, atEpoch]: [Worker?, unknown?] = [];
    process.once("worker", (made) => (worker = made));
    const training = fit(model, {
      ...options,
      onEpoch: (_, epoch) => {
        if (epoch !== 3) return;
        atEpoch = weightOf(model);
        worker!.postMessage(null);
      },
    });
    const error: unknown = await training.catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(WorkerError);
    expect((error as Error).message).toContain("call fit again, to go on from there");
    expect(weightOf(model)).toEqual(atEpoch);
  });

  test("keeps what was learned when the caller's own code fails", async () => {
    const { model, options } = setup({ epochs: 5, compiled: true });
    const start = weightOf(model);
    const onStep = (): never => {
      throw new RangeError("of the caller");
    };
    await expect(fit(model, { ...options, onStep })).rejects.toThrow("of the caller");
    expect(weightOf(model)).not.toEqual(start);
    expect(options.optimizer.stepCount).toBeGreaterThan(0);
  });

  test("measures accuracy in the graph, and stops early with the best weights", async () => {
    const random = new Generator(4);
    const inputs = randomNormal(random, [60, 3]);
    const targets = tensor(
      Array.from({ length: 60 }, (_, index) => index % 2),
      { dtype: "int32" },
    );
    const data = new Dataset(inputs, targets);
    const train = async (isCompiled: boolean) => {
      const model = new Sequential(
        new Linear({ inFeatures: 3, outFeatures: 16, random: new Generator(1) }),
        new ReLU(),
        new Linear({ inFeatures: 16, outFeatures: 2, random: new Generator(2) }),
      );
      return fit(model, {
        train: data.subset(40),
        validation: data.subset(Array.from({ length: 20 }, (_, index) => 40 + index)),
        loss: new CrossEntropyLoss(),
        optimizer: new Adam(model.parameters(), { learningRate: 0.05 }),
        epochs: 30,
        batchSize: 8,
        random: new Generator(3),
        patience: 2,
        progress: false,
        compiled: isCompiled,
      });
    };
    const [expected, actual] = [await train(false), await train(true)];
    expect(actual.stopped).toBe("early");
    expect(actual.bestEpoch).toBe(expected.bestEpoch);
    const accuracies = actual.epochs.map(({ accuracy }) => accuracy);
    expect(accuracies).toEqual(expected.epochs.map(({ accuracy }) => expect.closeTo(accuracy!, 5)));
  });

  test("measures validation data as eager training does: in evaluation mode, the last batch by its size", async () => {
    const classes = Array.from({ length: 52 }, (_, index) => index % 2);
    const data = new Dataset(
      randomNormal(new Generator(4), [52, 3]),
      tensor(classes, { dtype: "int32" }),
    );
    const train = async (compiled: boolean) => {
      const model = new Sequential(
        new Linear({ inFeatures: 3, outFeatures: 16, random: new Generator(1) }),
        new BatchNorm({ channels: 16 }),
        new Dropout({ rate: 0.5, random: new Generator(2) }),
        new Linear({ inFeatures: 16, outFeatures: 2, random: new Generator(2) }),
      );
      const optimizer = new SGD(model.parameters(), { learningRate: 0.05 });
      const modes: boolean[] = [];
      const { epochs } = await fit(model, {
        train: data.subset(32),
        validation: data,
        loss: new CrossEntropyLoss(),
        optimizer,
        epochs: 5,
        batchSize: 8,
        random: new Generator(3),
        progress: false,
        compiled,
        onEpoch: () => modes.push(model.training),
      });
      expect(new Set(modes)).toEqual(new Set([true]));
      return epochs.flatMap(({ validationLoss, validationAccuracy }) => [
        validationLoss!,
        validationAccuracy!,
      ]);
    };
    const [expected, actual] = [await train(false), await train(true)];
    expect(actual).toEqual(expected.map((number) => expect.closeTo(number, 4)));
  });
});

class Perceptual extends MeanSquaredErrorLoss {
  readonly eye = new Linear({ inFeatures: 1, outFeatures: 3, random: new Generator(8) });

  override forward(predictions: Tensor, targets: Tensor): Tensor {
    const wanted = this.eye.forward(targets);
    return super.forward(this.eye.forward(predictions), wanted);
  }

  override backward(): Tensor {
    return this.eye.backward(super.backward());
  }
}

test("a loss may compare what a layer of its own makes of predictions, compiled too", async () => {
  const train = async (compiled: boolean): Promise<number> => {
    const { model, options } = setup({ loss: new Perceptual(), compiled });
    return (await fit(model, options)).epochs.at(-1)!.loss;
  };
  expect(await train(true)).toBeCloseTo(await train(false), 5);
});
