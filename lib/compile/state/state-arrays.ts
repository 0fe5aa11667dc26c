// The arrays of the state: whose numbers are where, and how a graph takes them apart and puts them together again.
import type { Graph, GraphValue } from "../../backends/onnx/graph.ts";
import { Joiner } from "../../backends/onnx/joiner.ts";
import { type Shape, sizeOf } from "../../shape.ts";
import type { Tensor } from "../../tensor.ts";

/** A place that holds a tensor: a parameter, a layer's state or an optimizer's. A gradient may be missing. */
export interface Slot {
  value: Tensor | undefined;
}

/** One that is never empty. */
export interface FullSlot extends Slot {
  value: Tensor;
}

/** A slot, and the shape of what it holds when it holds something. */
export interface ShapedSlot {
  readonly slot: Slot;
  readonly shape: Shape;
  /** What slots of one kind, which a step changes in the same way, have in common. */
  readonly kind?: unknown;
}

/** Where the numbers of a slot are. */
export interface Place extends ShapedSlot {
  /** Which array. */
  readonly array: number;
  /** Where in it, in elements. */
  readonly offset: number;
}

/** What arrays and slots are in a graph, at one moment of a step. */
export interface StateValues {
  /** By number. */
  readonly arrays: ReadonlyMap<number, GraphValue>;
  readonly slots: ReadonlyMap<Slot, GraphValue>;
}

/**
 * Tensors of fewer elements travel together: every tensor that goes in and out of a run costs 4 to 5
 * microseconds, a piece cut out inside the graph a tenth of that.
 */
const SMALL = 40_000;

/** One array that goes in and out of a run: a large tensor, or many small ones one behind the other. */
interface Bucket {
  readonly places: readonly Place[];
  readonly shape: Shape;
}

/** The arrays in which some slots travel. */
export class StateArrays {
  #places: readonly Place[] = [];
  readonly #buckets: Bucket[] = [];

  /** Makes arrays for more slots, of any shapes, which come and go together. */
  add(slots: readonly ShapedSlot[]): void {
    for (const members of sharedOut(slots)) {
      this.#buckets.push(bucketOf(members, this.#buckets.length));
    }
    this.#places = this.#buckets.flatMap(({ places }) => places);
  }

  /** Where everything is. */
  get places(): readonly Place[] {
    return this.#places;
  }

  /** Of all arrays, by number. */
  get shapes(): readonly Shape[] {
    return this.#buckets.map(({ shape }) => shape);
  }

  /** Numbers of the arrays that hold one of these slots. */
  holding(slots: ReadonlySet<Slot>): number[] {
    const isNeeded = ({ places }: Bucket): boolean => places.some(({ slot }) => slots.has(slot));
    return [...this.#buckets.keys()].filter((array) => isNeeded(this.#buckets[array]!));
  }

  /** Cuts arrays that enter a graph, of any shapes, into one value for each slot that holds something. */
  unpack(
    graph: Graph,
    arrays: ReadonlyMap<number, GraphValue>,
    present: ReadonlySet<Slot>,
  ): Map<Slot, GraphValue> {
    const values = new Map<Slot, GraphValue>();
    for (const [number, array] of arrays) {
      const { places } = this.#buckets[number]!;
      const pieces = cut(graph, array, places);
      for (const [index, { slot }] of places.entries()) {
        if (present.has(slot)) values.set(slot, pieces[index]!);
      }
    }
    return values;
  }

  /** The inverse. An array whose slots, of any shapes, are those of before is the array of before. */
  pack(
    graph: Graph,
    slots: ReadonlyMap<Slot, GraphValue>,
    before: StateValues,
  ): Map<number, GraphValue> {
    const packed = new Map<number, GraphValue>();
    const joiner = new Joiner(graph);
    for (const number of this.holding(new Set(slots.keys()))) {
      const bucket = this.#buckets[number]!;
      const isAsBefore = bucket.places.every(
        ({ slot }) => slots.get(slot) === before.slots.get(slot),
      );
      packed.set(
        number,
        isAsBefore ? before.arrays.get(number)! : joined(graph, slots, { bucket, joiner }),
      );
    }
    return packed;
  }
}

// Large ones alone, then all small ones of a kind together.
function sharedOut(slots: readonly ShapedSlot[]): (readonly ShapedSlot[])[] {
  const isSmall = ({ shape }: ShapedSlot): boolean => sizeOf(shape) < SMALL;
  const small = slots.filter(isSmall);
  const kinds = [...new Set(small.map(({ kind }) => kind))];
  return [
    ...slots.filter((slot) => !isSmall(slot)).map((slot) => [slot]),
    ...kinds.map((kind) => small.filter((slot) => slot.kind === kind)),
  ];
}

function bucketOf(slots: readonly ShapedSlot[], array: number): Bucket {
  let offset = 0;
  const places = slots.map(({ slot, shape }) => {
    const place = { slot, shape, array, offset };
    offset += sizeOf(shape);
    return place;
  });
  return { places, shape: slots.length === 1 ? slots[0]!.shape : [offset] };
}

function cut(graph: Graph, array: GraphValue, places: readonly Place[]): GraphValue[] {
  if (places.length === 1) return [array];
  const sizes = places.map(({ shape }) => sizeOf(shape));
  const pieces = graph.nodeWith(
    sizes.map((size) => ({ shape: [size], dtype: "float32" })),
    "Split",
    [array, graph.integers(sizes)],
    { attributes: { axis: 0 } },
  );
  return pieces.map((piece, index) => reshaped(graph, piece, places[index]!.shape));
}

function joined(
  graph: Graph,
  values: ReadonlyMap<Slot, GraphValue>,
  { bucket: { places }, joiner }: { readonly bucket: Bucket; readonly joiner: Joiner },
): GraphValue {
  // Nobody reads what is not there, but it takes its place.
  const all = places.map(({ slot, shape }) => values.get(slot) ?? zeros(graph, sizeOf(shape)));
  return all.length === 1 ? all[0]! : joiner.join(all);
}

const zeros = (graph: Graph, size: number): GraphValue =>
  graph.constant(new Float32Array(size), { shape: [size], dtype: "float32" });

const reshaped = (graph: Graph, x: GraphValue, shape: Shape): GraphValue =>
  graph.node("Reshape", [x, graph.integers(shape)], { shape, dtype: "float32" });
