// What a training step carries on from run to run: weights, running statistics, moments, and gradients that add up.
import { TracingError } from "../errors.ts";
import { sameShape, shapeText } from "../shape.ts";
import { Parameter } from "../layers/layer.ts";
import type { Optimizer } from "../optimizers/optimizer.ts";
import type { Tensor } from "../tensor.ts";
import type { StatePiece } from "./plan.ts";
import { type FullSlot, type Place, type Slot, StateArrays } from "./state-arrays.ts";

/** The gradient of a parameter, which a step may leave to the next one. */
export class GradientSlot implements Slot {
  readonly #parameter: Parameter;

  constructor(parameter: Parameter) {
    this.#parameter = parameter;
  }

  get name(): string {
    return `the gradient of ${this.#parameter.name}`;
  }

  get value(): Tensor | undefined {
    return this.#parameter.gradient;
  }

  set value(gradient: Tensor | undefined) {
    this.#parameter.gradient = gradient;
  }
}

/** The state of the model, and what the runner has of it. */
export class CompiledState {
  readonly arrays: StateArrays;
  /** Everything that may hold a tensor. */
  readonly slots: readonly Slot[];
  /** Those that the step may use: they count, which is a part of the state that no graph has. */
  readonly optimizers: readonly Optimizer[];
  /** All that a step may change. */
  readonly places: ReadonlySet<object>;
  #present: ReadonlySet<Slot>;
  #presentKey = "";
  readonly #seen = new Map<Slot, Tensor | undefined>();

  /** @throws {TracingError} when a tensor is not float32 */
  constructor(slots: readonly FullSlot[], optimizers: readonly Optimizer[]) {
    for (const { value } of slots) checkFloat32(value);
    const gradients = slots
      .filter((slot) => slot instanceof Parameter)
      .map((slot) => ({ slot: new GradientSlot(slot), shape: slot.value.shape }));
    const values = slots.map((slot) => ({ slot, shape: slot.value.shape }));
    this.arrays = new StateArrays([values, gradients]);
    this.slots = this.arrays.places.map(({ slot }) => slot);
    this.optimizers = optimizers;
    this.places = new Set([...slots, ...optimizers]);
    this.#present = new Set(slots);
  }

  /** Slots that hold a tensor in the runner: all but gradients that are not there. */
  get present(): ReadonlySet<Slot> {
    return this.#present;
  }

  set present(slots: ReadonlySet<Slot>) {
    this.#present = slots;
    const gradients = this.slots.filter((slot) => slot instanceof GradientSlot);
    const there = gradients.map((slot) => Number(slots.has(slot))).join("");
    this.#presentKey = there.includes("1") ? there : "";
  }

  /** Text that tells which gradients there are. */
  get presentKey(): string {
    return this.#presentKey;
  }

  /** What somebody else put into the slots since the last time; the numbers are those of the tensors, not copies. */
  changes(): StatePiece[] {
    const changed = this.arrays.places.filter(({ slot }) => slot.value !== this.#seen.get(slot));
    for (const place of changed) checkFits(place);
    // What cannot be read has not been seen.
    const pieces = changed.flatMap(({ slot: { value }, array, offset }) =>
      value ? [{ array, offset, numbers: value.backend.read(value.value) }] : [],
    );
    for (const { slot } of changed) this.#seen.set(slot, slot.value);
    this.#notePresence(changed.map(({ slot }) => slot));
    return pieces;
  }

  /** Whether nobody else has put something into a slot since the last time. */
  isAsSeen(slot: Slot): boolean {
    return slot.value === this.#seen.get(slot);
  }

  /** Puts what the runner has, of any shape, into a slot. */
  put(slot: Slot, value: Tensor | undefined): void {
    if (value !== slot.value) slot.value = value;
    this.#seen.set(slot, value);
  }

  // Somebody computed gradients, or forgot them.
  #notePresence(changed: readonly Slot[]): void {
    const isThere = ({ value }: Slot): boolean => value !== undefined;
    if (changed.every((slot) => isThere(slot) === this.#present.has(slot))) return;
    const others = [...this.#present].filter((slot) => !changed.includes(slot));
    this.present = new Set([...others, ...changed.filter(isThere)]);
  }
}

function checkFloat32({ dtype, shape }: Tensor): void {
  if (dtype === "float32") return;
  throw new TracingError(
    `compile: weights and optimizer state must be float32, got ${dtype} of shape ${shapeText(shape)}. ` +
      "Run the step without compile, or make the model in float32.",
  );
}

function checkFits({ slot: { value }, shape }: Place): void {
  if (value === undefined) return;
  checkFloat32(value);
  if (sameShape(value.shape, shape)) return;
  throw new TracingError(
    `compile: weights and states must keep their shapes, and one of ${shapeText(shape)} is now ${shapeText(value.shape)}. ` +
      "Compile the step again for the changed model.",
  );
}
