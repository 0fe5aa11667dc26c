// Recorded settings: what a recording holds as it was of the fields of models, losses and optimizers, and what is in them.
import type { BackendValue } from "../../backends/backend.ts";
import { Layer } from "../../layers/layer.ts";
import { Loss } from "../../losses/loss.ts";
import { Optimizer } from "../../optimizers/optimizer.ts";
import { Tensor } from "../../tensor.ts";

/** Fields of some objects: owner, name and value of each, one behind the other. */
type Fields = readonly unknown[];

type Names = ReadonlyMap<string, unknown>;

/** Settings that were there at some time. */
interface Known {
  readonly version: number;
  fields: Fields;
}

/** So many former settings are remembered: going back to them needs no new recording. */
const MOST_KNOWN = 16;
/** Longer lists and tables are data, unless they begin with a layer: what is in them is not compared. */
const LONGEST_LIST = 256;
/** Tables that were too long once: to count takes as long as to compare. */
const long = new WeakSet<object>();

/**
 * The settings of the parts of a step: numbers, words, truth values and functions in their fields, other objects there, and
 * the same in the layers, losses, lists and plain objects that they consist of. Tensors count where a recording holds
 * their numbers. Fields whose name starts with # cannot be seen, and what the step itself changes is no setting.
 */
export class RecordedSettings {
  readonly #parts: object;
  // Names of fields that a step changes, by who has them, and lists that it lets grow.
  readonly #changing = new WeakMap<object, Set<string>>();
  readonly #notes = new WeakSet<object>();
  // Names of fields with tensors that recordings hold.
  readonly #holding = new WeakMap<object, Set<string>>();
  // Optimizers whose rates are numbers in recordings.
  #rated: readonly Optimizer[] = [];
  #known: Known[] = [];
  #current: Known;
  #versions = 0;
  #lastChange = "";

  constructor(parts: object) {
    this.#parts = parts;
    this.#current = this.#remember(this.#look());
  }

  /** Looks at them. @returns whether they are others than before */
  haveChanged(): boolean {
    const fields = this.#look();
    if (areSame(fields, this.#current.fields)) return false;
    this.#lastChange = firstChange(this.#current.fields, fields);
    const known = this.#known.find((each) => areSame(each.fields, fields));
    this.#current = known ?? this.#remember(fields);
    return true;
  }

  /** A number for the settings that were last seen: the same ones have the same number. */
  get version(): number {
    return this.#current.version;
  }

  /** What the last change was, such as `momentum of SGD`. */
  get lastChange(): string {
    return this.#lastChange;
  }

  /**
   * Calls a step, which may change fields for its own use.
   *
   * @param holds - whether what was recorded holds the numbers of a value of any shape
   */
  during<Result>(
    record: () => Result,
    holds?: (result: Result, value: BackendValue) => boolean,
  ): Result {
    const before = this.#everything();
    const result = record();
    this.#noteChanges(before, this.#everything());
    if (holds) this.#noteTensors((value) => holds(result, value));
    this.#current.fields = this.#look();
    return result;
  }

  /** Calls a step once more, and puts all fields back to what they were. */
  withoutTrace<Result>(call: () => Result): Result {
    const before = this.#everything();
    try {
      const result = call();
      this.#noteChanges(before, this.#everything());
      return result;
    } finally {
      for (const [owner, fields] of byOwner(before)) putBack(owner, fields);
      this.#current.fields = this.#look();
    }
  }

  /** Learning rates count from now on, which a step reads itself: those of its optimizers come to it as tensors. */
  addRates(optimizers: readonly Optimizer[]): void {
    this.#rated = optimizers.filter(({ schedule }) => schedule === undefined);
    this.#current.fields = this.#look();
  }

  #everything(): Fields {
    return fieldsIn(this.#parts, () => true);
  }

  // What a first call fills in, and later ones leave, is a setting that has got its value. Of an object that is there once
  // only, the field that has it is another one.
  #noteChanges(before: Fields, after: Fields): void {
    const [earlier, later] = [byOwner(before), byOwner(after)];
    for (let at = 0; at < before.length; at += 3) {
      const [owner, name, value] = [before[at] as object, before[at + 1] as string, before[at + 2]];
      const fields = later.get(owner);
      if (!fields || value === undefined) continue;
      if (!Object.is(fields.get(name), value)) note(this.#changing, owner, name);
    }
    // A list or a table that grows or shrinks is one to note things in.
    for (const [owner, fields] of earlier) {
      if (!isPart(owner) && later.has(owner) && !haveSameNames(fields, later.get(owner)!)) {
        this.#notes.add(owner);
      }
    }
  }

  #noteTensors(holds: (value: BackendValue) => boolean): void {
    fieldsIn(this.#parts, (owner, name, value) => {
      if (value instanceof Tensor && holds(value.value)) note(this.#holding, owner, name);
      return true;
    });
  }

  #look(): Fields {
    const fields = fieldsIn(this.#parts, (owner, name, value) => {
      // By its name, what forward keeps for backward: also where another step or eager code has called it.
      if (name.startsWith("saved")) return false;
      if (value instanceof Tensor && this.#holding.get(owner)?.has(name) !== true) return false;
      return !this.#notes.has(owner) && this.#changing.get(owner)?.has(name) !== true;
    });
    const rates = this.#rated.flatMap((each) => [each, "learningRate", each.learningRate]);
    return rates.length === 0 ? fields : [...fields, ...rates];
  }

