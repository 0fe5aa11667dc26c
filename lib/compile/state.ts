// What a training step carries on from run to run: weights, running statistics, moments; and which of it is where.
import { TracingError } from "../errors.ts";
import type { TypedArray } from "../dtype.ts";
import { fromTypedArray } from "../ops/creation.ts";
import { sameShape, shapeText, sizeOf } from "../shape.ts";
import type { Tensor } from "../tensor.ts";
import type { StatePiece } from "./plan.ts";
import { type FullSlot, type Place, type Slot, StateArrays } from "./state-arrays.ts";

/** The state of the model, and what the runner has of it. */
export class CompiledState {
  readonly arrays: StateArrays;
  /** Slots that hold a tensor where the state is now. */
  readonly present: ReadonlySet<Slot>;
  readonly #seen = new Map<Slot, Tensor | undefined>();
  // Arrays that runs have written since the model last got them.
  readonly #written = new Set<number>();

  /** @throws {TracingError} when a tensor is not float32 */
  constructor(slots: readonly FullSlot[]) {
    for (const { value } of slots) checkFloat32(value);
    this.arrays = new StateArrays([slots.map((slot) => ({ slot, shape: slot.value.shape }))]);
    this.present = new Set(slots);
  }

  /** Everything that holds a tensor. */
  get slots(): readonly Slot[] {
    return this.arrays.places.map(({ slot }) => slot);
  }

  /** What somebody else put into the slots since the last time. */
  changes(): StatePiece[] {
    const pieces: StatePiece[] = [];
    for (const place of this.arrays.places) {
      const { slot, array, offset } = place;
      const { value } = slot;
      if (this.#seen.get(slot) === value) continue;
      if (value !== undefined) checkFits(value, place);
      this.#seen.set(slot, value);
      if (value === undefined) continue;
      pieces.push({ array, offset, numbers: value.toTypedArray() });
    }
    return pieces;
  }

  /** Says that a run writes to some arrays. */
  willWrite(arrays: readonly number[]): void {
    for (const array of arrays) this.#written.add(array);
  }

  /** Numbers of the arrays that have been written since `store`. */
  get written(): readonly number[] {
    return [...this.#written];
  }

  /** Puts numbers that the runner gave, array by array, back into the slots. */
  store(arrays: ReadonlyMap<number, TypedArray>): void {
    for (const [{ slot, shape }, numbers] of this.numbers(arrays)) {
      slot.value = fromTypedArray(numbers.slice(), shape);
      this.#seen.set(slot, slot.value);
    }
    for (const array of arrays.keys()) this.#written.delete(array);
  }

  /** The numbers of every slot that has some, in arrays that the runner gave. */
  *numbers(arrays: ReadonlyMap<number, TypedArray>): Iterable<readonly [Place, TypedArray]> {
    for (const place of this.arrays.places) {
      const { slot, shape, array, offset } = place;
      const numbers = arrays.get(array);
      if (numbers === undefined || !this.present.has(slot)) continue;
      yield [place, numbers.subarray(offset, offset + sizeOf(shape))];
    }
  }
}

function checkFloat32({ dtype, shape }: Tensor): void {
  if (dtype === "float32") return;
  throw new TracingError(
    `compile: weights and optimizer state must be float32, got ${dtype} of shape ${shapeText(shape)}. ` +
      "Run the step without compile, or make the model in float32.",
  );
}

function checkFits(value: Tensor, { shape }: Place): void {
  checkFloat32(value);
  if (sameShape(value.shape, shape)) return;
  throw new TracingError(
    `compile: weights and states must keep their shapes, and one of ${shapeText(shape)} is now ${shapeText(value.shape)}. ` +
      "Compile the step again for the changed model.",
  );
}
