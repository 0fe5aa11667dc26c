// Options of compile: what a step trains and how it runs, and what holds where nothing is said.
import { availableParallelism } from "node:os";
import { checkCount } from "../check.ts";
import { ArgumentError } from "../errors.ts";
import { Layer } from "../layers/layer.ts";
import { Loss } from "../losses/loss.ts";
import type { Optimizer } from "../optimizers/optimizer.ts";
import type { Listed } from "./state/state.ts";
import type { FullSlot } from "./state/state-arrays.ts";

/** What a step trains, and how it runs. */
export interface CompileOptions {
  /** The model, or all models that the step changes or reads. */
  readonly model: Layer | readonly Layer[];
  /** The optimizer, or all of them. */
  readonly optimizer: Optimizer | readonly Optimizer[];
  /** The loss, or all of them: needed where their settings, or layers in them, change between runs. */
  readonly loss?: Loss | readonly Loss[];
  /**
   * Steps that run in one go. More cost less each, and nothing else happens meanwhile. Unless given, as many as
   * take a tenth of a second, up to 16: the first two steps are measured.
   */
  readonly stepsPerRun?: number;
  /**
   * How many of the first steps are also run eagerly and compared: 0 unless given. They run one by one. A step
   * that uses a tensor which changes between steps, and is no weight or state, fails here.
   */
  readonly verify?: number;
  /** Threads that share the work of one node: unless given as many as there are cores, for each rank its part. */
  readonly threads?: number;
  /**
   * Whether the graph runs in a thread of its own; true unless given, and then the caller's thread stays free.
   */
  readonly worker?: boolean;
  /**
   * How many workers share every batch: 1 unless given. Each takes as many rows, and the gradients are averaged before
   * the optimizer's step, so the loss must be a mean over the batch. Batches whose rows cannot be shared out evenly
   * run unshared.
   */
  readonly ranks?: number;
}

/** Options with everything said. */
interface Settings extends Required<
  Pick<CompileOptions, "verify" | "threads" | "worker" | "ranks">
> {
  /** Undefined where the first steps tell. */
  readonly stepsPerRun: number | undefined;
}

/** @throws {ArgumentError} when a number is none that can be used, or ranks have no workers */
export function settingsOf(how: CompileOptions): Settings {
  const { stepsPerRun, verify = 0, worker = true, ranks = 1 } = how;
  const { threads = Math.max(1, Math.floor(availableParallelism() / ranks)) } = how;
  if (stepsPerRun !== undefined) checkCount("compile", "stepsPerRun", stepsPerRun);
  checkCount("compile", "threads", threads);
  checkCount("compile", "ranks", ranks);
  checkCount("compile", "verify", verify, 0);
  if (!worker && ranks > 1) {
    throw new ArgumentError(
      `compile: every rank needs a worker of its own, got ranks: ${ranks} and worker: false. Leave one of them out.`,
    );
  }
  return { stepsPerRun, verify, threads, worker, ranks };
}

/** All that a step lists, as it is now. */
export function listedBy({ model, optimizer, loss = [] }: CompileOptions): Listed {
  const models = [...listOf(model), ...listOf(loss).flatMap(layersOf)];
  const optimizers = listOf(optimizer);
  const slots = [
    ...models.flatMap((each): FullSlot[] => [...each.parameters(), ...each.states()]),
    ...optimizers.flatMap((each): FullSlot[] => [...each.parameters, ...each.states()]),
  ];
  return {
    layers: models.flatMap((model) => model.layers()),
    optimizers,
    slots: [...new Set(slots)],
  };
}

// A loss may compare what a frozen network makes of images. Its layers are in its fields, or in losses there.
function layersOf(loss: Loss): Layer[] {
  const fields: readonly unknown[] = Object.values(loss).flat();
  return fields.flatMap((field) => {
    if (field instanceof Layer) return [field];
    return field instanceof Loss ? layersOf(field) : [];
  });
}

/** The batches that a run is given: one, a list, or something that gives them one by one. */
export function listOfBatches<Batch>(batches: Batch | Iterable<Batch>): readonly Batch[] {
  if (Array.isArray(batches)) return batches as readonly Batch[];
  return isIterable(batches) ? [...batches] : [batches];
}

function isIterable<Batch>(batches: Batch | Iterable<Batch>): batches is Iterable<Batch> {
  // Cells run without a type check.
  return typeof batches === "object" && batches !== null && Symbol.iterator in batches;
}

/** Whether there is a list of something, or the thing itself. */
const isList = <Item>(value: Item | readonly Item[]): value is readonly Item[] =>
  Array.isArray(value);

const listOf = <Item>(value: Item | readonly Item[]): readonly Item[] =>
  isList(value) ? value : [value];
