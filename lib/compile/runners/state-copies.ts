// The state's arrays in two copies that take turns: a run reads one and writes the other.
import type { OnnxRuntime, RuntimeTensor } from "../../backends/onnx/runtime.ts";
import { allocate, type TypedArray } from "../../dtype.ts";
import { type Shape, sizeOf } from "../../shape.ts";
import type { StatePiece, StateUse } from "../recording/plan.ts";

/** A tensor by its name in a model. */
export type NamedTensor = readonly [name: string, tensor: RuntimeTensor];
/** Several of them. */
export type NamedTensors = readonly NamedTensor[];

/** The arrays of the state. */
export class StateCopies {
  readonly #runtime: OnnxRuntime;
  readonly #shapes: Shape[] = [];
  // Made when they are first needed: hardly a step leaves gradients.
  readonly #current: RuntimeTensor[] = [];
  readonly #spare: RuntimeTensor[] = [];
  readonly #third: RuntimeTensor[] = [];
  // What was there before several steps in one run: nobody writes to it meanwhile.
  #kept: ReadonlySet<RuntimeTensor> = new Set();

  constructor(runtime: OnnxRuntime) {
    this.#runtime = runtime;
  }

  /** Takes in more arrays, of any shapes, which start as zeros. */
  add(shapes: readonly Shape[]): void {
    this.#shapes.push(...shapes);
  }

  /** What a run reads. */
  inputs({ read }: StateUse): NamedTensors {
    return read.map((array) => [`state${array}`, this.#in(this.#current, array)]);
  }

  /** What a run writes. */
  outputs({ written }: StateUse): NamedTensors {
    return written.map((array) => [`newState${array}`, this.#in(this.#spare, array)]);
  }

  /** What was written is the state now. */
  swap({ written }: StateUse): void {
    for (const array of written) {
      const former = this.#in(this.#current, array);
      this.#current[array] = this.#in(this.#spare, array);
      this.#spare[array] = this.#kept.has(former) ? this.#in(this.#third, array) : former;
    }
  }

  /** Takes several steps, each with a swap. If one fails, the state is what it was before all of them. */
  together<Result>({ written }: StateUse, steps: () => Result): Result {
    const before = written.map((array) => this.#in(this.#current, array));
    const forEachMoved = (put: (array: number, former: RuntimeTensor) => void): void => {
      for (const [index, array] of written.entries()) {
        if (this.#current[array] !== before[index]) put(array, before[index]!);
      }
    };
    this.#kept = new Set(before);
    try {
      const result = steps();
      forEachMoved((array, former) => (this.#third[array] = former));
      return result;
    } catch (error) {
      forEachMoved((array, former) => {
        this.#third[array] = this.#current[array]!;
        this.#current[array] = former;
      });
      throw error;
    } finally {
      this.#kept = new Set();
    }
  }

  /** Changes parts of the state. */
  write(pieces: readonly StatePiece[]): void {
    for (const { array, offset, numbers } of pieces) {
      this.#in(this.#current, array).data.set(numbers, offset);
    }
  }

  /** Copies of some arrays. */
  read(arrays: readonly number[]): TypedArray[] {
    return arrays.map((array) => this.#in(this.#current, array).data.slice());
  }

  #in(copies: RuntimeTensor[], array: number): RuntimeTensor {
    const shape = this.#shapes[array]!;
    return (copies[array] ??= this.#runtime.tensor(
      "float32",
      allocate("float32", sizeOf(shape)),
      shape,
    ));
  }
}