  #remember(fields: Fields): Known {
    const known = { version: this.#versions++, fields };
    this.#known = [...this.#known.slice(1 - MOST_KNOWN), known];
    return known;
  }
}

function putBack(owner: object, fields: ReadonlyMap<string, unknown>): void {
  // Shapes are frozen.
  if (Object.isFrozen(owner)) return;
  for (const name of Object.keys(owner)) {
    if (!fields.has(name) && !isCounted(owner, name)) Reflect.deleteProperty(owner, name);
  }
  if (Array.isArray(owner) && owner.length !== fields.size) owner.length = fields.size;
  for (const [name, value] of fields) {
    if (Reflect.get(owner, name) !== value) Reflect.set(owner, name, value);
  }
}

const haveSameNames = (one: Names, other: Names): boolean =>
  one.size === other.size && [...one.keys()].every((name) => other.has(name));

function note(names: WeakMap<object, Set<string>>, owner: object, name: string): void {
  const there = names.get(owner);
  if (there) there.add(name);
  else names.set(owner, new Set([name]));
}

// In order, each object once.
function fieldsIn(
  parts: object,
  isSetting: (owner: object, name: string, value: unknown) => boolean,
): Fields {
  const fields: unknown[] = [];
  const seen = new Set<object>();
  const walk = (owner: object): void => {
    if (seen.has(owner)) return;
    seen.add(owner);
    for (const name of Object.keys(owner)) {
      const value = (owner as Readonly<Record<string, unknown>>)[name];
      if (isCounted(owner, name) || !isSetting(owner, name, value)) continue;
      fields.push(owner, name, value);
      if (isWalked(value)) walk(value);
    }
  };
  walk(parts);
  return fields;
}

// What a recorded step asks for anew in each run.
const isCounted = (owner: object, name: string): boolean =>
  owner instanceof Optimizer && (name === "learningRate" || name === "stepCount");

function isWalked(value: unknown): value is object {
  if (typeof value !== "object" || value === null) return false;
  if (Array.isArray(value)) return value.length <= LONGEST_LIST || isPart(value[0]);
  if (isPart(value)) return true;
  return Object.getPrototypeOf(value) === Object.prototype && isShort(value);
}

function isShort(table: object): boolean {
  if (long.has(table)) return false;
  if (Object.keys(table).length <= LONGEST_LIST) return true;
  long.add(table);
  return false;
}

const isPart = (value: unknown): boolean =>
  value instanceof Layer || value instanceof Loss || value instanceof Optimizer;

function areSame(one: Fields, other: Fields): boolean {
  if (one.length !== other.length) return false;
  for (let at = 0; at < one.length; at++) if (!Object.is(one[at], other[at])) return false;
  return true;
}

function byOwner(fields: Fields): Map<object, Map<string, unknown>> {
  const owners = new Map<object, Map<string, unknown>>();
  const fieldsOf = (owner: object): Map<string, unknown> => {
    const known = owners.get(owner) ?? new Map<string, unknown>();
    owners.set(owner, known);
    return known;
  };
  for (let at = 0; at < fields.length; at += 3) {
    const value = fields[at + 2];
    fieldsOf(fields[at] as object).set(fields[at + 1] as string, value);
    // An empty list has no fields, and is there.
    if (isWalked(value)) fieldsOf(value);
  }
  return owners;
}

function firstChange(before: Fields, after: Fields): string {
  let at = 0;
  while (at < after.length && Object.is(before[at], after[at])) at++;
  const place = at - (at % 3);
  const [owner, name] = place < after.length ? [after[place], after[place + 1]] : before.slice(-3);
  return pathIn([...before, ...after], owner as object, String(name));
}

// Such as `momentum of SGD`, or `chain.1 of Sequential`.
function pathIn(fields: Fields, owner: object, name: string): string {
  const at = isPart(owner)
    ? -1
    : fields.findIndex((each, index) => index % 3 === 2 && each === owner);
  if (at < 0) return `${name} of ${owner.constructor.name}`;
  return pathIn(fields, fields[at - 2] as object, `${String(fields[at - 1])}.${name}`);
}
