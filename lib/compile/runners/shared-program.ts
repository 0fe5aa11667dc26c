// A rank's two models, ready to run: backward on its share of the batch, a meeting of all ranks, and the update.
import { runSilently } from "../../backends/onnx/silent-run.ts";
import type { OnnxRuntime, RuntimeSession, RuntimeTensor } from "../../backends/onnx/runtime.ts";
import { allocate, type TypedArray } from "../../dtype.ts";
import { sizeOf } from "../../shape.ts";
import { Seat } from "./meeting.ts";
import type { ModelPart, PlannedArray, SharedPlan } from "../recording/plan.ts";
import type { NamedTensors, StateCopies } from "./state-copies.ts";

/** A prepared plan of a rank. */
export class SharedProgram {
  readonly #runtime: OnnxRuntime;
  readonly #plan: SharedPlan;
  readonly #backward: Part;
  readonly #update: Part;
  readonly #seat: Seat;
  readonly #constants: NamedTensors;
  readonly #results: NamedTensors;
  // What this rank computes, and the inputs that take what all ranks have; its own is the same array.
  readonly #own: NamedTensors;
  readonly #all: readonly NamedTensors[];

  constructor(runtime: OnnxRuntime, plan: SharedPlan, constants: NamedTensors) {
    const { rank } = plan.seat!;
    const empty = ({ dtype, shape }: PlannedArray): RuntimeTensor =>
      runtime.tensor(dtype, allocate(dtype, sizeOf(shape)), shape);
    this.#runtime = runtime;
    this.#plan = plan;
    this.#constants = constants;
    this.#backward = new Part(runtime, plan.backward, plan.threads);
    this.#update = new Part(runtime, plan.update, plan.threads);
    this.#seat = new Seat(plan.seat!.memory, plan.seat!);
    this.#results = plan.results.map((result) => [result.name, empty(result)]);
    this.#own = plan.gradients.map(({ own }) => [own.name, empty(own)]);
    this.#all = plan.gradients.map(({ own, all }, index) =>
      all.map((name, of) => [name, of === rank ? this.#own[index]![1] : empty(own)]),
    );
  }

  /** One run. The state changes when all of its steps went well. */
  run(state: StateCopies, feeds: readonly TypedArray[]): TypedArray[] {
    const { steps, state: use } = this.#plan;
    try {
      return steps === 1
        ? this.#steps(state, feeds)
        : state.together(use, () => this.#steps(state, feeds));
    } catch (error) {
      // At once: the thread that started the ranks may stand still until they have ended.
      this.#seat.giveUp();
      throw error;
    }
  }

  #steps(state: StateCopies, feeds: readonly TypedArray[]): TypedArray[] {
    const { steps, results, state: use } = this.#plan;
    const own = this.#own.map(([, { data }]) => data);
    const all = this.#all.map((tensors) => tensors.map(([, { data }]) => data));
    const outcome = results.map(({ dtype, shape }) => allocate(dtype, sizeOf(shape) * steps));
    for (let step = 0; step < steps; step++) {
      const values = new Map([
        ...state.inputs(use),
        ...state.outputs(use),
        ...this.#constants,
        ...this.#feedsOf(step, feeds),
        ...this.#own,
        ...this.#all.flat(),
        ...this.#results,
      ]);
      this.#backward.run(values);
      this.#seat.exchange(step, own, all);
      this.#update.run(values);
      state.swap(use);
      for (const [index, [, { data }]] of this.#results.entries()) {
        outcome[index]!.set(data, step * data.length);
      }
    }
    return outcome;
  }

  /** Frees the models. */
  dispose(): void {
    this.#backward.dispose();
    this.#update.dispose();
  }

  #feedsOf(step: number, feeds: readonly TypedArray[]): [string, RuntimeTensor][] {
    return this.#plan.feeds.map(({ name, dtype, shape }, index) => {
      const size = sizeOf(shape);
      const numbers = feeds[index]!.subarray(step * size, (step + 1) * size);
      return [name, this.#runtime.tensor(dtype, numbers, shape)];
    });
  }
}

// A model that takes what it needs out of all that there is.
class Part {
  readonly #part: ModelPart;
  readonly #session: RuntimeSession;

  constructor(runtime: OnnxRuntime, part: ModelPart, threads: number) {
    this.#part = part;
    this.#session = runtime.session(part.model, { threads });
  }

  run(values: ReadonlyMap<string, RuntimeTensor>): void {
    const pick = (names: readonly string[]): Record<string, RuntimeTensor> =>
      Object.fromEntries(names.map((name) => [name, values.get(name)!]));
    runSilently(this.#session, pick(this.#part.inputs), pick(this.#part.outputs));
  }

  dispose(): void {
    this.#session.dispose();
  }
}
