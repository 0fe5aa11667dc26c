// Where a cell uses commands: `%name` counts only where the parser would take a statement.
import type { Node } from "oxc-parser";
import { boundNames, walkAll } from "../compile/syntax-tree.ts";
import { parseTypeScript, statementLists, type StatementList } from "./statement-lists.ts";
import { findCommand } from "./table.ts";

/** A command written in a cell. */
export interface LineUse {
  /** As it was written, which may be the name of no command. */
  readonly name: string;
  /** Offset of the percent sign. */
  readonly start: number;
  /** Offset behind the name and its question mark. */
  readonly nameEnd: number;
  /** Offset of the line's end. */
  readonly lineEnd: number;
  /** `%name?`, `%name --help`. */
  readonly asksForHelp: boolean;
  /** TypeScript that the command was given; empty for other commands. */
  readonly code: readonly Node[];
  readonly isInFunction: boolean;
}

type Candidate = Omit<LineUse, "code" | "isInFunction">;

const LINE_COMMAND = /^[ \t]*(%([A-Za-z][\w-]*)(\?{0,2}))(?![\w%])(.*)$/gm;

/**
 * Finds the line commands of a source.
 *
 * @param isVariable - whether earlier cells declared a name: `%name` is then a remainder
 */
export function findLineUses(
  source: string,
  isVariable: (name: string) => boolean = () => false,
): LineUse[] {
  const candidates = candidatesIn(source);
  if (candidates.length === 0) return [];
  const known = candidates.filter(({ name }) => findCommand(name));
  const plain = parseTypeScript(source);
  if (plain) {
    const own = declaredNames(plain);
    const chosen = known.filter(({ name }) => !own.has(name) && !isVariable(name));
    return acceptedOf(source, chosen) ?? [];
  }
  return acceptedOf(source, known) ?? acceptedOf(source, candidates) ?? guessed(source, candidates);
}

/** The source with commands taken out; what remains of each is a semicolon, so that lines stay apart. */
export function withoutCommands(source: string, candidates: readonly Candidate[]): string {
  return maskedText(source, candidates, ";");
}

function candidatesIn(source: string): Candidate[] {
  return [...source.matchAll(LINE_COMMAND)].map((match) => {
    const [line, written, name, questionMarks, rest] = match as unknown as string[];
    const lineEnd = match.index + line!.length;
    const start = lineEnd - rest!.length - written!.length;
    const asksForHelp = questionMarks !== "" || /^\s+(--help|-h)\s*$/.test(rest!);
    return { name: name!, start, nameEnd: lineEnd - rest!.length, lineEnd, asksForHelp };
  });
}

/** Masks commands; a source that reads then has its commands where statements may stand. */
function acceptedOf(source: string, candidates: readonly Candidate[]): LineUse[] | undefined {
  // An empty block is a statement and, unlike a semicolon, does not end the one before.
  const program = parseTypeScript(maskedText(source, candidates, "{}"));
  if (!program) return undefined;
  const lists = statementLists(program);
  return candidates.flatMap((candidate) => {
    const use = useIn(lists, candidate, source);
    return use ? [use] : [];
  });
}

function useIn(
  lists: readonly StatementList[],
  candidate: Candidate,
  source: string,
): LineUse | undefined {
  for (const { statements, isInFunction } of lists) {
    const at = statements.findIndex(({ start }) => start === candidate.start);
    if (at < 0) continue;
    const rest = statements.slice(at + 1);
    const isBehind = (node: Node): boolean =>
      !source.slice(candidate.start, node.start).includes("\n");
    const end = rest.findIndex((node) => !isBehind(node));
    const code = end < 0 ? rest : rest.slice(0, end);
    return { ...candidate, code, isInFunction };
  }
  return undefined;
}

function maskedText(source: string, candidates: readonly Candidate[], mask: string): string {
  let text = "";
  let from = 0;
  for (const candidate of candidates) {
    const { start } = candidate;
    const end = headEnd(source, candidate);
    text += source.slice(from, start) + mask + " ".repeat(end - start - mask.length);
    from = end;
  }
  return text + source.slice(from);
}

/** Where the command ends and its TypeScript begins; the line's end for commands that take none. */
export function headEnd(
  source: string,
  { name, nameEnd, lineEnd, asksForHelp }: Candidate,
): number {
  const command = findCommand(name);
  if (!command?.wrap || asksForHelp) return lineEnd;
  const options = command.options?.exec(source.slice(nameEnd, lineEnd))?.[0] ?? "";
  return nameEnd + options.length;
}

// The rest of the cell has an error of its own: commands that exist are still taken out, outside of text.
function guessed(source: string, candidates: readonly Candidate[]): LineUse[] {
  const texts = [...source.matchAll(/`(?:[^`\\]|\\.)*`|\/\*[^]*?\*\//g)];
  const isText = (offset: number): boolean =>
    texts.some(({ index, 0: text }) => offset > index && offset < index + text.length);
  return candidates
    .filter(({ name, start }) => findCommand(name) !== undefined && !isText(start))
    .map((candidate) => ({ ...candidate, code: [], isInFunction: false }));
}

function declaredNames(program: Node): Set<string> {
  const names = new Set<string>();
  walkAll(program, (node) => {
    if (node.type === "VariableDeclarator") for (const name of boundNames(node.id)) names.add(name);
    else if (node.type === "FunctionDeclaration" || node.type === "ClassDeclaration") {
      if (node.id) names.add(node.id.name);
    } else if (node.type === "ImportSpecifier" || node.type === "ImportDefaultSpecifier") {
      names.add(node.local.name);
    }
    if ("params" in node && Array.isArray(node.params)) {
      for (const parameter of node.params) names.add((parameter as { name?: string }).name ?? "");
    }
  });
  return names;
}
