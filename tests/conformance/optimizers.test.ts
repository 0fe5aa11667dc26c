// The contract of every optimizer: gradients are used up, old tensors stay, errors; and PyTorch's numbers for 20 steps.
// Covers: lib/optimizers/*.ts
import { describe, expect, test } from "vitest";
import {
  Adam,
  AdamW,
  ArgumentError,
  cast,
  type Optimizer,
  Parameter,
  SGD,
  StateError,
  tensor,
  type Tensor,
} from "../../lib/index.ts";
import { expectClose } from "../support/expect-close.ts";
import { goldenCases } from "../support/golden.ts";
import { hashUniform } from "../support/hash.ts";
import { SUBJECTS } from "./backend/subject.ts";
import { OPTIMIZERS } from "./catalogue/optimizers.ts";

type Make = (parameters: Parameter[]) => Optimizer;

const parameter = (name = "weight"): Parameter => new Parameter(name, tensor([1, -2, 3]));

// Three steps of some operations each, on numbers around 1.
const TOLERANCE_ACROSS_BACKENDS = 1e-5;

interface Drawn {
  readonly weight: Tensor;
  readonly gradients: readonly Tensor[];
}

// The same numbers in both types.
function drawn(dtype: "float32" | "float64"): Drawn {
  const numbers = (seed: number): Tensor => cast(cast(hashUniform([3, 2], seed), "float32"), dtype);
  return { weight: numbers(1), gradients: [101, 102, 103].map(numbers) };
}

// Weights after each step, on the backend that runs.
function stepsOf(make: Make, { weight, gradients }: Drawn): Tensor[] {
  const moved = new Parameter("weight", weight);
  const optimizer = make([moved]);
  return gradients.map((gradient) => {
    moved.accumulate(gradient);
    optimizer.step();
    return moved.value;
  });
}

describe.each(OPTIMIZERS)("the optimizer $name", ({ make }) => {
  test.each(SUBJECTS)("moves weights on the %s backend as in float64", (_, { on }) => {
    const expected = stepsOf(make, drawn("float64"));
    const single = drawn("float32");
    const actual = on(() => stepsOf(make, single));
    for (const [index, weights] of expected.entries()) {
      const plain = { shape: weights.shape, data: weights.toTypedArray() };
      expectClose(actual[index]!, plain, TOLERANCE_ACROSS_BACKENDS);
    }
  });

  test("moves weights against their gradient, then clears it", () => {
    const weight = parameter();
    const optimizer = make([weight]);
    weight.accumulate(tensor([1, -1, 0.5]));
    optimizer.step();
    const [first, second, third] = weight.value.toArray() as number[];
    expect([first! < 1, second! > -2, third! < 3]).toEqual([true, true, true]);
    expect(weight.gradient).toBeUndefined();
    expect(weight.value.shape).toEqual([3]);
    expect(weight.value.dtype).toBe("float32");
  });

  test("leaves the tensors that were there before as they are", () => {
    const weight = parameter();
    const optimizer = make([weight]);
    const [old, gradient] = [weight.value, tensor([1, -1, 0.5])];
    weight.accumulate(gradient);
    optimizer.step();
    expect(old.toArray()).toEqual([1, -2, 3]);
    expect(gradient.toArray()).toEqual([1, -1, 0.5]);
  });

  test("passes over parameters without a gradient", () => {
    const [used, unused] = [parameter("used"), parameter("unused")];
    const optimizer = make([used, unused]);
    used.accumulate(tensor([1, 1, 1]));
    optimizer.step();
    expect(unused.value.toArray()).toEqual([1, -2, 3]);
    expect(used.value.toArray()).not.toEqual([1, -2, 3]);
  });

  test("takes one step for a parameter that is named twice", () => {
    const [once, twice] = [parameter(), parameter()];
    const optimizers = [make([once]), make([twice, twice])];
    for (const weight of [once, twice]) weight.accumulate(tensor([1, 1, 1]));
    for (const optimizer of optimizers) optimizer.step();
    expect(twice.value.toArray()).toEqual(once.value.toArray());
  });

  test("takes a new learning rate for the next step", () => {
    const weight = parameter();
    const optimizer = make([weight]);
    optimizer.learningRate = 0;
    weight.accumulate(tensor([1, 1, 1]));
    optimizer.step();
    expect(weight.value.toArray()).toEqual([1, -2, 3]);
    expect(optimizer.stepCount).toBe(1);
  });

  test("forgets gradients when asked", () => {
    const weight = parameter();
    weight.accumulate(tensor([1, 1, 1]));
    make([weight]).clearGradients();
    expect(weight.gradient).toBeUndefined();
  });

  test("finds the bottom of a bowl", () => {
    const weight = new Parameter("weight", tensor([1, -2, 3]));
    const optimizer = make([weight]);
    for (let step = 0; step < 300; step++) {
      weight.accumulate(weight.value);
      optimizer.step();
    }
    for (const value of weight.value.toArray() as number[])
      expect(Math.abs(value)).toBeLessThan(0.05);
  });

  test("refuses a step without gradients, and an empty list of parameters", () => {
    expect(() => make([parameter()]).step()).toThrow(StateError);
    expect(() => make([parameter()]).step()).toThrow("model.backward(loss.backward())");
    expect(() => make([parameter()]).step()).toThrow("make the optimizer anew after it");
    expect(() => make([])).toThrow(ArgumentError);
    expect(() => make([])).toThrow("model.parameters()");
  });
});

