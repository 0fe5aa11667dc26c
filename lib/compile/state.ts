// What a training step carries on from run to run: weights, running statistics, moments; packed into few arrays.
import { TracingError } from "../errors.ts";
import type { Graph, GraphValue } from "../backends/onnx/graph.ts";
import type { TypedArray } from "../dtype.ts";
import { fromTypedArray } from "../ops/creation.ts";
import { type Shape, shapeText } from "../shape.ts";
import type { Tensor } from "../tensor.ts";
import type { StatePiece } from "./plan.ts";

/** A place that holds a tensor: a parameter, a layer's state or an optimizer's. */
export interface Slot {
  value: Tensor;
}

/**
 * Tensors of fewer elements travel together: every tensor that goes in and out of a run costs 4 to 5
 * microseconds, a piece cut out inside the graph a tenth of that.
 */
const SMALL = 40_000;

/** One array that goes in and out of a run: a large tensor, or many small ones one behind the other. */
interface Bucket {
  readonly slots: readonly Slot[];
  readonly shape: Shape;
}

/** Which numbers of the slots are in which array, and which of them the runner has already. */
export class CompiledState {
  readonly slots: readonly Slot[];
  readonly #buckets: readonly Bucket[];
  readonly #seen = new Map<Slot, Tensor>();

  /** @throws {TracingError} when a tensor is not float32 */
  constructor(slots: readonly Slot[]) {
    for (const { value } of slots) checkFloat32(value);
    this.slots = slots;
    this.#buckets = bucketsOf(slots);
  }

  /** Shapes of the arrays that go in and out. */
  get shapes(): readonly Shape[] {
    return this.#buckets.map(({ shape }) => shape);
  }

  /** What somebody else put into the slots since the last time. */
  changes(): StatePiece[] {
    const pieces: StatePiece[] = [];
    for (const [array, { slots }] of this.#buckets.entries()) {
      let offset = 0;
      for (const slot of slots) {
        const { value } = slot;
        if (this.#seen.get(slot) !== value) {
          pieces.push({ array, offset, numbers: value.toTypedArray() });
        }
        this.#seen.set(slot, value);
        offset += value.size;
      }
    }
    return pieces;
  }

  /** Puts numbers that the runner gave, array by array, back into the slots. */
  store(arrays: readonly TypedArray[]): void {
    for (const [slot, numbers] of this.numbers(arrays)) {
      slot.value = fromTypedArray(numbers.slice(), slot.value.shape);
      this.#seen.set(slot, slot.value);
    }
  }

  /** The numbers of every slot in arrays that the runner gave. */
  *numbers(arrays: readonly TypedArray[]): Iterable<readonly [Slot, TypedArray]> {
    for (const [index, { slots }] of this.#buckets.entries()) {
      let offset = 0;
      for (const slot of slots) {
        yield [slot, arrays[index]!.subarray(offset, offset + slot.value.size)];
        offset += slot.value.size;
      }
    }
  }

  /** Cuts the arrays that enter a graph into one value for each slot. */
  unpack(graph: Graph, arrays: readonly GraphValue[]): Map<Slot, GraphValue> {
    const values = new Map<Slot, GraphValue>();
    for (const [index, { slots }] of this.#buckets.entries()) {
      const pieces = cut(graph, arrays[index]!, slots);
      for (const [place, slot] of slots.entries()) values.set(slot, pieces[place]!);
    }
    return values;
  }

  /** The inverse: one array for each bucket. */
  pack(graph: Graph, valueOf: (slot: Slot) => GraphValue): GraphValue[] {
    return this.#buckets.map(({ slots, shape }) => {
      if (slots.length === 1) return valueOf(slots[0]!);
      const rows = slots.map((slot) => reshaped(graph, valueOf(slot), [slot.value.size]));
      return graph.node("Concat", rows, { shape, dtype: "float32" }, { attributes: { axis: 0 } });
    });
  }
}

function bucketsOf(slots: readonly Slot[]): Bucket[] {
  const isSmall = ({ value }: Slot): boolean => value.size < SMALL;
  const small = slots.filter(isSmall);
  const large = slots.filter((slot) => !isSmall(slot));
  const alone = (slot: Slot): Bucket => ({ slots: [slot], shape: slot.value.shape });
  if (small.length < 2) return slots.map(alone);
  const length = small.reduce((sum, { value }) => sum + value.size, 0);
  return [...large.map(alone), { slots: small, shape: [length] }];
}

function cut(graph: Graph, array: GraphValue, slots: readonly Slot[]): GraphValue[] {
  if (slots.length === 1) return [array];
  const sizes = slots.map(({ value }) => value.size);
  const pieces = graph.nodeWith(
    sizes.map((size) => ({ shape: [size], dtype: "float32" })),
    "Split",
    [array, graph.integers(sizes)],
    { attributes: { axis: 0 } },
  );
  return pieces.map((piece, index) => reshaped(graph, piece, slots[index]!.value.shape));
}

const reshaped = (graph: Graph, x: GraphValue, shape: Shape): GraphValue =>
  graph.node("Reshape", [x, graph.integers(shape)], { shape, dtype: "float32" });

function checkFloat32({ dtype, shape }: Tensor): void {
  if (dtype === "float32") return;
  throw new TracingError(
    `compile: weights and optimizer state must be float32, got ${dtype} of shape ${shapeText(shape)}. ` +
      "Run the step without compile, or make the model in float32.",
  );
}
