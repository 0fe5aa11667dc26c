// Code cells are short, import public names only, and end in something to see.
import { builtinModules } from "node:module";
import { parseSource, walk, type Node, type SourceFile } from "../../house/rules/source-file.ts";
import { cellsOf, type ChapterRule } from "../chapter.ts";

const MOST_LINES = 25;
const MOST_COLUMNS = 88;
const MEDIAN_LINES = 8;
/** What a notebook may import of this project. */
const PUBLIC_NAMES = new Set(["gradlab", "gradlab/exercises", "gradlab/kernel"]);

/** Cells fit on a screen: 25 lines of 88 columns, half of them at most 8 lines. */
export const staysSmall: ChapterRule = (chapter) => {
  const cells = cellsOf(chapter, "code").map(({ text, where }) => ({
    where,
    lines: text.trimEnd().split("\n"),
  }));
  const lengths = cells.map(({ lines }) => lines.length).sort((a, b) => a - b);
  const median = lengths[Math.floor((lengths.length - 1) / 2)] ?? 0;
  return [
    ...cells
      .filter(({ lines }) => lines.length > MOST_LINES)
      .map(
        ({ where, lines }) => `${where} has ${String(lines.length)} lines, at most ${MOST_LINES}`,
      ),
    ...cells.flatMap(({ where, lines }) =>
      lines
        .filter((line) => line.length > MOST_COLUMNS)
        .map((line) => `${where} is wider than ${MOST_COLUMNS} columns: ${line.trim()}`),
    ),
    ...(median > MEDIAN_LINES
      ? [`${chapter.path} has a median of ${median} lines a code cell, at most ${MEDIAN_LINES}`]
      : []),
  ];
};

/** Imports name what is public: the package's three entries, Node's modules, and installed packages. */
export function importsPublicNames(installed: ReadonlySet<string>): ChapterRule {
  return (chapter) =>
    cellsOf(chapter, "code").flatMap(({ text, where }) =>
      importedModules(parseSource("cell.ts", text))
        .filter((name) => !isPublic(name, installed))
        .map((name) => `${where} imports "${name}", which a learner's notebook cannot reach`),
    );
}

/** Running a cell shows something: its last statement is a value, or displays one. A stub waits for its answer. */
export const endsInSomethingToSee: ChapterRule = (chapter) =>
  cellsOf(chapter, "code")
    .filter(({ tag }) => tag.role !== "stub")
    .filter(({ text }) => !showsSomething(parseSource("cell.ts", text)))
    .map(
      ({ where }) => `${where} ends without anything to see: end it with a value or display(...)`,
    );

function isPublic(name: string, installed: ReadonlySet<string>): boolean {
  if (PUBLIC_NAMES.has(name)) return true;
  if (name.startsWith("node:")) return builtinModules.includes(name.slice("node:".length));
  const segments = name.split("/");
  return installed.has(segments.slice(0, name.startsWith("@") ? 2 : 1).join("/"));
}

function importedModules(file: SourceFile): string[] {
  const names: string[] = [];
  walk(file.program, (node) => {
    const source = node["source"] as { value?: unknown } | null | undefined;
    if (/^(Import|Export)/.test(node.type) && typeof source?.value === "string") {
      names.push(source.value);
    }
  });
  return names;
}

function showsSomething(file: SourceFile): boolean {
  const last = file.program.body.at(-1) as unknown as Node | undefined;
  if (last === undefined) return false;
  if (last.type === "ExpressionStatement") {
    const kind = (last["expression"] as Node).type;
    if (kind !== "AssignmentExpression" && kind !== "UpdateExpression") return true;
  }
  return displays(last);
}

/** A call of `display(...)`, `display.svg(...)` or `console.log(...)` somewhere in the statement. */
function displays(statement: Node): boolean {
  let found = false;
  walk(statement, (node) => {
    if (node.type !== "CallExpression") return;
    const callee = node["callee"] as Node;
    const root = (callee.type === "MemberExpression" ? callee["object"] : callee) as Node;
    found ||= root["name"] === "display" || root["name"] === "console";
  });
  return found;
}
