// Completion: what may stand at the cursor, from the language server, and from the running session without one.
import {
  candidateOf,
  chooseCandidates,
  mayImport,
  RANKS,
  startsAlike,
  type Candidate,
  type CandidateKind,
} from "./candidates.ts";
import { typeScriptOf } from "../commands/expand-cell.ts";
import { commandCandidates } from "./commands.ts";
import type { Completion, Completions } from "./completion-reply.ts";
import { documentationOf } from "./documentation.ts";
import { hasOtherWordsLike, importPlace, importStatement } from "./import-text.ts";
import {
  ANSWER_WAIT_MS,
  DETAIL_WAIT_MS,
  IMPORT_WAIT_MS,
  INDEX_WAIT_MS,
  START_WAIT_MS,
  type AssistSources,
} from "./language.ts";
import { liveCandidates } from "./live-candidates.ts";
import {
  textOfServer,
  type ServerCompletion,
  type ServerCompletionList,
} from "./server-answers.ts";
import { wordAt, type WordAtCursor } from "./word.ts";

/** Offers whose signature and documentation are asked for. */
const MOST_DETAILED = 8;
/** Names of earlier cells that the server is told of for one question. */
const MOST_NAMES = 60;

/** The offers at an offset of a cell, in UTF-16 units. */
export async function completeCell(
  cell: string,
  offset: number,
  sources: AssistSources,
): Promise<Completions> {
  const commands = commandCandidates(cell, offset, sources.commands);
  if (commands) return commands;
  const word = wordAt(cell, offset);
  const code = typeScriptOf(cell);
  if (isBlanked(cell, code, offset)) return { start: offset, end: offset, items: [] };
  const served = await servedCandidates(code, offset, word, sources);
  // A server that answered knows names, but not what a value of type `any` holds.
  const needsLive = served === undefined || (served.length === 0 && word.isMember);
  const candidates = needsLive ? await liveCandidates(code, word, sources) : served;
  const start = candidates[0]?.start ?? word.start;
  const inPlace = candidates.filter((one) => one.start === start);
  const detailed = await withDetails(inPlace, sources);
  return offers({ code, word, start }, detailed);
}

/** Whether the line up to the cursor belongs to a command that takes no code. */
function isBlanked(cell: string, code: string, offset: number): boolean {
  const lineStart = cell.lastIndexOf("\n", offset - 1) + 1;
  const line = cell.slice(lineStart, offset);
  return /\S/.test(line) && !/[^\s;]/.test(code.slice(lineStart, offset)) && line !== ";";
}

/** Undefined when the server gave no answer. */
async function servedCandidates(
  code: string,
  offset: number,
  word: WordAtCursor,
  { language, exports }: AssistSources,
): Promise<Candidate[] | undefined> {
  if (!(await language.whenReady(START_WAIT_MS))) return undefined;
  const asked = performance.now();
  const answer = await language.complete(withNames(code, word, language.names), offset, {
    params: { context: { triggerKind: 1 } },
    timeoutMs: ANSWER_WAIT_MS,
  });
  if (!answer && (performance.now() - asked >= ANSWER_WAIT_MS || !(await language.whenReady(0)))) {
    return undefined;
  }
  const items = (answer as ServerCompletionList | undefined)?.items ?? [];
  const lineStart = code.lastIndexOf("\n", offset - 1) + 1;
  // What is replaced never begins on another line.
  const offsetOf = ({ character }: { character: number }): number => lineStart + character;
  const candidates = items.map((item) => candidateOf(item, word, offsetOf));
  const [first] = candidates;
  // Inside a string, the part that is replaced may be longer than a word.
  const prefix =
    first && first.start !== word.start ? code.slice(first.start, offset) : word.prefix;
  const hasGlobals = candidates.some(({ rank }) => rank === RANKS.global);
  if (hasGlobals && mayImport(prefix)) {
    // Whoever has other offers need not wait for names to import.
    const waitMs = candidates.some(({ name }) => startsAlike(name, prefix)) ? 0 : INDEX_WAIT_MS;
    candidates.push(...(await exports.candidates(word, language, waitMs)));
  } else if (items.length > 0) {
    void exports.prepare(language);
  }
  return chooseCandidates(candidates, prefix);
}

