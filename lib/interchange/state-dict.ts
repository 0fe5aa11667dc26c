// A model's weights by name, out of the model and into it: all of them or none.
import { hostBackend } from "../backends/select.ts";
import { type Described, kindOf } from "../check.ts";
import { isFloat } from "../dtype.ts";
import { ArgumentError, DataError } from "../errors.ts";
import { Layer, type LayerState, type Parameter } from "../layers/layer.ts";
import { cast } from "../ops/convert.ts";
import { zeros } from "../ops/creation.ts";
import { sameShape, shapeText } from "../shape.ts";
import type { Tensor } from "../tensor.ts";
import { checkBraces } from "./braces.ts";
import { quoted } from "./excerpt.ts";
import { checkNamedTensors } from "./named-tensors.ts";
import { type LayerLayout, sameAs, type StoredForm, torchLayoutOf } from "./torch-layout.ts";

/**
 * Names and axes of stored weights: as in gradlab (`0.weight` of a linear layer is `[inFeatures, outFeatures]`), or as in
 * a `state_dict` of PyTorch (`[outFeatures, inFeatures]`, `weight_ih_l0`, `running_mean`).
 */
export type Layout = "gradlab" | "torch";

/** How weights are stored. */
export interface LayoutOptions {
  /** `"gradlab"` unless given. */
  readonly layout?: Layout;
}

/**
 * Weights and running statistics of a model by name, in tensors of any shape, which keep the numbers of now: put back by
 * `loadStateDict`, they are the best weights of a training that has gone on since, eager or compiled.
 *
 * A parameter that two layers share stands there under both names. With layout `"torch"` the names are those of a
 * PyTorch model built of the same parts, each under the same name or index; layers of one's own are stored as they are.
 *
 * @throws {ArgumentError} when there is no such layout
 * @throws {StateError} while a run of a compiled step over the model is under way
 * @throws {WorkerError} when a compiled step's thread has ended with numbers that nobody has read
 */
export function stateDict(model: Layer, options: LayoutOptions = {}): Map<string, Tensor> {
  checkBraces("stateDict", options);
  const { slots, counters } = storedParts("stateDict", model, options.layout);
  const stored = slots.flatMap(({ names, form, slot }) =>
    form
      .write(brought(slot.value))
      .map((tensor, index): [string, Tensor] => [names[index]!, tensor]),
  );
  const counted = counters.map((name): [string, Tensor] => [name, zeros([], { dtype: "int32" })]);
  return new Map([...stored, ...counted]);
}

/**
 * Puts weights and running statistics into a model, in place of those that it has.
 *
 * Names and shapes must be the model's, and nothing may be missing or left over; otherwise the model stays as it is.
 * Numbers take the model's element type: float64 is rounded to float32 where the model has that. A compiled step
 * works with the new numbers from its next run on.
 *
 * @param tensors - by name, of any shape, as `stateDict` gives them
 * @throws {DataError} with everything that does not fit
 */
export function loadStateDict(
  model: Layer,
  tensors: ReadonlyMap<string, Tensor>,
  options: LayoutOptions = {},
): void {
  checkBraces("loadStateDict", options);
  const { layout = "gradlab" } = options;
  checkNamedTensors("loadStateDict", tensors);
  const { values, problems } = matched(model, tensors, layout);
  if (problems.length > 0) {
    const other: Layout = layout === "torch" ? "gradlab" : "torch";
    const fitsOther = matched(model, tensors, other).problems.length === 0;
    const fix = fitsOther
      ? `They fit with the other layout: pass { layout: "${other}" }.`
      : "Build the model as it was when the weights were saved, or rename and reshape them first.";
    throw new DataError(
      `loadStateDict: expects exactly the tensors of the model, got ${tensors.size} of which not all fit:\n${listed(problems)}The model is unchanged. ${fix}`,
    );
  }
  for (const [slot, value] of values) slot.value = value;
}

// What a compiled step has left with its thread changes there at the next run: whoever reads it now has it here for good.
function brought(tensor: Tensor): Tensor {
  if (tensor.backend === hostBackend) hostBackend.read(tensor.value);
  return tensor;
}

/** So many problems are listed: a model that fits nowhere has as many as tensors. */
const MOST_PROBLEMS = 20;

function listed(problems: readonly string[]): string {
  const rest = problems.length - MOST_PROBLEMS;
  const lines = [
    ...problems.slice(0, MOST_PROBLEMS),
    ...(rest > 0 ? [`and ${rest} more like these`] : []),
  ];
  return lines.map((line) => `  ${line}\n`).join("");
}

// Names in a file may be anything; those of a model are words, numbers and dots.
const asName = (name: string): string => (/^[\w.-]{1,80}$/.test(name) ? name : quoted(name));

