// What compile is called with: words for calls that a type check would have refused.
import { kindOf } from "../check.ts";
import { ArgumentError } from "../errors.ts";
import { Layer } from "../layers/layer.ts";
import { Loss } from "../losses/loss.ts";
import { Optimizer } from "../optimizers/optimizer.ts";
import { Tensor } from "../tensor.ts";
import type { Tensors } from "./step-types.ts";

/** @throws {ArgumentError} when the step is no function, or the options lack a model or an optimizer */
export function checkCall(step: unknown, options: unknown): void {
  if (typeof step !== "function") {
    throw new ArgumentError(
      `compile: the step must be a function, got ${kindOf(step)}. Write compile(({ inputs, targets }) => { ...; return { loss }; }, { model, optimizer }).`,
    );
  }
  if (typeof options !== "object" || options === null) {
    throw new ArgumentError(
      `compile: expects options in braces behind the step, got ${kindOf(options)}. Write compile(step, { model, optimizer }).`,
    );
  }
  const { model, optimizer, loss = [] } = options as Readonly<Record<string, unknown>>;
  const layers = unlike(model, Layer);
  if (layers) {
    throw new ArgumentError(
      `compile: model must be a layer, or a list of all that the step changes, got ${kindOf(layers[0])}. Write compile(step, { model, optimizer }).`,
    );
  }
  const optimizers = unlike(optimizer, Optimizer);
  if (optimizers) {
    throw new ArgumentError(
      `compile: optimizer must be an optimizer, or a list of all that the step uses, got ${kindOf(optimizers[0])}. Write compile(step, { model, optimizer }), with optimizer: [] for a step that uses none.`,
    );
  }
  const losses = unlike(loss, Loss);
  if (losses) {
    throw new ArgumentError(
      `compile: loss must be a loss, or a list of all that the step uses, got ${kindOf(losses[0])}. Write compile(step, { model, optimizer, loss }), or leave it out.`,
    );
  }
}

/** A batch of tensors of any shapes. @throws {ArgumentError} when it is something else than tensors by name */
export function checkedBatch(batch: unknown): Tensors {
  const isNamed = typeof batch === "object" && batch !== null && !(batch instanceof Tensor);
  const wrong = isNamed ? Object.entries(batch).find(([, each]) => !(each instanceof Tensor)) : [];
  if (wrong === undefined) return batch as Tensors;
  const got = wrong.length === 2 ? `${wrong[0]}: ${kindOf(wrong[1])}` : kindOf(batch);
  throw new ArgumentError(
    `compile: run expects batches of tensors by name, got ${got}. Pass { inputs, targets }, made by tensor(...).`,
  );
}

// The first value, of one or of a list, that is of another class.
function unlike(
  value: unknown,
  type: abstract new (...parameters: never[]) => unknown,
): [unknown] | undefined {
  const list: readonly unknown[] = Array.isArray(value) ? value : [value];
  const index = list.findIndex((each) => !(each instanceof type));
  return index < 0 ? undefined : [list[index]];
}
