// Staging: batches and draws are written into arrays that go to the runner and come back to be written again.
import type { RecordedDraw } from "../../backends/onnx/recorder.ts";
import { allocate, type DType, type TypedArray } from "../../dtype.ts";
import { sizeOf } from "../../shape.ts";
import type { Tensor } from "../../tensor.ts";
import { copyShare, type Cut } from "./shares.ts";

/** Numbers of one step. */
export interface StepNumbers {
  /** Where they are now, or are put until they are asked for again. */
  read(batch: Readonly<Record<string, Tensor>>): TypedArray;
  /** Writes them to where they are needed. */
  write(batch: Readonly<Record<string, Tensor>>, target: TypedArray): void;
}

/** Where the numbers of one input come from, step by step. */
export interface Source {
  readonly dtype: DType;
  /** Elements of one step that a rank gets. */
  readonly size: number;
  /** How the ranks share the numbers. */
  readonly cut: Cut;
  /** For all ranks. */
  readonly numbers: StepNumbers;
}

/** How the numbers of a draw come to be; those that are read stand in one array, and are copied before the next ones. */
export function drawnNumbers({ draw, value: { shape, dtype } }: RecordedDraw): StepNumbers {
  let numbers: TypedArray | undefined;
  return {
    read() {
      numbers ??= allocate(dtype, sizeOf(shape));
      draw(numbers);
      return numbers;
    },
    write: (_, target) => draw(target),
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
  // What goes to one rank alone is written there at once; but of single steps, somebody may ask for the last one.
  readonly #isDirect: boolean;

  constructor(sources: readonly Source[], options: StagingOptions) {
    this.#sources = sources;
    this.#options = options;
    this.#isDirect = options.ranks === 1 && options.steps > 1;
  }

  /** The arrays for a run, one batch for each step; draws come in the order of the eager steps. */
  stage(batches: readonly Readonly<Record<string, Tensor>>[]): readonly TypedArray[] {
    const { ranks } = this.#options;
    const arrays = this.#free.pop() ?? this.#allocate();
    // Counted loops: others leave garbage at every step, which makes the heap of a long training grow.
    for (let step = 0; step < batches.length; step++) {
      for (let index = 0; index < this.#sources.length; index++) {
        const { numbers, size, cut } = this.#sources[index]!;
        if (this.#isDirect) {
          numbers.write(batches[step]!, arrays[index]!.subarray(step * size, (step + 1) * size));
          continue;
        }
        const whole = numbers.read(batches[step]!);
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

  /** What was staged for the last step, input by input, where runs are single steps. */
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
