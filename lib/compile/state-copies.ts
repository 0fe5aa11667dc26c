// The state's arrays in two copies that take turns: a run reads one and writes the other.
import type { OnnxRuntime, RuntimeTensor } from "../backends/onnx/runtime.ts";
import { allocate, type TypedArray } from "../dtype.ts";
import { type Shape, sizeOf } from "../shape.ts";
import type { StatePiece } from "./plan.ts";

/** A tensor by its name in a model. */
export type NamedTensor = readonly [name: string, tensor: RuntimeTensor];
/** Several of them. */
export type NamedTensors = readonly NamedTensor[];

/** The arrays of the state. */
export class StateCopies {
  #current: readonly RuntimeTensor[];
  #spare: readonly RuntimeTensor[];

  /** @param shapes - any shapes; all arrays start as zeros */
  constructor(runtime: OnnxRuntime, shapes: readonly Shape[]) {
    const empty = (): RuntimeTensor[] =>
      shapes.map((shape) => runtime.tensor("float32", allocate("float32", sizeOf(shape)), shape));
    this.#current = empty();
    this.#spare = empty();
  }

  /** What the next run reads. */
  get inputs(): NamedTensors {
    return this.#current.map((tensor, index) => [`state${index}`, tensor]);
  }

  /** What the next run writes: all arrays but those that it only reads, by number. */
  outputs(onlyRead: readonly number[] = []): NamedTensors {
    const all = this.#spare.map((tensor, index) => [`newState${index}`, tensor] as const);
    return all.filter((_, index) => !onlyRead.includes(index));
  }

  /** What was written is the state now; arrays that were only read stay. */
  swap(onlyRead: readonly number[] = []): void {
    const [read, written] = [this.#current, this.#spare];
    const isWritten = (index: number): boolean => !onlyRead.includes(index);
    this.#current = read.map((tensor, index) => (isWritten(index) ? written[index]! : tensor));
    this.#spare = written.map((tensor, index) => (isWritten(index) ? read[index]! : tensor));
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
}
