// A loss that stops being a number: said once, with the step and what to try.
import { formatNumber } from "../plot/numbers.ts";
import type { Optimizer } from "../optimizers/optimizer.ts";
import type { StepEvent } from "./progress.ts";

/** Looks at the loss of every step. */
export class LossWatch {
  readonly #optimizer: Optimizer;
  #hasTold = false;

  /** @param optimizer - the one whose learning rate may be too large */
  constructor(optimizer: Optimizer) {
    this.#optimizer = optimizer;
  }

  /** Tells of the first loss that is no finite number. */
  see({ epoch, step, loss }: StepEvent): void {
    if (this.#hasTold || Number.isFinite(loss)) return;
    this.#hasTold = true;
    console.warn(
      epoch + step === 0 ? atFirst(loss) : later(loss, { epoch, step }, this.#optimizer),
    );
  }
}

// No step of this training can have done it.
const atFirst = (loss: number): string =>
  `fit: the loss is ${loss} in the first step, before any weight has moved. Look for NaN among inputs, targets and weights (those that an earlier training left, too), and for a division by 0 or a logarithm of 0 in a layer or loss of your own.`;

const later = (
  loss: number,
  { epoch, step }: { epoch: number; step: number },
  { learningRate }: Optimizer,
): string =>
  `fit: the loss has become ${loss}, in step ${step + 1} of epoch ${epoch + 1}; weights seldom come back from there. Make the model anew and try a smaller learning rate than ${formatNumber(learningRate)}; if it happens again, look for NaN or very large numbers among inputs and targets.`;
