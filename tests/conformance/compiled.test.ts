// Compiled equals eager: every layer, loss and optimizer, and models of each kind, from one list.
// Covers: lib/compile/*.ts, lib/compile/recording/*.ts, lib/compile/runners/*.ts, lib/compile/state/*.ts
// Covers: lib/backends/onnx/recorder.ts, lib/ops/host.ts
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

const tensorsOf = (model: lib.Layer): Float32Array[] =>
  [...model.parameters(), ...model.states()].map(
    ({ value }) => value.toTypedArray() as Float32Array,
  );

const largestDistance = (a: ArrayLike<number>, b: ArrayLike<number>): number =>
  Math.max(...Array.from(a, (value, index) => Math.abs(value - b[index]!)));

/** Of a loss, relative to it; and of a weight, of which the second is a part of the largest update of its tensor. */
const LOSS_TOLERANCE = 1e-5;
const WEIGHT_TOLERANCE = [1e-5, 1e-3] as const;

function expectSameWeights(
  start: readonly Float32Array[],
  [eager, compiled]: readonly [lib.Layer, lib.Layer],
): void {
  const actual = tensorsOf(compiled);
  for (const [index, expected] of tensorsOf(eager).entries()) {
    const update = largestDistance(expected, start[index]!);
    const [rounding, part] = WEIGHT_TOLERANCE;
    expect(largestDistance(expected, actual[index]!)).toBeLessThanOrEqual(rounding + part * update);
  }
}

describe.each([...LAYERS, ...LOSSES, ...OPTIMIZERS, ...STEPS, ...MODELS])(
  "$name, compiled",
  (setting) => {
    test("moves every weight and state as the eager step does, and gives the same losses", async () => {
      const [eager, compiled] = [training(setting), training(setting)];
      const models = [eager.model, compiled.model] as const;
      const start = tensorsOf(eager.model);
      const [first, ...others] = batches(setting, 6) as [Batch, ...Batch[]];
      const losses = [eager.step(first).loss.item()];
      // One step alone, then two runs of two steps, and one that is left over.
      const step = lib.compile(compiled.step, { ...compiled, stepsPerRun: 2, threads: 1 });
      const results = [...(await step.run(first)).loss];
      await step.sync();
      expectSameWeights(start, models);
      losses.push(...others.map((batch) => eager.step(batch).loss.item()));
      results.push(...(await step.run(others)).loss);
      await step.sync();
      step.dispose();
      expectSameWeights(start, models);
      for (const [index, loss] of losses.entries()) {
        expect(Math.abs(results[index]! - loss) / Math.abs(loss)).toBeLessThanOrEqual(
          LOSS_TOLERANCE,
        );
      }
      const moved = tensorsOf(eager.model).map((each, index) =>
        largestDistance(each, start[index]!),
      );
      expect(Math.max(...moved)).toBeGreaterThan(1e-4);
      expect(compiled.optimizer.stepCount).toBe(6);
    });

    test("passes its own verification, step by step", async () => {
      const parts = training(setting);
      const step = lib.compile(parts.step, { ...parts, verify: 3, threads: 1, worker: false });
      expect((await step.run(batches(setting, 3))).loss.length).toBe(3);
      step.dispose();
    });
  },
);
