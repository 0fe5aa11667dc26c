// Staging: batches and draws are written into arrays that go to the runner and come back to be written again.
import type { RecordedDraw } from "../backends/onnx/recorder.ts";
import { allocate, type DType, type TypedArray } from "../dtype.ts";
import { sizeOf } from "../shape.ts";
import type { Tensor } from "../tensor.ts";
import { copyShare, type Cut } from "./shares.ts";

/** Where the numbers of one input come from, step by step. */
export interface Source {
  readonly dtype: DType;
  /** Elements of one step that a rank gets. */
  readonly size: number;
  /** How the ranks share the numbers. */
  readonly cut: Cut;
  /** The numbers of one step, for all ranks. */
  readonly numbers: (batch: Readonly<Record<string, Tensor>>) => TypedArray;
}

/** How the numbers of a draw come to be, step by step, in one array: they are copied before the next ones. */
export function drawnNumbers({ draw, value: { shape, dtype } }: RecordedDraw): () => TypedArray {
  const numbers = allocate(dtype, sizeOf(shape));
  return () => {
    draw(numbers);
    return numbers;
  };
}

/** For whom inputs are filled. */
export interface StagingOptions {
  /** Steps of one run. */
  readonly steps: number;
  /** Every input is one array for each rank, one behind the other in the list. */
  readonly ranks: number;
}

/** Fills the inputs of runs. */
export class Staging {
  readonly #sources: readonly Source[];
  readonly #options: StagingOptions;
  readonly #free: (readonly TypedArray[])[] = [];
  readonly #lastStep: TypedArray[] = [];

  constructor(sources: readonly Source[], options: StagingOptions) {
    this.#sources = sources;
    this.#options = options;
  }

  /** The arrays for a run, one batch for each step; draws come in the order of the eager steps. */
  stage(batches: readonly Readonly<Record<string, Tensor>>[]): readonly TypedArray[] {
    const { ranks } = this.#options;
    const arrays = this.#free.pop() ?? this.#allocate();
    // Counted loops: others leave garbage at every step, which makes the heap of a long training grow.
    for (let step = 0; step < batches.length; step++) {
      for (let index = 0; index < this.#sources.length; index++) {
        const { numbers, size, cut } = this.#sources[index]!;
        const whole = numbers(batches[step]!);
        this.#lastStep[index] = whole;
        for (let rank = 0; rank < ranks; rank++) {
          const target = arrays[index * ranks + rank]!;
          copyShare(whole, target, step * size, { rank, ranks, cut });
        }
      }
    }
    return arrays;
  }

  /** Takes back what a run has used. */
  takeBack(arrays: readonly TypedArray[]): void {
    this.#free.push(arrays);
  }

  /** What was staged for the last step, input by input. */
  lastStep(): readonly TypedArray[] {
    return this.#lastStep;
  }

  #allocate(): TypedArray[] {
    const { steps, ranks } = this.#options;
    return this.#sources.flatMap(({ dtype, size }) =>
      Array.from({ length: ranks }, () => allocate(dtype, size * steps)),
    );
  }
}
