// Names that must not leak: a cell's own `process` or `window` stays invisible to libraries.

import { CELL_RUNTIME_NAME } from "./cell-runtime.ts";

/** What kind of declaration made a name. */
export type DeclarationKind = "const" | "let" | "var" | "function" | "class" | "import";

/** A name that a cell declares for itself and for later cells. */
export interface DeclaredName {
  name: string;
  kind: DeclarationKind;
  /** The variable's name in the running JavaScript; differs from `name` for names of globals. */
  binding: string;
  /** Where an import of the user's own file comes from: such a name follows the file when it is edited. */
  from?: ImportSource;
}

/** One name of a module. */
export interface ImportSource {
  specifier: string;
  /** The exported name; undefined for the whole module. */
  key: string | undefined;
}

/** The names that earlier cells declared, by name; the session adds each cell's `declared`. */
export type KnownNames = ReadonlyMap<string, DeclaredName>;

// A cell's variables live in script scope, which every module of the process can see. A package
// that asks `typeof window` must not find the learner's window size.
const PROBED_BY_LIBRARIES = [
  "window document self navigator location history screen frames parent top opener origin",
  "module exports require define __dirname __filename name status length event self closed",
  "alert confirm prompt Deno Bun importScripts localStorage sessionStorage XMLHttpRequest",
  "Iterator SuppressedError DisposableStack AsyncDisposableStack Float16Array Temporal WebSocket",
  "jQuery $ global root globals WorkerGlobalScope matchMedia postMessage addEventListener chrome",
  "describe it test expect jest vi mocha suite before after React angular Vue Zone Buffer",
  "HTMLElement Image Element Node Worker SharedWorker customElements requestAnimationFrame",
].flatMap((line) => line.split(" "));

const GLOBAL_NAMES: ReadonlySet<string> = new Set([
  ...Object.getOwnPropertyNames(globalThis),
  ...PROBED_BY_LIBRARIES,
]);

const PREFIX = "__cell_";

/** The variable that holds a cell's `name`: the name itself, or a private one for names of globals. */
export function bindingOf(name: string): string {
  return GLOBAL_NAMES.has(name) ? PREFIX + name : name;
}

const FORGOTTEN_SUFFIX = "_was_reset";

/** Makes names unknown: later cells that use one without declaring it anew find a variable that does not exist. */
export function forgetNames(known: Map<string, DeclaredName>, names: readonly string[]): void {
  for (const name of names) {
    if (known.has(name)) known.set(name, { name, kind: "let", binding: name + FORGOTTEN_SUFFIX });
  }
}

/** Notes that an import found nothing under these names: a cell that uses one fails, and says why. */
export function markMissing(known: Map<string, DeclaredName>, names: readonly string[]): void {
  for (const name of names) {
    const binding = `${CELL_RUNTIME_NAME}.missing.${name}`;
    if (known.has(name)) known.set(name, { name, kind: "import", binding });
  }
}

/** Whether the name stands for nothing: it was forgotten, or its import found nothing. */
export const isGone = ({ name, binding }: DeclaredName): boolean =>
  binding === name + FORGOTTEN_SUFFIX || binding.includes(".");

/** A text about variables, with their names as cells have them. */
export const asInSource = (text: string): string =>
  text.replace(/\b__cell_(?=[\w$])/g, "").replace(/([\w$])_was_reset\b/g, "$1");
