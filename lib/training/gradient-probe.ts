// What a gradient check sees of a layer or loss: variables that can be moved, outputs, and gradients.
import { GradientError } from "../errors.ts";
import type { Layer, Parameter } from "../layers/layer.ts";
import type { Loss } from "../losses/loss.ts";
import { mul } from "../ops/arithmetic.ts";
import { cast } from "../ops/convert.ts";
import { randomNormal } from "../ops/random.ts";
import { isFloat } from "../dtype.ts";
import { Generator } from "../random.ts";
import type { Tensor } from "../tensor.ts";

/** An input or parameter with respect to which a gradient is checked. */
export interface Variable {
  /** `input`, `weight`, `0.bias` */
  readonly name: string;
  /** `gradInput`, `gradWeight`, `0.gradBias` */
  readonly gradientName: string;
  /** The value at which the gradient is checked. */
  readonly value: Tensor;
  /** Puts another value in its place for the next outputs. */
  assign(value: Tensor): void;
}

/** A layer or loss under test. */
export interface Probe {
  readonly name: string;
  /** Length of the first axis of the input. */
  readonly batch: number;
  readonly variables: readonly Variable[];
  /** The numbers whose sum is differentiated. */
  outputs(): Float64Array;
  /** What forward and backward say about each variable. */
  gradients(): (Tensor | undefined)[];
  /** @throws {GradientError} when a second backward pass replaces gradients instead of adding to them */
  checkAccumulation(): void;
}

/** A probe of a layer whose parameters are float64, at an input of any shape; its outputs are weighted with fixed random numbers. */
export function layerProbe(layer: Layer, input: Tensor, random: Generator): Probe {
  let current = input;
  const rewind = generatorRewind(layer);
  const forward = (): Tensor => {
    rewind();
    return layer.forward(current);
  };
  const first = forward();
  const name = layer.toString();
  requireDouble(name, first);
  const weights = randomNormal(random.child(2 ** 20), first.shape, { dtype: "float64" });
  const outputs = (): Float64Array => numbersOf(mul(forward(), weights));
  requireRepeatable(name, outputs(), outputs());
  const parameters = layer.namedParameters();
  const backward = (): Tensor => {
    forward();
    return layer.backward(weights);
  };
  const inputs = isFloat(input.dtype)
    ? [variableOf("input", input, (value) => (current = value))]
    : [];
  return {
    name,
    batch: input.shape[0] ?? 1,
    variables: [...inputs, ...parameters.map(parameterVariable)],
    outputs,
    gradients() {
      for (const [, parameter] of parameters) parameter.gradient = undefined;
      const gradInput = backward();
      return [...inputs.map(() => gradInput), ...parameters.map(([, { gradient }]) => gradient)];
    },
    checkAccumulation() {
      const once = parameters.map(([, { gradient }]) => gradient!);
      backward();
      for (const [index, [path, parameter]] of parameters.entries()) {
        requireSum(name, path, [once[index]!, parameter.gradient!]);
      }
    },
  };
}

/** A probe of a loss with respect to its predictions, of any shape. */
export function lossProbe(loss: Loss, predictions: Tensor, targets: Tensor): Probe {
  let current = predictions;
  requireDouble(loss.toString(), loss.forward(predictions, targets));
  return {
    name: loss.toString(),
    batch: predictions.shape[0] ?? 1,
    variables: [variableOf("predictions", predictions, (value) => (current = value))],
    outputs: () => numbersOf(loss.forward(current, targets)),
    gradients() {
      loss.forward(predictions, targets);
      return [loss.backward()];
    },
    checkAccumulation() {},
  };
}

/** Runs `body` while all parameters of a layer are float64; afterwards everything is as it was. */
export function inDoublePrecision<Result>(layer: Layer, body: () => Result): Result {
  const parameters = layer.parameters();
  const before = parameters.map(({ value, gradient }) => ({ value, gradient }));
  const generators = generatorFields(layer);
  try {
    for (const parameter of parameters) parameter.value = cast(parameter.value, "float64");
    return body();
  } finally {
    for (const [index, parameter] of parameters.entries()) Object.assign(parameter, before[index]);
    for (const { owner, field, generator } of generators) owner[field] = generator;
  }
}

const numbersOf = (x: Tensor): Float64Array => Float64Array.from(x.toTypedArray());

function variableOf(name: string, value: Tensor, assign: (value: Tensor) => void): Variable {
  const path = name.split(".");
  const last = path.pop()!;
  const gradientName = [...path, `grad${last[0]!.toUpperCase()}${last.slice(1)}`].join(".");
  return { name, gradientName, value, assign };
}

const parameterVariable = ([name, parameter]: [string, Parameter]): Variable =>
  variableOf(name, parameter.value, (value) => (parameter.value = value));

interface GeneratorField {
  readonly owner: Record<string, unknown>;
  readonly field: string;
  readonly generator: Generator;
}

function generatorFields(layer: Layer): GeneratorField[] {
  return layer
    .layers()
    .flatMap((each) =>
      Object.entries(each).flatMap(([field, generator]) =>
        generator instanceof Generator
          ? [{ owner: each as unknown as Record<string, unknown>, field, generator }]
          : [],
      ),
    );
}

// Masks must be the same in every pass, or their change would be taken for a slope.
function generatorRewind(layer: Layer): () => void {
  const fields = generatorFields(layer).map((each) => ({ ...each, state: each.generator.state }));
  return () => {
    for (const { owner, field, state } of fields) owner[field] = new Generator(state.seed, state);
  };
}

function requireDouble(name: string, output: Tensor): void {
  if (output.dtype === "float64") return;
  throw new GradientError(
    `checkGradients(${name}): expects float64 out of forward when input and parameters are float64, because differences of 1e-6 vanish in float32; the output is ${output.dtype}. Make constants with dtype: input.dtype.`,
  );
}

function requireRepeatable(name: string, first: Float64Array, second: Float64Array): void {
  if (first.every((value, i) => Object.is(value, second[i]))) return;
  throw new GradientError(
    `checkGradients(${name}): forward should give the same output for the same input; two calls differ. Draw random numbers from a Generator that is a field of the layer, and keep no state that changes the output.`,
  );
}

function requireSum(name: string, path: string, [once, twice]: readonly [Tensor, Tensor]): void {
  const [one, two] = [numbersOf(once), numbersOf(twice)];
  // Adding a number to itself is exact in binary arithmetic.
  if (one.every((value, i) => 2 * value === two[i])) return;
  throw new GradientError(
    `checkGradients(${name}): after two backward passes the gradient of ${path} should be the sum of both; it is not. Call accumulate(gradient), which adds, instead of assigning to gradient.`,
  );
}
