// What could be inserted at the cursor: candidates from the language server in one form, and which of them to offer.
import type { ServerCompletion } from "./server-answers.ts";
import type { WordAtCursor } from "./word.ts";

/** Kinds that JupyterLab colours, and a few of our own. */
export type CandidateKind =
  | "class"
  | "enum"
  | "function"
  | "instance"
  | "interface"
  | "keyword"
  | "magic"
  | "module"
  | "path"
  | "property"
  | "text"
  | "type";

/** One thing that could be inserted. */
export interface Candidate {
  readonly name: string;
  /** Replaces the word, or the part of the code from `start`. */
  readonly text: string;
  /** UTF-16 offset where the replaced part begins. */
  readonly start: number;
  readonly kind: CandidateKind;
  /** Lower comes first: what the cell and earlier cells declare, then keywords, globals, imports to add. */
  readonly rank: number;
  /** The module that an import must be added from. */
  readonly from?: string;
  /** For asking the server for more. */
  readonly item?: ServerCompletion;
}

/** Ranks of candidates. */
export const RANKS = { near: 0, keyword: 1, global: 2, import: 3 } as const;

/** The number of candidates after which nobody scrolls on. */
const MOST_CANDIDATES = 300;
const MOST_IMPORTS = 12;
/** Letters that must be there before imports are offered. */
const IMPORT_PREFIX = 2;

const ALPHABET = new Intl.Collator("en");

const FILE_KIND = 17;
const FOLDER_KIND = 19;
const KEYWORD_KIND = 14;

const KINDS: Readonly<Record<number, CandidateKind>> = {
  2: "function",
  3: "function",
  4: "function",
  5: "property",
  6: "instance",
  7: "class",
  8: "interface",
  9: "module",
  10: "property",
  13: "enum",
  [KEYWORD_KIND]: "keyword",
  [FILE_KIND]: "path",
  [FOLDER_KIND]: "path",
  20: "property",
  21: "text",
  22: "class",
  25: "type",
};

/** Reads one item of the server's list. */
export function candidateOf(
  item: ServerCompletion,
  word: WordAtCursor,
  offsetOf: (place: { readonly line: number; readonly character: number }) => number,
): Candidate {
  const kind = KINDS[item.kind ?? 0] ?? "text";
  const from = item.data?.source;
  const name = item.label.replace(/\?$/, "");
  const range = item.textEdit?.range ?? item.textEdit?.insert;
  return {
    name,
    text: item.textEdit?.newText ?? item.insertText ?? name,
    start: range ? offsetOf(range.start) : word.start,
    kind,
    rank: rankOf(item, kind),
    ...(from === undefined ? {} : { from }),
    item,
  };
}

/**
 * The candidates to offer, best first.
 *
 * @param prefix - what is typed already
 */
export function chooseCandidates(candidates: readonly Candidate[], prefix: string): Candidate[] {
  const offered = candidates.filter(
    ({ from, name }) => from === undefined || (mayImport(prefix) && startsAlike(name, prefix)),
  );
  const alike = offered.filter(({ name }) => startsAlike(name, prefix));
  const matching = alike.length > 0 ? alike : offered.filter(({ name }) => hasHumps(name, prefix));
  const sorted = matching.sort((a, b) => compare(a, b, prefix));
  const unique = sorted.filter(isFirstOfItsName());
  const imports = unique.filter(({ from }) => from !== undefined).slice(0, MOST_IMPORTS);
  const others = unique.filter(({ from }) => from === undefined);
  return [...others.slice(0, MOST_CANDIDATES - imports.length), ...imports];
}

/** Whether so much is typed that names can be offered which are not imported yet. */
export const mayImport = (prefix: string): boolean => prefix.length >= IMPORT_PREFIX;

const FUNCTION_MEMBERS = new Set(["prototype", ...Object.getOwnPropertyNames(Function.prototype)]);

/** Of a function with properties of its own, those come first, before what every function has. */
export function withOwnMembersFirst(candidates: readonly Candidate[]): readonly Candidate[] {
  const names = new Set(candidates.map(({ name }) => name));
  if (!["apply", "bind", "call"].every((name) => names.has(name))) return candidates;
  return candidates.map((candidate) =>
    FUNCTION_MEMBERS.has(candidate.name) ? { ...candidate, rank: RANKS.global } : candidate,
  );
}

function rankOf({ sortText = "", data }: ServerCompletion, kind: CandidateKind): number {
  if (data?.source !== undefined) return RANKS.import;
  if (kind === "keyword") return RANKS.keyword;
  return sortText.startsWith("15") ? RANKS.global : RANKS.near;
}

/** Whether a name begins with what is typed, whatever the case. */
export const startsAlike = (name: string, prefix: string): boolean =>
  name.slice(0, prefix.length).toLowerCase() === prefix.toLowerCase();

/** Whether the letters of `prefix` come in this order in `name`, the first one as a beginning: `rfs` in `readFileSync`. */
function hasHumps(name: string, prefix: string): boolean {
  if (name[0]?.toLowerCase() !== prefix[0]?.toLowerCase()) return false;
  const letters = name.toLowerCase();
  let at = 0;
  for (const letter of prefix.toLowerCase()) {
    at = letters.indexOf(letter, at) + 1;
    if (at === 0) return false;
  }
  return true;
}

function compare(a: Candidate, b: Candidate, prefix: string): number {
  return (
    Number(b.name.startsWith(prefix)) - Number(a.name.startsWith(prefix)) ||
    a.rank - b.rank ||
    Number(isDeprecated(a)) - Number(isDeprecated(b)) ||
    Number(a.name.startsWith("_")) - Number(b.name.startsWith("_")) ||
    ALPHABET.compare(a.name, b.name) ||
    // Of two modules with the same name inside, the one with the "node:" mark.
    Number(b.from?.startsWith("node:") ?? false) - Number(a.from?.startsWith("node:") ?? false)
  );
}

/** The server puts a `z` in front of the order of what is deprecated. */
const isDeprecated = ({ item }: Candidate): boolean => item?.sortText?.startsWith("z") ?? false;

/** Tells apart what is declared already; of imports, the same name from another module counts as another. */
function isFirstOfItsName(): (candidate: Candidate) => boolean {
  const seen = new Set<string>();
  return ({ name, from }) => {
    const key = from === undefined ? name : `${name} from ${from.replace(/^node:/, "")}`;
    if (seen.has(key) || (from !== undefined && seen.has(name))) return false;
    seen.add(key);
    return true;
  };
}
