// Types of steps, with a sentence in place of the type where something else is written: type errors show it.
import type { Tensor } from "../tensor.ts";

/** Tensors by name, such as `{ inputs, targets }`. */
export type Tensors = Readonly<Record<string, Tensor>>;

/** What a step computes from a batch: the tensors that somebody wants to see. */
export type StepFunction<Batch, Results> = (batch: Batch) => Results;

/** What a step returns, or what to return instead. */
export type ByName<Returned> = Returned extends Tensor
  ? "give the tensor a name: return { loss };"
  : Returned extends Promise<unknown>
    ? "a step is recorded in one go: write it without async, and load what it needs before"
    : Returned extends Readonly<Record<keyof Returned, Tensor>>
      ? Returned
      : Returned extends Readonly<Record<string, Tensor | number>>
        ? "return tensors without .item(): run(...) gives their numbers"
        : "end the step with the tensors to be seen, by name: return { loss };";

/** Anything for a batch of tensors by name, or what to pass instead. */
export type OfTensors<Batch> = Batch extends Tensor
  ? "a step takes all tensors as one batch, by name: ({ inputs, targets }) => ..."
  : Batch extends Readonly<Record<keyof Batch, Tensor>>
    ? unknown
    : "a batch has tensors alone: pass a number as tensor(number)";
