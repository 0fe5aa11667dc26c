// What a training step carries on from run to run: weights, running statistics, moments, and gradients that add up.
import { StateError, TracingError } from "../../errors.ts";
import { sameShape, shapeText } from "../../shape.ts";
import { type Layer, Parameter } from "../../layers/layer.ts";
import type { Optimizer } from "../../optimizers/optimizer.ts";
import type { OptimizerState } from "../../optimizers/state.ts";
import type { Tensor } from "../../tensor.ts";
import type { StatePiece } from "../recording/plan.ts";
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

/** What a step lists. */
export interface Listed {
  /** All that its models and optimizers keep from step to step. */
  readonly slots: readonly FullSlot[];
  readonly optimizers: readonly Optimizer[];
  readonly layers: readonly Layer[];
}

/** What one step has to do with a state. */
export interface StepState {
  readonly state: CompiledState;
  /** Everything that the step lists and that may hold a tensor. */
  readonly slots: readonly Slot[];
  /** Those that it may use: they count, which is a part of the state that no graph has. */
  readonly optimizers: readonly Optimizer[];
  /** Those whose mode makes a difference. */
  readonly layers: readonly Layer[];
  /** All that it may use. */
  readonly places: ReadonlySet<object>;
}

/** The state of some models, and what the runner has of it. Steps that share weights share it. */
export class CompiledState {
  readonly arrays: StateArrays = new StateArrays();
  readonly #gradients = new Map<FullSlot, GradientSlot>();
  readonly #known = new Set<FullSlot>();
  #present: ReadonlySet<Slot> = new Set();
  #presentKey = "";
  readonly #seen = new Map<Slot, Tensor | undefined>();

  /** Takes in a step: what it lists and nobody has listed before is new. */
  takeIn({ slots: listed, optimizers, layers }: Listed): StepState {
    const added = listed.filter((slot) => !this.#known.has(slot));
    const parameters = added.filter((slot) => slot instanceof Parameter);
    for (const each of parameters) this.#gradients.set(each, new GradientSlot(each));
    for (const slot of added) this.#known.add(slot);
    this.arrays.add(added.map((slot) => ({ slot, shape: slot.value.shape, kind: kindOf(slot) })));
    this.arrays.add(
      parameters.map((each) => ({ slot: this.#gradients.get(each)!, shape: each.value.shape })),
    );
    this.present = new Set([...this.#present, ...added]);
    const gradients = listed.flatMap((slot) => this.#gradients.get(slot) ?? []);
    const places = new Set([...listed, ...optimizers, ...layers]);
    return { state: this, slots: [...listed, ...gradients], optimizers, layers, places };
  }

  /** Lets a step list other things than before; all who have its state see that. */
  takeAgain(step: StepState, listed: Listed): void {
    Object.assign(step, this.takeIn(listed));
  }

  /** Whether all slots still hold tensors of the shapes that they came with. */
  get isFit(): boolean {
    return this.arrays.places.every(({ slot: { value }, shape }) => {
      return value === undefined || (value.dtype === "float32" && sameShape(value.shape, shape));
    });
  }

  /** Everything that may hold a tensor. */
  get slots(): readonly Slot[] {
    return this.arrays.places.map(({ slot }) => slot);
  }

  /** Slots that hold a tensor in the runner: all but gradients that are not there. */
  get present(): ReadonlySet<Slot> {
    return this.#present;
  }

  set present(slots: ReadonlySet<Slot>) {
    this.#present = slots;
    const there = Array.from(this.#gradients.values(), (slot) => Number(slots.has(slot))).join("");
    this.#presentKey = there.includes("1") ? there : "";
  }

  /** Text that tells which gradients there are. */
  get presentKey(): string {
    return this.#presentKey;
  }

  /** Notes what a step has left of its slots. */
  haveLeft({ slots }: StepState, after: ReadonlySet<Slot>): void {
    const others = new Set(this.#present);
    for (const slot of slots) others.delete(slot);
    this.present = new Set([...others, ...slots.filter((slot) => after.has(slot))]);
  }

  /** What all slots hold now, as `refuseOthers` takes it. */
  get held(): readonly (Tensor | undefined)[] {
    return this.slots.map(({ value }) => value);
  }

  /**
   * Refuses what somebody else has put into slots since they held that.
   *
   * @throws {StateError} telling to wait
   */
  refuseOthers(held: readonly (Tensor | undefined)[]): void {
    const { slots } = this;
    // What runs have left since is theirs.
    if (held.every((value, at) => slots[at]!.value === value || this.isAsSeen(slots[at]!))) return;
    throw new StateError(
      "compile: a run trains what the model and the optimizer hold when it is called, but something else was put there before its turn. " +
        "Await what run(...) returns before you change weights or take an eager step.",
    );
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

// Parameters are moved alike, and so is what an optimizer keeps of each of them.
const kindOf = (slot: FullSlot): unknown =>
  slot instanceof Parameter ? Parameter : (slot as Partial<OptimizerState>).kind;

/**
 * Checks a tensor of any shape that a graph is to carry on.
 *
 * @throws {TracingError} when it is not float32
 */
export function checkFloat32({ dtype, shape }: Tensor): void {
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
