// The engine: sessions of ONNX Runtime and the state. It works at once, in its thread.
import type { OnnxRuntime } from "../../backends/onnx/runtime.ts";
import type { TypedArray } from "../../dtype.ts";
import type { Shape } from "../../shape.ts";
import type { Plan, RunOutcome, StatePiece } from "../recording/plan.ts";
import { SharedProgram } from "./shared-program.ts";
import { type NamedTensor, StateCopies } from "./state-copies.ts";
import { WholeProgram } from "./whole-program.ts";

/** Runs plans over a state; the same calls as a `Runner`, answered at once. */
export class Engine {
  readonly #runtime: OnnxRuntime;
  readonly #state: StateCopies;
  readonly #constants = new Map<number, TypedArray>();
  readonly #programs = new Map<number, WholeProgram | SharedProgram>();
  #runs = 0;

  constructor(runtime: OnnxRuntime) {
    this.#runtime = runtime;
    this.#state = new StateCopies(runtime);
  }

  /** Takes in more arrays of the state, of any shapes; they start as zeros. */
  add(shapes: readonly Shape[]): void {
    this.#state.add(shapes);
  }

  /** Holds the numbers of a constant. */
  hold(constant: number, numbers: TypedArray): void {
    this.#constants.set(constant, numbers);
  }

  /** Forgets them. */
  letGo(constant: number): void {
    this.#constants.delete(constant);
  }

  /** Prepares a plan. */
  open(program: number, plan: Plan, held: readonly number[]): void {
    const constants = plan.constants.map(({ name, dtype, shape }, index): NamedTensor => {
      return [name, this.#runtime.tensor(dtype, this.#constants.get(held[index]!)!, shape)];
    });
    const opened =
      plan.kind === "whole"
        ? new WholeProgram(this.#runtime, plan, constants)
        : new SharedProgram(this.#runtime, plan, constants);
    this.#programs.set(program, opened);
  }

  /** Changes parts of the state. */
  write(pieces: readonly StatePiece[]): void {
    this.#state.write(pieces);
  }

  /** Copies of some arrays of the state. */
  read(arrays: readonly number[]): TypedArray[] {
    return this.#state.read(arrays);
  }

  /** One run. */
  run(program: number, feeds: readonly TypedArray[]): RunOutcome {
    const start = performance.now();
    const results = this.#programs.get(program)!.run(this.#state, feeds);
    this.#runs++;
    return { results, feeds, milliseconds: performance.now() - start };
  }

  /** How many runs went well. */
  runs(): number {
    return this.#runs;
  }

  /** Frees a program. */
  close(program: number): void {
    this.#programs.get(program)?.dispose();
    this.#programs.delete(program);
  }

  /** Frees all programs. */
  dispose(): void {
    for (const program of this.#programs.keys()) this.close(program);
  }
}
