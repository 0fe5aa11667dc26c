// How optimizers show themselves: by what they move, how far they are and their settings, without the numbers.
import { inspect } from "node:util";
import { expect, test } from "vitest";
import { Adam, Parameter, SGD, zeros } from "../../../lib/index.ts";

test("an optimizer shows how much it moves, its steps and its settings", () => {
  const parameters = [new Parameter("weight", zeros([50, 40])), new Parameter("bias", zeros([40]))];
  const optimizer = new Adam(parameters, { learningRate: 0.01 });
  expect(inspect(optimizer)).toBe(
    "Adam of 2,040 parameters in 2 tensors, after 0 steps: " +
      "learningRate 0.01, beta1 0.9, beta2 0.999, epsilon 1e-8, weightDecay 0",
  );
});

test("one tensor and one step are told as such", () => {
  const weight = new Parameter("weight", zeros([3]));
  const optimizer = new SGD([weight], { learningRate: 0.5 });
  weight.accumulate(zeros([3]));
  optimizer.step();
  expect(optimizer.toMimeBundle()["text/plain"]).toMatch(
    /^SGD of 3 parameters in 1 tensor, after 1 step: learningRate 0.5/,
  );
});
