// What every optimizer is: parameters, a learning rate, and a step that uses up the gradients.
import { checkNumbers, kindOf } from "../check.ts";
import { groupDigits, type MimeBundle, settingsText, showItself } from "../display.ts";
import { ArgumentError, StateError } from "../errors.ts";
import { Parameter } from "../layers/layer.ts";
import { eachStep } from "../ops/host.ts";
import { willKeep } from "../ops/keep.ts";
import { together } from "../ops/together.ts";
import type { Tensor } from "../tensor.ts";
import { withGradient } from "./gradients.ts";
import { Moves, type ScalarOfMoves } from "./moves.ts";
import { isProgressOf, type OptimizerProgress } from "./progress.ts";
import type { Schedule } from "./schedules.ts";
import type { OptimizerState } from "./state.ts";

/** What the parameters that are moved together have in common in one step. */
export interface StepOfGroup {
  /** `[]` */
  readonly learningRate: Tensor;
  /** A scalar `[]` that depends on how many steps these parameters have taken, from 1. */
  readonly scalar: ScalarOfMoves;
}

/** New value of a parameter from its gradient, all of one shape. */
export type UpdateRule = (parameter: Parameter, gradient: Tensor) => Tensor;

/**
 * Changes parameters so that the loss falls.
 *
 * A step takes each parameter that has a gradient, asks `rule` for its new value, and clears the gradient. An optimizer
 * of one's own extends this class: `states()` names the tensors that it carries from step to step, and `rule` is its
 * formula.
 */
export abstract class Optimizer {
  readonly parameters: readonly Parameter[];
  /** Size of a step; may be changed between steps, unless a schedule says it. */
  learningRate: number;
  /** What sets the learning rate before each step, if anything does. */
  readonly schedule: Schedule | undefined;
  /** How many steps were taken. */
  stepCount = 0;
  readonly #moves = new Moves();

  /** @throws {ArgumentError} when there are no parameters or other things, or the learning rate is not a positive number */
  constructor(parameters: readonly Parameter[], learningRate: number | Schedule) {
    const name = new.target.name;
    checkParameters(name, parameters);
    this.schedule = typeof learningRate === "function" ? learningRate : undefined;
    const first = typeof learningRate === "function" ? learningRate(1) : learningRate;
    checkNumbers(name, { learningRate: first }, [Number.MIN_VALUE, Infinity]);
    // A parameter that two layers share is one parameter, and takes one step.
    this.parameters = [...new Set(parameters)];
    this.learningRate = first;
  }

  /**
   * Applies the gradients of all parameters, then clears them.
   *
   * @throws {StateError} when no parameter has a gradient
   * @throws {ArgumentError} when the learning rate, or what the schedule gives, has become something else than a number from 0 on
   */
  step(): void {
    const ready = withGradient(this.parameters);
    if (ready.length === 0) {
      throw new StateError(
        `${this.constructor.name}.step: expects gradients; no parameter has one. Call model.backward(loss.backward()) before each step; and where the model was made anew, make the optimizer anew after it.`,
      );
    }
    // Counts and states are about to change.
    willKeep(this, () => this.constructor.name);
    const [{ value: like }] = ready as [Parameter];
    const learningRate = eachStep(() => this.#nextRate(), like.dtype);
    for (const group of this.#moves.groups(ready)) {
      const update = this.rule({ learningRate, scalar: this.#moves.count(group) });
      // Many small updates, which some backends run as one.
      together([...group, ...this.states()], () => {
        for (const parameter of group) parameter.value = update(parameter, parameter.gradient!);
      });
      for (const parameter of group) parameter.gradient = undefined;
    }
  }

  /** Name, how much it moves, how far it is, and its settings. */
  toString(): string {
    const { parameters, stepCount } = this;
    const size = parameters.reduce((sum, { value }) => sum + value.size, 0);
    const tensors = parameters.length === 1 ? "1 tensor" : `${parameters.length} tensors`;
    const steps = stepCount === 1 ? "1 step" : `${groupDigits(stepCount)} steps`;
    const settings = settingsText(this, ["stepCount"]);
    return `${this.constructor.name} of ${groupDigits(size)} parameters in ${tensors}, after ${steps}: ${settings}`;
  }

  /** What a notebook shows: without the numbers of the parameters. */
  toMimeBundle(): MimeBundle {
    return { "text/plain": this.toString() };
  }

  static {
    showItself(Optimizer);
  }

  // Counts the step, and asks the schedule for its rate.
  #nextRate(): number {
    const rate = this.schedule ? this.schedule(this.stepCount + 1) : this.learningRate;
    checkRate(this, rate);
    this.stepCount++;
    this.learningRate = rate;
    return rate;
  }

  /** How far it has come: with the tensors of `states()` all that another one needs to go on. */
  get progress(): OptimizerProgress {
    const moves = this.parameters.map((parameter) => this.#moves.of(parameter));
    return { stepCount: this.stepCount, learningRate: this.learningRate, moves };
  }

  /**
   * Goes on from there, once `states()` have the tensors of then.
   *
   * @throws {ArgumentError} when it is no progress of an optimizer of as many parameters
   */
  resume(progress: OptimizerProgress): void {
    if (!isProgressOf(this.parameters.length, progress)) {
      throw new ArgumentError(
        `${this.constructor.name}.resume: expects { stepCount, learningRate, moves } with a count for each of ${this.parameters.length} parameters, got ${kindOf(progress)}. Pass what progress gave, of an optimizer of the same model.`,
      );
    }
    this.stepCount = progress.stepCount;
    this.learningRate = progress.learningRate;
    for (const [index, parameter] of this.parameters.entries()) {
      this.#moves.set(parameter, progress.moves[index]!);
    }
  }

  /** Forgets all gradients without a step. */
  clearGradients(): void {
    for (const parameter of this.parameters) parameter.gradient = undefined;
  }

  /** Everything that is carried from step to step, for all parameters; made as zeros where no step has run yet. */
  abstract states(): OptimizerState[];

  /** How parameters move in one step. Called once for all that were moved equally often. */
  protected abstract rule(step: StepOfGroup): UpdateRule;
}

function checkParameters(optimizer: string, parameters: readonly Parameter[]): void {
  const isList = Array.isArray(parameters);
  if (!isList || !parameters.every((parameter) => parameter instanceof Parameter)) {
    throw new ArgumentError(
      `${optimizer}: expects a list of parameters, got ${isList ? "other things in it" : kindOf(parameters)}. Pass model.parameters().`,
    );
  }
  if (parameters.length > 0) return;
  throw new ArgumentError(
    `${optimizer}: expects the parameters to train; the list is empty. Pass model.parameters() of a model that has some.`,
  );
}

// Weights moved by a learning rate that is no number would all be lost.
function checkRate({ constructor: { name }, schedule, stepCount }: Optimizer, rate: number): void {
  if (Number.isFinite(rate) && rate >= 0) return;
  const fix = schedule
    ? `Look at what the schedule gives for step ${stepCount + 1}.`
    : "Give optimizer.learningRate a number such as 0.001.";
  throw new ArgumentError(
    `${name}.step: learningRate must be 0 or more; got ${kindOf(rate)} in step ${stepCount + 1}. ${fix}`,
  );
}
