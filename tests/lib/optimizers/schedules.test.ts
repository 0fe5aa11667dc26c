// Learning-rate schedules and gradient clipping: PyTorch's numbers, the optimizer's use of them, and what they refuse.
// Covers: lib/optimizers/clipping.ts
import { describe, expect, test } from "vitest";
import {
  Adam,
  ArgumentError,
  clipByNorm,
  clipByValue,
  compile,
  cosineDecay,
  Generator,
  Linear,
  Parameter,
  type Schedule,
  SGD,
  stepDecay,
  tensor,
  type Tensor,
  warmUp,
} from "../../../lib/index.ts";
import { expectClose } from "../../support/expect-close.ts";
import { goldenCases } from "../../support/golden.ts";
import { hashUniform } from "../../support/hash.ts";

interface Golden {
  readonly rates?: number[];
  readonly gradients?: number[][];
  readonly norm?: number | null;
}

const golden = new Map(goldenCases<Golden>("schedules"));

const withGradients = (): Parameter[] =>
  [[3, 2], [4]].map((shape, index) => {
    const parameter = new Parameter("weight", hashUniform(shape, 5 + index));
    parameter.gradient = hashUniform(shape, 1 + index, -2, 2);
    return parameter;
  });

describe("schedules", () => {
  const SCHEDULES: [string, Schedule][] = [
    ["stepDecay", stepDecay({ start: 0.1, factor: 0.5, every: 4 })],
    ["cosineDecay", cosineDecay({ start: 0.1, end: 0.01, steps: 12 })],
  ];

  test.each(SCHEDULES)("%s gives PyTorch's learning rates", (name, schedule) => {
    const expected = golden.get(`rate ${name}`)!.rates!;
    for (const [index, rate] of expected.entries()) {
      expect(schedule(index + 1)).toBeCloseTo(rate, 14);
    }
  });

  test("cosine decay stays at its end", () => {
    const schedule = cosineDecay({ start: 1, end: 0.2, steps: 3 });
    expect([schedule(4), schedule(100)]).toEqual([0.2, 0.2]);
  });

  test("warming up rises evenly to the schedule's first rate", () => {
    const schedule = warmUp(stepDecay({ start: 8, factor: 0.5, every: 1 }), 4);
    expect([1, 2, 3, 4, 5, 6].map(schedule)).toEqual([2, 4, 6, 8, 8, 4]);
  });

  test("an optimizer takes each step at the schedule's rate", () => {
    const weight = new Parameter("weight", tensor(0));
    const optimizer = new SGD([weight], { learningRate: stepDecay({ start: 1, every: 1 }) });
    const step = (): number => {
      weight.gradient = tensor(-1);
      optimizer.step();
      return weight.value.item();
    };
    expect([step(), step(), step()]).toEqual([1, expect.closeTo(1.1, 6), expect.closeTo(1.11, 6)]);
    expect(optimizer.learningRate).toBeCloseTo(0.01, 12);
  });

  test.each([
    ["its schedule", true, "Look at what the schedule gives for step 3."],
    ["somebody", false, "Give optimizer.learningRate a number such as 0.001."],
  ])("an optimizer stops before a step at the rate NaN that %s gave it", (_, isSchedule, fix) => {
    const weight = new Parameter("weight", tensor(0));
    const schedule = (step: number): number => (step < 3 ? 0.1 : NaN);
    const optimizer = new SGD([weight], { learningRate: isSchedule ? schedule : 0.1 });
    const step = (): void => {
      weight.gradient = tensor(-1);
      optimizer.step();
    };
    step();
    step();
    if (!isSchedule) optimizer.learningRate = NaN;
    const before = weight.value;
    expect(step).toThrow(ArgumentError);
    expect(step).toThrow(`SGD.step: learningRate must be 0 or more; got NaN in step 3. ${fix}`);
    expect([weight.value, optimizer.stepCount]).toEqual([before, 2]);
  });

  test("a compiled step stops too when its schedule gives no number", async () => {
    const model = new Linear({ inFeatures: 1, outFeatures: 1, random: new Generator(1) });
    const schedule = (step: number): number => (step < 3 ? 0.1 : NaN);
    const optimizer = new SGD(model.parameters(), { learningRate: schedule });
    const step = compile(
      ({ inputs }: { inputs: Tensor }) => {
        const output = model.forward(inputs);
        model.backward(output);
        optimizer.step();
        return { output };
      },
      { model, optimizer, stepsPerRun: 1 },
    );
    const run = (): Promise<unknown> => step.run({ inputs: tensor([[1]]) });
    await run();
    await run();
    await expect(run()).rejects.toThrow("learningRate must be 0 or more; got NaN in step 3");
    await step.sync();
    step.dispose();
    expect(Number.isFinite(model.weight.value.item())).toBe(true);
  });

  test("refuse numbers that are no learning rates", () => {
    expect(() => stepDecay({ start: 0, every: 1 })).toThrow(ArgumentError);
    expect(() => stepDecay({ start: 1, every: 1.5 })).toThrow("every must be a whole number");
    expect(() => cosineDecay({ start: 1, end: -1, steps: 2 })).toThrow("end must be a positive");
    const parameters = [new Parameter("weight", tensor(0))];
    expect(() => new Adam(parameters, { learningRate: () => -1 })).toThrow("learningRate");
  });
});

describe("clipping", () => {
  const CLIPS: [string, (parameters: Parameter[]) => Tensor | undefined][] = [
    ["norm 1", (parameters) => clipByNorm(parameters, 1)],
    ["norm 100", (parameters) => clipByNorm(parameters, 100)],
    [
      "value 0.5",
      (parameters) => {
        clipByValue(parameters, 0.5);
        return undefined;
      },
    ],
  ];

  test.each(CLIPS)("by %s gives PyTorch's gradients", (name, clip) => {
    const parameters = withGradients();
    const norm = clip(parameters);
    const expected = golden.get(`clip ${name}`)!;
    expect(norm?.item() ?? 0).toBeCloseTo(expected.norm ?? 0, 13);
    for (const [index, { value, gradient }] of parameters.entries()) {
      const data = expected.gradients![index]!;
      expectClose(gradient!, { shape: value.shape, data }, 1e-14);
    }
  });

  test("counts a shared parameter once", () => {
    const parameter = new Parameter("weight", tensor([3, 4]));
    parameter.gradient = tensor([3, 4]);
    expect(clipByNorm([parameter, parameter], 10).item()).toBe(5);
  });

  test("refuses to clip what is not there, or to nothing", () => {
    const empty = [new Parameter("weight", tensor(0))];
    expect(() => clipByNorm(empty, 1)).toThrow("Call it after model.backward");
    expect(() => clipByValue(withGradients(), 0)).toThrow(ArgumentError);
  });
});
