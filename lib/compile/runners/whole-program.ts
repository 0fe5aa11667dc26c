// A model that takes a number of steps at once, ready to run.
import { runSilently } from "../../backends/onnx/silent-run.ts";
import type { OnnxRuntime, RuntimeSession, RuntimeTensor } from "../../backends/onnx/runtime.ts";
import { allocate, type TypedArray } from "../../dtype.ts";
import { sizeOf } from "../../shape.ts";
import type { WholePlan } from "../recording/plan.ts";
import type { NamedTensors, StateCopies } from "./state-copies.ts";

/** A prepared plan. */
export class WholeProgram {
  readonly #runtime: OnnxRuntime;
  readonly #plan: WholePlan;
  readonly #session: RuntimeSession;
  readonly #constants: NamedTensors;
  readonly #results: NamedTensors;

  constructor(runtime: OnnxRuntime, plan: WholePlan, constants: NamedTensors) {
    this.#runtime = runtime;
    this.#plan = plan;
    this.#constants = constants;
    const { threads, steps } = plan;
    this.#session = runtime.session(plan.model, { threads, waitsAwake: steps === 1 });
    this.#results = plan.results.map(({ name, dtype, shape }) => {
      return [name, runtime.tensor(dtype, allocate(dtype, sizeOf(shape)), shape)];
    });
  }

  /** One run. The two copies of the state change places only when all went well. */
  run(state: StateCopies, feeds: readonly TypedArray[]): TypedArray[] {
    const fed = this.#plan.feeds.map(({ name, dtype, shape }, index): [string, RuntimeTensor] => {
      return [name, this.#runtime.tensor(dtype, feeds[index]!, shape)];
    });
    const use = this.#plan.state;
    const inputs = Object.fromEntries([...state.inputs(use), ...this.#constants, ...fed]);
    const outputs = Object.fromEntries([...state.outputs(use), ...this.#results]);
    runSilently(this.#session, inputs, outputs);
    state.swap(use);
    return this.#results.map(([, { data }]) => data.slice());
  }

  /** Frees the model. */
  dispose(): void {
    this.#session.dispose();
  }
}
