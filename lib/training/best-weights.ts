// The best weights of a training: kept while it goes on, and put back when it has ended.
import type { LayerState, Parameter } from "../layers/layer.ts";
import type { Tensor } from "../tensor.ts";

/**
 * Keeps the weights of the epoch with the lowest validation loss, and what layers keep of their batches themselves,
 * which was measured with them. Tensors never change, so no copy is made.
 */
export class BestWeights {
  /** Epoch of the best weights, from 0; undefined while those of the start are the best. */
  epoch: number | undefined;
  readonly #holders: readonly (Parameter | LayerState)[];
  #values: readonly Tensor[] = [];
  #loss = Infinity;

  constructor(holders: readonly (Parameter | LayerState)[]) {
    this.#holders = holders;
  }

  /** Keeps the weights of the start, for a training in which no loss is a number. */
  begin(): void {
    this.#keep();
  }

  /** Keeps the weights if their loss is lower than any before. */
  offer(loss: number, epoch: number): void {
    if (!(loss < this.#loss)) return;
    this.#loss = loss;
    this.epoch = epoch;
    this.#keep();
  }

  /** Puts the best weights back. @returns their epoch */
  restore(): number | undefined {
    for (const [index, value] of this.#values.entries()) this.#holders[index]!.value = value;
    return this.epoch;
  }

  #keep(): void {
    this.#values = this.#holders.map(({ value }) => value);
  }
}