const GOLDEN: Record<string, Make> = {
  "sgd plain": (p) => new SGD(p, { learningRate: 0.1 }),
  "sgd weight decay": (p) => new SGD(p, { learningRate: 0.1, weightDecay: 0.05 }),
  "sgd momentum": (p) => new SGD(p, { learningRate: 0.1, momentum: 0.9 }),
  "sgd dampening": (p) => new SGD(p, { learningRate: 0.1, momentum: 0.9, dampening: 0.3 }),
  "sgd nesterov": (p) => new SGD(p, { learningRate: 0.1, momentum: 0.9, nesterov: true }),
  "sgd nesterov weight decay": (p) =>
    new SGD(p, { learningRate: 0.1, momentum: 0.8, nesterov: true, weightDecay: 0.05 }),
  "adam defaults": (p) => new Adam(p),
  "adam other constants": (p) =>
    new Adam(p, { learningRate: 0.05, beta1: 0.7, beta2: 0.9, epsilon: 1e-3 }),
  "adam weight decay": (p) => new Adam(p, { learningRate: 0.01, weightDecay: 0.1 }),
  "adamw defaults": (p) => new AdamW(p),
  "adamw other constants": (p) =>
    new AdamW(p, {
      learningRate: 0.05,
      beta1: 0.7,
      beta2: 0.9,
      epsilon: 1e-3,
      weightDecay: 0.2,
    }),
};

// Twenty steps in float64, with the same formulas in another order.
const TOLERANCE = 1e-13;

const GOLDEN_CASES = goldenCases<{ weights: Record<string, number[]> }>("optimizers");

describe("PyTorch's numbers for 20 steps", () => {
  test.each(GOLDEN_CASES)("%s", (name, golden) => {
    const weight = new Parameter("weight", hashUniform([3, 2], 1));
    const optimizer = GOLDEN[name]!([weight]);
    const weights: Tensor[] = [];
    for (let step = 1; step <= 20; step++) {
      weight.accumulate(hashUniform([3, 2], 100 + step));
      optimizer.step();
      weights.push(weight.value);
    }
    expect(Object.keys(golden.weights)).toEqual(["1", "2", "5", "10", "20"]);
    for (const [step, data] of Object.entries(golden.weights)) {
      expectClose(weights[Number(step) - 1]!, { shape: [3, 2], data }, TOLERANCE);
    }
  });
});
