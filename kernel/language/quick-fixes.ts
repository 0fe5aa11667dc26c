// The change that most likely repairs a mistake: what the message itself proposes, or the server, or the nearest name.
import type { LspDiagnostic, QuickFix } from "./cell-diagnostics.ts";
import { CELL_FILE_PREFIX } from "./cell-file.ts";
import { importFix } from "./import-fixes.ts";
import { liftRanges, type LspRange } from "./ranges.ts";

/** Asks the server about a place of the file; undefined when there is no answer. */
export type AskAbout = (method: string, params: object) => Promise<unknown>;

interface FixContext {
  readonly uri: string;
  readonly lineShift: number;
  readonly ask: AskAbout;
  /** What packages export that a cell may import. */
  readonly exports: () => Promise<ReadonlyMap<string, ReadonlySet<string>>>;
}

/** Messages about a name that is not a member: names of the right ones may help. */
const UNKNOWN_MEMBER = new Set([2339, 2353, 2551, 2561]);
/** Method, field and property, as the protocol numbers them. */
const MEMBER_KINDS = new Set([2, 5, 10]);
const PROPOSED = /\bDid you mean (?:to write |the (?:instance|static) member )?'([^']+)'\??/;
const QUOTED = /'([\p{ID_Start}$_][\p{ID_Continue}$]*)' (?:does not exist|is not assignable)/u;

/** The fix of one diagnostic; undefined when there is no good one. */
export async function quickFix(
  item: LspDiagnostic,
  context: FixContext,
): Promise<QuickFix | undefined> {
  return (
    (await importFix(item, context.exports)) ??
    proposedFix(item, context) ??
    (await serverFix(item, context)) ??
    (await nearestMember(item, context))
  );
}

function proposedFix(item: LspDiagnostic, { lineShift }: FixContext): QuickFix | undefined {
  const name = PROPOSED.exec(item.message)?.[1];
  return name === undefined ? undefined : replaceBy(name, item.range, lineShift);
}

function replaceBy(name: string, range: LspRange, lineShift: number): QuickFix {
  const moved = liftRanges(range, lineShift) as LspRange;
  return { title: `write ${name}`, edits: [{ range: moved, newText: name }] };
}

interface CodeAction {
  readonly title?: string;
  readonly edit?: { readonly changes?: Record<string, { range: LspRange; newText: string }[]> };
}

async function serverFix(
  item: LspDiagnostic,
  { uri, lineShift, ask }: FixContext,
): Promise<QuickFix | undefined> {
  const context = { diagnostics: [item], only: ["quickfix"] };
  const params = { textDocument: { uri }, range: item.range, context };
  const [action] = ((await ask("textDocument/codeAction", params)) ?? []) as CodeAction[];
  const edits = action?.edit?.changes?.[uri];
  // A cell is no module that anybody could import: such a proposal names a cell that was forgotten.
  if (action?.title === undefined || !edits || action.title.includes(CELL_FILE_PREFIX))
    return undefined;
  const moved = liftRanges(edits, lineShift) as QuickFix["edits"];
  return { title: lowerFirst(action.title), edits: moved };
}

/** What is proposed is the member whose name needs the fewest changes. */
async function nearestMember(
  item: LspDiagnostic,
  { uri, lineShift, ask }: FixContext,
): Promise<QuickFix | undefined> {
  const wrong = QUOTED.exec(item.message)?.[1];
  if (wrong === undefined || !UNKNOWN_MEMBER.has(Number(item.code))) return undefined;
  const params = { textDocument: { uri }, position: item.range.start };
  const answer = (await ask("textDocument/completion", params)) as {
    items?: { label: string; kind?: number }[];
  } | null;
  const members = (answer?.items ?? []).filter(({ kind = 0 }) => MEMBER_KINDS.has(kind));
  const names = members.map(({ label }) => label.replace(/\?$/, ""));
  const name = nearest(wrong, names);
  return name === undefined ? undefined : replaceBy(name, item.range, lineShift);
}

/** The name that is close enough to `wrong` to be meant. */
function nearest(wrong: string, names: readonly string[]): string | undefined {
  const limit = Math.max(1, Math.floor(wrong.length * 0.5));
  const close = names
    .filter((name) => name !== wrong)
    .map((name) => ({ name, changes: changesBetween(wrong, name) }))
    .filter(({ changes }) => changes <= limit)
    .toSorted((a, b) => a.changes - b.changes);
  return close[0]?.name;
}

/** How many characters must be put in, taken out or replaced to make `a` of `b`, upper and lower case alike. */
function changesBetween(a: string, b: string): number {
  const [from, to] = [a.toLowerCase(), b.toLowerCase()];
  let row = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (let i = 1; i <= from.length; i++) {
    const next = [i];
    for (let j = 1; j <= to.length; j++) {
      const replaced = row[j - 1]! + (from[i - 1] === to[j - 1] ? 0 : 1);
      next.push(Math.min(replaced, row[j]! + 1, next[j - 1]! + 1));
    }
    row = next;
  }
  return row[to.length]!;
}

const lowerFirst = (text: string): string => text.charAt(0).toLowerCase() + text.slice(1);
