// Candidates without a language server: the properties a value has now, the names of the session, and the keywords.
import { chooseCandidates, RANKS, type Candidate, type CandidateKind } from "./candidates.ts";
import type { AssistSources } from "./language.ts";
import { KEYWORDS, quietTokenAt } from "./tokens.ts";
import { plainChainBefore, type WordAtCursor } from "./word.ts";

const GLOBAL_NAMES = Object.getOwnPropertyNames(globalThis).filter((name) => !name.startsWith("_"));

const KINDS: Readonly<Record<string, CandidateKind>> = {
  function: "function",
  class: "class",
};

/** What may stand at the cursor, as far as the running session knows. */
export async function liveCandidates(
  code: string,
  word: WordAtCursor,
  { live }: Pick<AssistSources, "live">,
): Promise<Candidate[]> {
  if (quietTokenAt(code, word.start)) return [];
  const candidates = word.isMember
    ? await memberCandidates(code, word, live)
    : scopeCandidates(word, live);
  return chooseCandidates(candidates, word.prefix);
}

async function memberCandidates(
  code: string,
  { start }: WordAtCursor,
  live: AssistSources["live"],
): Promise<Candidate[]> {
  const chain = plainChainBefore(code.slice(0, start));
  const look = chain === undefined ? undefined : await live.look(chain);
  return (look?.properties ?? [])
    .filter(({ name }) => /^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u.test(name))
    .map(({ name, isFunction, isOwn }) => ({
      name,
      text: name,
      start,
      kind: isFunction ? "function" : "property",
      rank: isOwn || !(name in Object.prototype) ? RANKS.near : RANKS.global,
    }));
}

function scopeCandidates({ start }: WordAtCursor, live: AssistSources["live"]): Candidate[] {
  const make = (name: string, kind: CandidateKind, rank: number): Candidate => ({
    name,
    text: name,
    start,
    kind,
    rank,
  });
  return [
    ...live.names.map(({ name, kind }) => make(name, KINDS[kind] ?? "instance", RANKS.near)),
    ...KEYWORDS.map((name) => make(name, "keyword", RANKS.keyword)),
    ...GLOBAL_NAMES.map((name) => make(name, "instance", RANKS.global)),
  ];
}
