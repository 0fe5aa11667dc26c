// Handing gradients over: which parameters have one, and what ranks make of it.
import { expect, test } from "vitest";
import { withBackend } from "../../../lib/backends/select.ts";
import { typescriptBackend } from "../../../lib/backends/typescript/index.ts";
import { Parameter, tensor } from "../../../lib/index.ts";
import { withGradient } from "../../../lib/optimizers/gradients.ts";

const parameter = (gradient?: number): Parameter => {
  const made = new Parameter("weight", tensor([1]));
  if (gradient !== undefined) made.gradient = tensor([gradient]);
  return made;
};

test("hands over each parameter with a gradient once, and leaves the gradient alone", () => {
  const [a, b] = [parameter(3), parameter()];
  const { gradient } = a;
  expect(withGradient([a, b, a])).toEqual([a]);
  expect(a.gradient).toBe(gradient);
});

test("hands over the mean of all ranks where the backend has some", () => {
  const a = parameter(3);
  const averaging = { ...typescriptBackend, meanOverRanks: () => tensor([2.5]).value };
  withBackend(averaging, () => withGradient([a]));
  expect(a.gradient!.toArray()).toEqual([2.5]);
});
