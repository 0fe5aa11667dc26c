// Batches of a data set: how many there are is known, and each is made when a loop comes to it.
import { groupDigits, type MimeBundle, showItself } from "../display.ts";
import type { Tensor } from "../tensor.ts";

// A type, as an interface cannot pass for tensors by name, which compile asks for.
/** Some examples: `inputs` `[batch, ...]` and `targets` `[batch, ...]`. */
export type Batch = {
  readonly inputs: Tensor;
  readonly targets: Tensor;
};

/** Batches that are made while one loops over them; each loop goes over the same ones. */
export interface Batches extends Iterable<Batch> {
  /** How many batches. */
  readonly length: number;
}

/** Rows of a data set in a fixed order, cut into batches. */
export class RowBatches implements Batches {
  readonly length: number;
  readonly #order: Int32Array;
  readonly #batchSize: number;
  readonly #take: (rows: Int32Array) => Batch;

  /**
   * @param order - the rows, batch by batch
   * @param take - makes a batch of some of them
   */
  constructor(
    order: Int32Array,
    { batchSize, dropLast }: { readonly batchSize: number; readonly dropLast: boolean },
    take: (rows: Int32Array) => Batch,
  ) {
    this.length = (dropLast ? Math.floor : Math.ceil)(order.length / batchSize);
    this.#order = order;
    this.#batchSize = batchSize;
    this.#take = take;
  }

  *[Symbol.iterator](): Iterator<Batch> {
    const size = this.#batchSize;
    for (let index = 0; index < this.length; index++) {
      yield this.#take(this.#order.subarray(index * size, (index + 1) * size));
    }
  }

  /** How many, and how large. */
  toString(): string {
    const [size, examples] = [this.#batchSize, this.#order.length];
    if (this.length === 1) return `1 batch of ${groupDigits(Math.min(size, examples))} examples`;
    const rest = examples - (this.length - 1) * size;
    const last = rest < size ? `, the last one of ${rest}` : "";
    return `${groupDigits(this.length)} batches of ${groupDigits(size)} examples${last}`;
  }

  /** What a notebook shows. */
  toMimeBundle(): MimeBundle {
    return { "text/plain": this.toString() };
  }

  static {
    showItself(RowBatches);
  }
}
