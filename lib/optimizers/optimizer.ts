// What every optimizer is: parameters, a learning rate, and a step that uses up the gradients.
import { kindOf } from "../check.ts";
import { ArgumentError, StateError } from "../errors.ts";
import { Parameter } from "../layers/layer.ts";
import type { Tensor } from "../tensor.ts";
import type { Schedule } from "./schedules.ts";

/** Changes parameters so that the loss falls. */
export abstract class Optimizer {
  readonly parameters: readonly Parameter[];
  /** Size of a step; may be changed between steps, unless a schedule says it. */
  learningRate: number;
  /** What sets the learning rate before each step, if anything does. */
  readonly schedule: Schedule | undefined;
  /** How many steps were taken. */
  stepCount = 0;

  /** @throws {ArgumentError} when there are no parameters or other things, or the learning rate is not a positive number */
  constructor(parameters: readonly Parameter[], learningRate: number | Schedule) {
    const name = new.target.name;
    const isList = Array.isArray(parameters);
    if (!isList || !parameters.every((parameter) => parameter instanceof Parameter)) {
      throw new ArgumentError(
        `${name}: expects a list of parameters, got ${isList ? "other things in it" : kindOf(parameters)}. Pass model.parameters().`,
      );
    }
    if (parameters.length === 0) {
      throw new ArgumentError(
        `${name}: expects the parameters to train; the list is empty. Pass model.parameters() of a model that has some.`,
      );
    }
    this.schedule = typeof learningRate === "function" ? learningRate : undefined;
    const first = typeof learningRate === "function" ? learningRate(1) : learningRate;
    checkNumber(name, "learningRate", first, [Number.MIN_VALUE, Infinity]);
    // A parameter that two layers share is one parameter, and takes one step.
    this.parameters = [...new Set(parameters)];
    this.learningRate = first;
  }

  /**
   * Applies the gradients of all parameters, then clears them.
   *
   * @throws {StateError} when no parameter has a gradient
   */
  step(): void {
    const ready = this.parameters.filter(({ gradient }) => gradient !== undefined);
    if (ready.length === 0) {
      throw new StateError(
        `${this.constructor.name}.step: expects gradients; no parameter has one. Call model.backward(loss.backward()) before each step.`,
      );
    }
    this.stepCount++;
    if (this.schedule) this.learningRate = this.schedule(this.stepCount);
    for (const parameter of ready) {
      parameter.value = this.updated(parameter, parameter.gradient!);
      parameter.gradient = undefined;
    }
  }

  /** Forgets all gradients without a step. */
  clearGradients(): void {
    for (const parameter of this.parameters) parameter.gradient = undefined;
  }

  /** New value of a parameter, in the shape of its value, which is any shape. */
  protected abstract updated(parameter: Parameter, gradient: Tensor): Tensor;
}

/**
 * Refuses a setting outside a closed range.
 *
 * @throws {ArgumentError} naming the optimizer, the setting, the range and the number
 */
export function checkNumber(
  owner: string,
  name: string,
  value: number,
  [low, high]: readonly [number, number],
): void {
  if (value >= low && value <= high && value !== Infinity) return;
  const range = low === Number.MIN_VALUE ? "a positive number" : rangeText(low, high);
  throw new ArgumentError(
    `${owner}: ${name} must be ${range}; got ${value}. Usual values stand in the doc comment of ${owner}.`,
  );
}

const rangeText = (low: number, high: number): string =>
  high === Infinity ? `${low} or more` : `in ${low}..${high}`;