/** Where a tensor of a model lives. */
type Slot = Parameter | LayerState;

/** One tensor of a model, and what of the file belongs to it. */
interface StoredSlot {
  readonly slot: Slot;
  readonly form: StoredForm;
  /** The names in the file, with the path. */
  readonly names: readonly string[];
}

interface StoredParts {
  readonly slots: StoredSlot[];
  readonly counters: string[];
}

const LAYOUT_OF: Readonly<Record<Layout, (layer: Layer) => LayerLayout>> = {
  gradlab: () => ({}),
  torch: torchLayoutOf,
};

function storedParts(owner: string, model: Layer, layout: Layout = "gradlab"): StoredParts {
  if (!(model instanceof Layer)) {
    throw new ArgumentError(
      `${owner}: expects a model, got ${kindOf(model)}. Pass a layer, such as new Sequential(...), first.`,
    );
  }
  if (!Object.hasOwn(LAYOUT_OF, layout)) {
    throw new ArgumentError(
      `${owner}: layout must be "gradlab" or "torch", got ${JSON.stringify(layout)}. Leave it out for files that only gradlab reads.`,
    );
  }
  return partsOf(model, LAYOUT_OF[layout], "");
}

function partsOf(layer: Layer, layoutOf: (layer: Layer) => LayerLayout, path: string): StoredParts {
  const { tensors = {}, prefixes = {}, counters = [] } = layoutOf(layer);
  const own = layer.ownTensors().map(([name, slot]): StoredSlot => {
    const form = Object.hasOwn(tensors, name) ? tensors[name]! : sameAs(name);
    return { slot, form, names: form.names.map((stored) => path + stored) };
  });
  const inner = layer
    .innerLayers()
    .map(([name, each]) => partsOf(each, layoutOf, path + (prefixes[name] ?? `${name}.`)));
  return {
    slots: [...own, ...inner.flatMap(({ slots }) => slots)],
    counters: [...counters.map((name) => path + name), ...inner.flatMap((each) => each.counters)],
  };
}

interface Matched {
  readonly values: ReadonlyMap<Slot, Tensor>;
  readonly problems: readonly string[];
}

// The value of every slot, and what does not fit; nothing is changed yet.
function matched(model: Layer, tensors: ReadonlyMap<string, Tensor>, layout: Layout): Matched {
  const { slots, counters } = storedParts("loadStateDict", model, layout);
  const values = new Map<Slot, Tensor>();
  const problems: string[] = [];
  for (const part of slots) {
    if (isUnderOtherName(part, slots, tensors)) continue;
    const { slot, form, names } = part;
    const expected = { shape: form.shapeOf(slot.value.shape), dtype: slot.value.dtype };
    const stored = names.map((name) => tensors.get(name));
    const misfits = names.flatMap((name, index) => misfit(name, stored[index], expected) ?? []);
    problems.push(...misfits);
    if (misfits.length > 0) continue;
    const value = form.read((stored as Tensor[]).map((x) => cast(x, expected.dtype)));
    const before = values.get(slot);
    if (before !== undefined && !sameNumbers(before, value)) {
      problems.push(
        `${names.join(", ")} must hold the same numbers as the other name of the parameter`,
      );
    }
    values.set(slot, value);
  }
  const known = new Set([...slots.flatMap(({ names }) => names), ...counters]);
  const others = [...tensors.keys()].filter((name) => !known.has(name));
  return {
    values,
    problems: [...problems, ...others.map((name) => `${asName(name)} is unexpected`)],
  };
}

// Some programs store a parameter that two layers share only once.
function isUnderOtherName(
  part: StoredSlot,
  slots: readonly StoredSlot[],
  tensors: ReadonlyMap<string, Tensor>,
): boolean {
  if (part.names.some((name) => tensors.has(name))) return false;
  const others = slots.filter(({ slot }) => slot === part.slot);
  return others.some(({ names }) => names.every((name) => tensors.has(name)));
}

// What is wrong with a tensor of the file, if anything is.
function misfit(name: string, stored: Tensor | undefined, expected: Described): string | undefined {
  if (stored === undefined) return `${name} is missing`;
  const { shape, dtype } = stored;
  const isOfKind = dtype === expected.dtype || (isFloat(dtype) && isFloat(expected.dtype));
  if (isOfKind && sameShape(shape, expected.shape)) return undefined;
  return `${name} must be ${expected.dtype} ${shapeText(expected.shape)}, got ${dtype} ${shapeText(shape)}`;
}

function sameNumbers(a: Tensor, b: Tensor): boolean {
  const others = b.toTypedArray();
  return a.toTypedArray().every((number, index) => Object.is(number, others[index]));
}
