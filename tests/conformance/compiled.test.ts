// Compiled equals eager: every layer, loss and optimizer, and models of each kind, from one list.
// Covers: lib/compile/*.ts, lib/backends/onnx/recorder.ts, lib/ops/host.ts
import { describe, expect, test } from "vitest";
import * as lib from "../../lib/index.ts";
import { hashClasses } from "../support/hash.ts";
import {
  CLASSES,
  inputsOf,
  LAYERS,
  LOSSES,
  MODELS,
  OPTIMIZERS,
  plain,
  type Setting,
} from "./compiled/settings.ts";

// What optimizers may be combined with.
const STEPS: Setting[] = [
  {
    name: "a schedule",
    shape: [4, 5],
    model: plain,
    optimizer: (parameters) =>
      new lib.AdamW(parameters, {
        learningRate: lib.warmUp(lib.cosineDecay({ start: 0.05, steps: 5 }), 3),
      }),
  },
  {
    name: "clipping by norm",
    shape: [4, 5],
    model: plain,
    optimizer: (parameters) => new lib.Adam(parameters),
    between: (parameters) => {
      lib.clipByNorm(parameters, 0.1);
    },
  },
  {
    name: "clipping by value",
    shape: [4, 5],
    model: plain,
    optimizer: (parameters) => new lib.Adam(parameters),
    between: (parameters) => lib.clipByValue(parameters, 0.01),
  },
];

interface Training {
  readonly model: lib.Layer;
  readonly optimizer: lib.Optimizer;
  readonly step: (batch: Batch) => { loss: lib.Tensor };
}

// The same first weights and the same chance each time.
function training({ model: make, loss: makeLoss, optimizer, between }: Setting): Training {
  const model = make(new lib.Generator(5));
  const loss = makeLoss ? makeLoss() : new lib.CrossEntropyLoss();
  const parameters = model.parameters();
  const moved = optimizer ? optimizer(parameters) : new lib.SGD(parameters, { learningRate: 0.1 });
  const step: Training["step"] = ({ inputs, targets }) => {
    const value = loss.forward(model.forward(inputs), targets);
    model.backward(loss.backward());
    between?.(parameters);
    moved.step();
    return { loss: value };
  };
  return { model, optimizer: moved, step };
}

type Batch = Readonly<Record<"inputs" | "targets", lib.Tensor>>;

function batches(setting: Setting, count: number): Batch[] {
  const { shape, targets = classesOf } = setting;
  return Array.from({ length: count }, (_, index) => ({
    inputs: inputsOf(setting, shape, 10 + index),
    targets: inSingle(targets([shape[0]!, CLASSES], 50 + index)),
  }));
}

const classesOf = ([batch]: readonly number[], seed: number): lib.Tensor =>
  hashClasses(batch!, seed, CLASSES);

const inSingle = (x: lib.Tensor): lib.Tensor =>
  x.dtype === "float64" ? lib.cast(x, "float32") : x;

const numbersOf = (model: lib.Layer): number[] =>
  [...model.parameters(), ...model.states()].flatMap(({ value }) =>
    Array.from(value.toTypedArray()),
  );

const largest = (numbers: readonly number[]): number => Math.max(...numbers.map(Math.abs));

describe.each([...LAYERS, ...LOSSES, ...OPTIMIZERS, ...STEPS, ...MODELS])(
  "$name, compiled",
  (setting) => {
    test("moves every weight and state as the eager step does, and gives the same losses", async () => {
      const [eager, compiled] = [training(setting), training(setting)];
      const start = numbersOf(eager.model);
      const data = batches(setting, 5);
      const losses = data.map((batch) => eager.step(batch).loss.item());
      // Two runs of two steps, and one that is left over.
      const step = lib.compile(compiled.step, { ...compiled, stepsPerRun: 2, threads: 1 });
      const results = await step.run(data);
      await step.sync();
      step.dispose();
      for (const [index, loss] of losses.entries()) {
        expect(Math.abs(results.loss[index]! - loss)).toBeLessThan(
          1e-4 * Math.max(1, Math.abs(loss)),
        );
      }
      const [expected, actual] = [numbersOf(eager.model), numbersOf(compiled.model)];
      const update = largest(expected.map((value, index) => value - start[index]!));
      const distance = largest(expected.map((value, index) => value - actual[index]!));
      expect(update).toBeGreaterThan(1e-4);
      expect(distance).toBeLessThan(1e-5 + 2e-3 * update);
      expect(compiled.optimizer.stepCount).toBe(5);
    });

    test("passes its own verification, step by step", async () => {
      const parts = training(setting);
      const step = lib.compile(parts.step, { ...parts, verify: 3, threads: 1, worker: false });
      expect((await step.run(batches(setting, 3))).loss.length).toBe(3);
      step.dispose();
    });
  },
);
