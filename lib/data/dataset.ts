// A data set: examples with what is wanted for each, handed out in batches whose order is a pure function of a seed.
import { kindOf } from "../check.ts";
import { ArgumentError, ShapeError } from "../errors.ts";
import { showItself, groupDigits, type MimeBundle } from "../display.ts";
import type { Generator } from "../random.ts";
import { shapeText } from "../shape.ts";
import { Tensor } from "../tensor.ts";
import { type Batch, type Batches, RowBatches } from "./batches.ts";
import { tensorRows, type Rows } from "./rows.ts";

/** How a data set is cut into batches. */
export interface BatchOptions {
  /** Examples in a batch; the last one has what is left. */
  readonly batchSize: number;
  /** Whether the examples come in random order; true when `random` is given. */
  readonly shuffle?: boolean;
  /** Source of chance for the order. */
  readonly random?: Generator;
  /** With it the order depends on the seed of `random` and this number alone; without it, each call draws anew. */
  readonly epoch?: number;
  /** Whether a last batch with fewer examples is left out. */
  readonly dropLast?: boolean;
}

/** Examples and targets, row by row; subsets share the numbers with the whole. */
export class Dataset {
  readonly #inputs: Rows;
  readonly #targets: Rows;
  // Which rows belong to this data set; undefined: all.
  readonly #index: Int32Array | undefined;

  /**
   * @param inputs - `[examples, ...]`, or rows that become numbers on demand
   * @param targets - `[examples, ...]`
   * @throws {ShapeError} when the numbers of examples differ
   * @throws {ArgumentError} when one of them is neither a tensor nor rows
   */
  constructor(inputs: Tensor | Rows, targets: Tensor | Rows, index?: Int32Array) {
    this.#inputs = rowsOf("inputs", inputs);
    this.#targets = rowsOf("targets", targets);
    this.#index = index;
    if (this.#inputs.count !== this.#targets.count) {
      throw new ShapeError(
        `Dataset: expects one target for each input, got ${this.#inputs.count} inputs and ${this.#targets.count} targets. The first axis of both counts the examples.`,
      );
    }
  }

  /** How many examples. */
  get length(): number {
    return this.#index?.length ?? this.#inputs.count;
  }

  /** All inputs as one tensor `[examples, ...]`: made at each call, so prefer batches for large data. */
  get inputs(): Tensor {
    return this.#inputs.take(this.#rows());
  }

  /** All targets as one tensor `[examples, ...]`. */
  get targets(): Tensor {
    return this.#targets.take(this.#rows());
  }

  /**
   * The examples in batches.
   *
   * @throws {ArgumentError} when the batch size is no positive whole number, or shuffling has no `random`
   */
  batches(options: BatchOptions): Batches {
    const { batchSize, dropLast = false } = options;
    requireCount("Dataset.batches", "batchSize", batchSize);
    const order = this.#order(options);
    return new RowBatches(order, { batchSize, dropLast }, (rows) => this.#take(rows));
  }

  /**
   * Some of the examples.
   *
   * @param which - how many from the start, or the indices of the wanted ones, in the wanted order
   * @throws {ArgumentError} when there are not so many
   */
  subset(which: number | ArrayLike<number>): Dataset {
    const wanted =
      typeof which === "number" ? firstIndices("Dataset.subset", which) : Int32Array.from(which);
    const outside = wanted.find((index) => index < 0 || index >= this.length);
    if (outside !== undefined) {
      throw new ArgumentError(
        `Dataset.subset: expects indices from 0 to ${this.length - 1}, because there are ${this.length} examples; got ${outside}. Ask for fewer.`,
      );
    }
    if (wanted.length === 0) {
      throw new ArgumentError(
        "Dataset.subset: expects at least one example; got none. Pass a count from 1 on, or a list that is not empty.",
      );
    }
    const rows = this.#rows();
    return new Dataset(
      this.#inputs,
      this.#targets,
      wanted.map((index) => rows[index]!),
    );
  }

  /**
   * Two data sets without common examples: `const [train, validation] = data.split(0.9, { random })`.
   *
   * @param first - size of the first: a fraction below 1, or a count
   * @throws {ArgumentError} when one of the two would be empty
   */
  split(first: number, { random }: { readonly random?: Generator } = {}): [Dataset, Dataset] {
    const count = first < 1 ? Math.round(first * this.length) : first;
    if (!Number.isInteger(count) || count < 1 || count >= this.length) {
      throw new ArgumentError(
        `Dataset.split: expects a fraction between 0 and 1, or a count from 1 to ${this.length - 1}; got ${first}, which leaves one side empty. Use 0.9 for nine tenths.`,
      );
    }
    const order = random?.permutation(this.length) ?? firstIndices("Dataset.split", this.length);
    return [this.subset(order.subarray(0, count)), this.subset(order.subarray(count))];
  }

  /** Number of examples, and shape of one. */
  toString(): string {
    const [inputs, targets] = [this.#inputs, this.#targets].map(({ rowShape }) =>
      shapeText(rowShape),
    );
    return `Dataset of ${groupDigits(this.length)} examples: inputs ${inputs}, targets ${targets}`;
  }

  /** What a notebook shows. */
  toMimeBundle(): MimeBundle {
    return { "text/plain": this.toString() };
  }

  static {
    showItself(Dataset);
  }

  #rows(): Int32Array {
    return this.#index ?? firstIndices("Dataset", this.#inputs.count);
  }

  #take(rows: Int32Array): Batch {
    return { inputs: this.#inputs.take(rows), targets: this.#targets.take(rows) };
  }

  #order({ random, epoch, shuffle = random !== undefined }: BatchOptions): Int32Array {
    if (!shuffle) return this.#rows();
    if (random === undefined) {
      throw new ArgumentError(
        "Dataset.batches: shuffling expects a source of chance; got none. Pass random: new Generator(7).",
      );
    }
    const source = epoch === undefined ? random : random.child(epoch);
    const order = source.permutation(this.length);
    const rows = this.#index;
    return rows === undefined ? order : order.map((place) => rows[place]!);
  }
}

function firstIndices(owner: string, count: number): Int32Array {
  requireCount(owner, "count", count);
  return new Int32Array(count).map((_, index) => index);
}

function requireCount(owner: string, name: string, count: number): void {
  if (Number.isInteger(count) && count >= 1) return;
  throw new ArgumentError(
    `${owner}: ${name} must be a whole number from 1 on; got ${count}. Pass for example 64.`,
  );
}

function rowsOf(argument: string, values: Tensor | Rows): Rows {
  if (values instanceof Tensor) return tensorRows(values);
  if (typeof (values as Partial<Rows> | undefined)?.take === "function") return values;
  throw new ArgumentError(
    `Dataset: ${argument} must be a tensor, got ${kindOf(values)}. Write new Dataset(inputs, targets).`,
  );
}