/** The server learns of an earlier cell's name when the cell mentions it: a comment does. */
function withNames(code: string, word: WordAtCursor, names: Iterable<string>): string {
  if (word.isMember) return code;
  const prefix = word.prefix.toLowerCase();
  const alike = [...names].filter((name) => name.toLowerCase().startsWith(prefix));
  return alike.length === 0 ? code : `${code}\n// ${alike.slice(0, MOST_NAMES).join(" ")}`;
}

/** A candidate and what the server knows beyond its name. */
interface DetailedCandidate extends Candidate {
  readonly more?: ServerCompletion;
}

async function withDetails(
  candidates: readonly Candidate[],
  { language }: AssistSources,
): Promise<DetailedCandidate[]> {
  const asked = new Set([
    ...candidates.slice(0, MOST_DETAILED),
    ...candidates.filter(({ from }) => from !== undefined),
  ]);
  return Promise.all(
    candidates.map(async (candidate) => {
      if (!candidate.item || !asked.has(candidate)) return candidate;
      const waitMs = candidate.from === undefined ? DETAIL_WAIT_MS : IMPORT_WAIT_MS;
      const more = await language.resolve(candidate.item, waitMs);
      return more ? { ...candidate, more: more as ServerCompletion } : candidate;
    }),
  );
}

interface OfferPlace {
  readonly code: string;
  readonly word: WordAtCursor;
  readonly start: number;
}

function offers({ code, word, start }: OfferPlace, candidates: DetailedCandidate[]): Completions {
  const plain = candidates.filter(({ from }) => from === undefined);
  const imports = candidates.filter((one) => one.from !== undefined && hasKnownStatement(one));
  const place = imports.length > 0 ? importPlace(code, word) : undefined;
  const replaced = code.slice(start, word.end);
  if (!place) return { start, end: start + replaced.length, items: plain.map(offerOf) };
  const isBegun = place.between.trim() === "";
  // All offers replace the same part, and JupyterLab merges its own offers, which replace the word.
  if (!isBegun && (plain.length > 0 || hasOtherWordsLike(code, word))) {
    return { start, end: word.end, items: plain.map(offerOf) };
  }
  const from = isBegun ? start : place.start;
  const between = isBegun ? code.slice(place.start, word.start) : place.between;
  return {
    start: from,
    end: word.end,
    items: [...plain.map(offerOf), ...imports.map((candidate) => importOffer(candidate, between))],
  };
}

/** A default export has a statement of its own kind, which only the server knows. */
const hasKnownStatement = ({ item, more }: DetailedCandidate): boolean =>
  more !== undefined || (item?.data?.autoImport?.importKind ?? 0) === 0;

function offerOf({ text, kind, more }: DetailedCandidate): Completion {
  const { code, text: documentation } = documentationOf(
    `\`\`\`\n${more?.detail ?? ""}\n\`\`\`\n${textOfServer(more?.documentation)}`,
  );
  return {
    text,
    kind: kindIn(code) ?? kind,
    ...(code === "" ? {} : { signature: code }),
    ...(documentation === "" ? {} : { documentation }),
  };
}

function importOffer(
  { name, from = "", kind, more }: DetailedCandidate,
  between: string,
): Completion {
  const edits = (more?.additionalTextEdits ?? []).map(({ newText }) => newText);
  const statement = importStatement(edits, name, from);
  const documentation = textOfServer(more?.documentation);
  return {
    text: `${statement}\n${between}${name}`,
    kind,
    signature: `${name} from ${JSON.stringify(from)}`,
    ...(documentation === "" ? {} : { documentation }),
  };
}

/** Names of earlier cells are variables to the server, whatever they stand for. */
function kindIn(signature: string): CandidateKind | undefined {
  return /^(class|enum|function|interface|type)\b/.exec(signature)?.[1] as
    | CandidateKind
    | undefined;
}
