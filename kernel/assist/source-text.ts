// The text of a declaration: of a cell, of a module or of a declaration file, with the comment above it.
import { readFile } from "node:fs/promises";
import { basename, relative } from "node:path";
import { fileURLToPath } from "node:url";
import type { SourceText } from "./documentation.ts";
import type { LanguageQuestions } from "./language.ts";
import type { ServerLink, ServerPosition, ServerRange } from "./server-answers.ts";

const MOST_DECLARATIONS = 4;
const MOST_LINES = 200;

/** The declarations behind links of the server; undefined when none can be read. */
export async function sourceOf(
  links: readonly ServerLink[],
  language: Pick<LanguageQuestions, "cellOf">,
  current: string,
): Promise<SourceText | undefined> {
  const parts: string[] = [];
  let place: string | undefined;
  const inOrder = [...links].sort((a, b) => a.targetRange.start.line - b.targetRange.start.line);
  for (const { targetUri, targetRange } of inOrder.slice(0, MOST_DECLARATIONS)) {
    const file = await readTarget(targetUri, language, current);
    if (!file) continue;
    const { text, line } = declarationIn(file.text, targetRange);
    place ??= `${file.name}, line ${line + 1}`;
    parts.push(text);
  }
  if (place === undefined) return undefined;
  return { code: shortened(parts.join("\n\n")), place };
}

interface TargetFile {
  readonly name: string;
  readonly text: string;
}

async function readTarget(
  uri: string,
  language: Pick<LanguageQuestions, "cellOf">,
  current: string,
): Promise<TargetFile | undefined> {
  const cell = language.cellOf(uri);
  if (cell) return { name: `cell ${cell.number}`, text: cell.code };
  if (/\/__cell_next\.tsx?$/.test(uri)) return { name: "this cell", text: current };
  try {
    const path = fileURLToPath(uri);
    return { name: shortPath(path), text: await readFile(path, "utf8") };
  } catch {
    return undefined;
  }
}

/** Relative to the notebook; what lies in a package begins with the package's name, TypeScript's own has no folder. */
function shortPath(path: string): string {
  if (/^lib\..*\.d\.ts$/.test(basename(path))) return basename(path);
  const inPackage = path.replaceAll("\\", "/").split("/node_modules/").at(-1)!;
  return inPackage === path ? relative(process.cwd(), path) : inPackage;
}

function declarationIn(text: string, range: ServerRange): { text: string; line: number } {
  const lines = text.split("\n");
  const offsetOf = ({ line, character }: ServerPosition): number =>
    lines.slice(0, line).reduce((sum, one) => sum + one.length + 1, 0) + character;
  const start = offsetOf(range.start);
  const end = offsetOf(range.end);
  const lineStart = text.lastIndexOf("\n", start - 1) + 1;
  const comment = /\/\*\*(?:(?!\*\/)[\s\S])*\*\/\s*$/.exec(text.slice(0, lineStart))?.[0] ?? "";
  // From the start of its line, so that a member keeps its place and `const` is there.
  const declaration = text.slice(lineStart, end);
  return { text: unindented(comment + declaration), line: range.start.line };
}

function unindented(text: string): string {
  const indent = /^[ \t]*/.exec(
    text.slice(text.lastIndexOf("/**") === 0 ? text.indexOf("*/") + 3 : 0),
  )![0];
  return text.replaceAll(`\n${indent}`, "\n").trim();
}

function shortened(text: string): string {
  const lines = text.split("\n");
  if (lines.length <= MOST_LINES) return text;
  return [...lines.slice(0, MOST_LINES), `// … ${lines.length - MOST_LINES} more lines`].join("\n");
}
