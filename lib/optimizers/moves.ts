// How often each parameter was moved: what a bias correction or a first step depends on.
import type { Parameter } from "../layers/layer.ts";
import { eachStep } from "../ops/host.ts";
import type { Tensor } from "../tensor.ts";

/** A scalar `[]` that depends on how often parameters were moved, this time included. */
export type ScalarOfMoves = (compute: (moves: number) => number) => Tensor;

/** Counts the moves of each parameter: one that gets no gradient in a step stays behind. */
export class Moves {
  readonly #counts = new Map<Parameter, number>();

  /** How often a parameter was moved. */
  of(parameter: Parameter): number {
    return this.#counts.get(parameter) ?? 0;
  }

  /** Says how often a parameter was moved. */
  set(parameter: Parameter, count: number): void {
    this.#counts.set(parameter, count);
  }

  /** The parameters, those together that were moved equally often so far. */
  groups(parameters: readonly Parameter[]): Parameter[][] {
    const groups = new Map<number, Parameter[]>();
    for (const parameter of parameters) {
      const group = groups.get(this.of(parameter));
      if (group) group.push(parameter);
      else groups.set(this.of(parameter), [parameter]);
    }
    return [...groups.values()];
  }

  /** Counts one more move of a group. @returns scalars of the new count */
  count(group: readonly Parameter[]): ScalarOfMoves {
    const [first] = group as [Parameter];
    const { dtype } = first.value;
    const before = this.of(first);
    const countOne = (): number => {
      const moves = this.of(first) + 1;
      for (const parameter of group) this.set(parameter, moves);
      return moves;
    };
    // Counting is part of every step, also of one that is taken again without this code.
    eachStep(countOne, dtype);
    // Whoever only prepares a step has not counted yet, and takes this back: what comes next must see the move.
    if (this.of(first) === before) countOne();
    return (compute) => eachStep(() => compute(this.of(first)), dtype);
  }
}
