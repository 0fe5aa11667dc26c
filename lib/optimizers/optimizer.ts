// What every optimizer is: parameters, a learning rate, and a step that uses up the gradients.
import { checkNumbers, kindOf } from "../check.ts";
import { ArgumentError, StateError } from "../errors.ts";
import { Parameter } from "../layers/layer.ts";
import { zeros } from "../ops/creation.ts";
import { hostScalar } from "../ops/host.ts";
import { willKeep } from "../ops/keep.ts";
import { together } from "../ops/together.ts";
import type { Tensor } from "../tensor.ts";
import { withGradient } from "./gradients.ts";
import type { Schedule } from "./schedules.ts";

/** A tensor that an optimizer carries from step to step, such as a velocity. */
export interface OptimizerState {
  value: Tensor;
}

/** Where an optimizer stands, besides the tensors of its `states()`. */
export interface OptimizerProgress {
  readonly stepCount: number;
  readonly learningRate: number;
  /** How often each of the parameters was moved, in their order. */
  readonly moves: readonly number[];
}

/** What the parameters that are moved together have in common in one step. */
export interface StepOfGroup {
  /** `[]` */
  readonly learningRate: Tensor;
  /** A scalar `[]` that depends on the number of the step, from 1. */
  readonly scalar: (compute: (step: number) => number) => Tensor;
}

/** New value of a parameter from its gradient, all of one shape. */
export type UpdateRule = (parameter: Parameter, gradient: Tensor) => Tensor;

/** Changes parameters so that the loss falls. */
export abstract class Optimizer {
  readonly parameters: readonly Parameter[];
  /** Size of a step; may be changed between steps, unless a schedule says it. */
  learningRate: number;
  /** What sets the learning rate before each step, if anything does. */
  readonly schedule: Schedule | undefined;
  /** How many steps were taken. */
  stepCount = 0;
  // How often each was moved. Counts belong to parameters: several recorded steps may move some of them each.
  readonly #moves: Map<Parameter, number>;

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
    checkNumbers(name, { learningRate: first }, [Number.MIN_VALUE, Infinity]);
    // A parameter that two layers share is one parameter, and takes one step.
    this.parameters = [...new Set(parameters)];
    this.learningRate = first;
    this.#moves = new Map(this.parameters.map((parameter) => [parameter, 0]));
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
        `${this.constructor.name}.step: expects gradients; no parameter has one. Call model.backward(loss.backward()) before each step.`,
      );
    }
    willKeep(this, this.constructor.name);
    const [{ value: like }] = ready as [Parameter];
    const learningRate = hostScalar(() => this.#countStep(), like.dtype);
    for (const group of this.#groups(ready)) {
      // Counting belongs to the scalars: a recorded step runs them again each time, and this loop only once.
      const [first] = group as [Parameter];
      const moves = this.#moves.get(first)!;
      const advance = hostScalar(() => this.#move(group), like.dtype);
      // While a step is recorded, nobody has counted yet; the recording takes this back when it ends.
      if (this.#moves.get(first) === moves) this.#move(group);
      const scalar: StepOfGroup["scalar"] = (compute) =>
        hostScalar(() => compute(this.#moves.get(first)!), advance.dtype);
      const update = this.rule({ learningRate, scalar });
      together([...group, ...this.states()], () => {
        for (const parameter of group) {
          parameter.value = update(parameter, parameter.gradient!);
        }
      });
      for (const parameter of group) parameter.gradient = undefined;
    }
  }

  #countStep(): number {
    const rate = this.schedule ? this.schedule(this.stepCount + 1) : this.learningRate;
    checkRate(this, rate);
    this.stepCount++;
    this.learningRate = rate;
    return rate;
  }

  // Those that were moved equally often so far go together.
  #groups(ready: readonly Parameter[]): Parameter[][] {
    const groups = new Map<number, Parameter[]>();
    for (const parameter of ready) {
      const moves = this.#moves.get(parameter)!;
      groups.set(moves, [...(groups.get(moves) ?? []), parameter]);
    }
    return [...groups.values()];
  }

  #move(group: readonly Parameter[]): number {
    const moves = this.#moves.get(group[0]!)! + 1;
    for (const parameter of group) this.#moves.set(parameter, moves);
    return moves;
  }

  /** How far it has come: with the tensors of `states()` all that another one needs to go on. */
  get progress(): OptimizerProgress {
    const moves = this.parameters.map((parameter) => this.#moves.get(parameter)!);
    return { stepCount: this.stepCount, learningRate: this.learningRate, moves };
  }

  /**
   * Goes on from there, once `states()` have the tensors of then.
   *
   * @throws {ArgumentError} when it is no progress of an optimizer of as many parameters
   */
  resume(progress: OptimizerProgress): void {
    if (!isProgressOf(this, progress)) {
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

/** Whether a value is the progress of an optimizer of as many parameters. */
export function isProgressOf(optimizer: Optimizer, value: unknown): value is OptimizerProgress {
  const isCount = (each: unknown): boolean => Number.isSafeInteger(each) && Number(each) >= 0;
  const { stepCount, learningRate, moves } = (value ?? {}) as Partial<OptimizerProgress>;
  const hasCounts = isCount(stepCount) && Array.isArray(moves) && moves.every(isCount);
  return hasCounts && Number.isFinite(learningRate) && moves.length === optimizer.parameters.length;
}

/** One tensor for each parameter, of its shape and element type; zeros until a step writes it. */
export class StatePerParameter {
  readonly #states = new Map<Parameter, OptimizerState>();

  /** The state of one parameter. */
  of(parameter: Parameter): OptimizerState {
    const known = this.#states.get(parameter);
    if (known) return known;
    const { shape, dtype } = parameter.value;
    const state = { value: zeros(shape, { dtype }) };
    this.#states.set(parameter, state);
    return state;
  }
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
