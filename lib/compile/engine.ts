// The engine: sessions of ONNX Runtime, and the state in two copies that take turns. It works at once, in its thread.
import type { OnnxRuntime, RuntimeSession, RuntimeTensor } from "../backends/onnx/runtime.ts";
import { allocate, type TypedArray } from "../dtype.ts";
import { type Shape, sizeOf } from "../shape.ts";
import type { Plan, RunOutcome, StatePiece } from "./plan.ts";

interface Opened {
  readonly plan: Plan;
  readonly session: RuntimeSession;
  readonly results: readonly RuntimeTensor[];
}

/** Runs plans over a state; the same calls as a `Runner`, answered at once. */
export class Engine {
  readonly #runtime: OnnxRuntime;
  readonly #programs = new Map<number, Opened>();
  // What the next run reads, and what it writes.
  #current: readonly RuntimeTensor[];
  #spare: readonly RuntimeTensor[];

  /** @param shapes - of the arrays of the state, any shapes; they start as zeros */
  constructor(runtime: OnnxRuntime, shapes: readonly Shape[]) {
    this.#runtime = runtime;
    const empty = (): RuntimeTensor[] =>
      shapes.map((shape) => runtime.tensor("float32", allocate("float32", sizeOf(shape)), shape));
    this.#current = empty();
    this.#spare = empty();
  }

  /** Prepares a plan. */
  open(program: number, plan: Plan): void {
    const { model, threads } = plan;
    this.#programs.set(program, {
      plan,
      session: this.#runtime.session(model, { threads }),
      results: plan.results.map(({ dtype, shape }) =>
        this.#runtime.tensor(dtype, allocate(dtype, sizeOf(shape)), shape),
      ),
    });
  }

  /** Changes parts of the state. */
  write(pieces: readonly StatePiece[]): void {
    for (const { array, offset, numbers } of pieces) {
      this.#current[array]!.data.set(numbers, offset);
    }
  }

  /** A copy of the state. */
  read(): TypedArray[] {
    return this.#current.map(({ data }) => data.slice());
  }

  /** One run. The two copies change places only when all went well. */
  run(program: number, feeds: readonly TypedArray[]): RunOutcome {
    const { plan, session, results } = this.#programs.get(program)!;
    const start = performance.now();
    const inputs = [
      ...this.#current.map((tensor, index) => [`state${index}`, tensor] as const),
      ...plan.feeds.map(({ name, dtype, shape }, index) => {
        return [name, this.#runtime.tensor(dtype, feeds[index]!, shape)] as const;
      }),
    ];
    const outputs = [
      ...this.#spare.map((tensor, index) => [`newState${index}`, tensor] as const),
      ...results.map((tensor, index) => [plan.results[index]!.name, tensor] as const),
    ];
    session.run(Object.fromEntries(inputs), Object.fromEntries(outputs), {});
    [this.#current, this.#spare] = [this.#spare, this.#current];
    return {
      results: results.map(({ data }) => data.slice()),
      feeds,
      milliseconds: performance.now() - start,
    };
  }

  /** Frees a program. */
  close(program: number): void {
    this.#programs.get(program)?.session.dispose();
    this.#programs.delete(program);
  }

  /** Frees all programs. */
  dispose(): void {
    for (const program of this.#programs.keys()) this.close(program);
  }
}
