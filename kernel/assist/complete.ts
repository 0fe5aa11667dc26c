// Completion: what may stand at the cursor, from the language server, and from the running session without one.
import { typeScriptOf } from "../commands/expand-cell.ts";
import {
  candidateOf,
  chooseCandidates,
  mayImport,
  RANKS,
  startsAlike,
  withOwnMembersFirst,
  type Candidate,
} from "./candidates.ts";
import { commandCandidates } from "./commands.ts";
import type { Completions } from "./completion-reply.ts";
import { ANSWER_WAIT_MS, INDEX_WAIT_MS, START_WAIT_MS, type AssistSources } from "./language.ts";
import { liveCandidates } from "./live-candidates.ts";
import { offersFor, withDetails } from "./offers.ts";
import type { ServerCompletionList } from "./server-answers.ts";
import { wordAt, type WordAtCursor } from "./word.ts";

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
  return offersFor(detailed, { cell, code, word, start });
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
  const mayName = !word.isMember && candidates.some(({ rank }) => rank === RANKS.global);
  if (mayName && mayImport(prefix)) {
    // Whoever has other offers need not wait for names to import.
    const waitMs = candidates.some(({ name }) => startsAlike(name, prefix)) ? 0 : INDEX_WAIT_MS;
    candidates.push(...(await exports.candidates(word, language, waitMs)));
  } else if (items.length > 0) {
    void exports.prepare(language);
  }
  return chooseCandidates(word.isMember ? withOwnMembersFirst(candidates) : candidates, prefix);
}

/** The server learns of an earlier cell's name when the cell mentions it: a comment does. */
function withNames(code: string, word: WordAtCursor, names: Iterable<string>): string {
  if (word.isMember) return code;
  const prefix = word.prefix.toLowerCase();
  const alike = [...names].filter((name) => name.toLowerCase().startsWith(prefix));
  // The newest are those that are needed.
  return alike.length === 0 ? code : `${code}\n// ${alike.slice(-MOST_NAMES).join(" ")}`;
}
