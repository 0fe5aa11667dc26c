// Stack text of V8 read as frames: which stand in cells, which in files, which in libraries.
import type { CellPositions, Place } from "./positions.ts";

/** A cell whose frames can be shown. */
export interface CellScript {
  number: number;
  source: string;
  positions: CellPositions;
}

/** Finds the cell of a script name, as V8 prints it. */
export type CellLookup = (scriptName: string) => CellScript | undefined;

/** One line of a stack. */
export type StackFrame =
  | { kind: "cell"; cell: CellScript; file: string; at: Place; functionName: string }
  | { kind: "file"; file: string; at: Place; functionName: string }
  | { kind: "library"; library: string }
  | { kind: "builtin" };

/** How to read a stack. */
export interface StackOptions {
  cells: CellLookup;
  /** Folders of packages whose frames are folded, by the name to show: `gradlab`. */
  ownFolders?: Readonly<Record<string, string>>;
  /** Folders whose frames are left out, such as the kernel's own runtime. */
  hiddenFolders?: readonly string[];
  /** True when the stack's cell lines are TypeScript lines already. */
  isMapped?: boolean;
}

/** The frames of a stack, innermost first. */
export function parseStack(stack: string, options: StackOptions): StackFrame[] {
  const frames: StackFrame[] = [];
  for (const line of stack.split("\n")) {
    const body = /^\s+at (?:async )?(.*)$/.exec(line)?.[1];
    if (body !== undefined) frames.push(frameOf(body, options));
  }
  return frames;
}

/** Reads `functionName (file:line:column)` or `file:line:column`. */
function frameOf(body: string, options: StackOptions): StackFrame {
  const open = body.endsWith(")") ? body.indexOf(" (") : -1;
  const location = open < 0 ? body : body.slice(open + 2, -1);
  // Code that `eval` or `new Function` made has no place that anybody could look at.
  if (location.startsWith("eval at ")) return { kind: "builtin" };
  const match = /^(?:file:\/\/)?(.+):(\d+):(\d+)$/.exec(location);
  if (!match) return { kind: "builtin" };
  const functionName = open < 0 ? "" : readableName(body.slice(0, open));
  const file = match[1]!;
  const at = { line: Number(match[2]) - 1, column: Number(match[3]) - 1 };
  const cell = options.cells(file);
  if (cell) {
    const mapped = options.isMapped ? at : cell.positions.toTypeScript(at.line, at.column);
    return mapped ? { kind: "cell", cell, file, at: mapped, functionName } : { kind: "builtin" };
  }
  if (isHidden(file, options.hiddenFolders ?? [])) return { kind: "builtin" };
  const library = libraryOf(file, options.ownFolders ?? {});
  return library ? { kind: "library", library } : { kind: "file", file, at, functionName };
}

// The loop that runs promise jobs stands between any two awaits and tells nothing.
const PROMISE_LOOP = "node:internal/process/";

const isHidden = (file: string, hiddenFolders: readonly string[]): boolean =>
  [PROMISE_LOOP, ...hiddenFolders].some((folder) => file.startsWith(folder));

function readableName(name: string): string {
  const plain = name.replace(/ \[as .*\]$/, "");
  if (plain === "<anonymous>" || plain === "Object.<anonymous>" || plain === "eval") return "";
  // An arrow function in a call, `compile(() => ..., { model })`, is `compile.model.model` to V8 and nothing to people.
  return plain.split(".").length > 2 ? "" : plain;
}

function libraryOf(file: string, ownFolders: Readonly<Record<string, string>>): string | undefined {
  if (file.startsWith("node:")) return "Node.js";
  const inPackage = /.*[/\\]node_modules[/\\]((?:@[^/\\]+[/\\])?[^/\\]+)/.exec(file);
  if (inPackage) return inPackage[1]!.replace("\\", "/");
  return Object.keys(ownFolders).find((name) => file.startsWith(ownFolders[name]!));
}

/**
 * A stack text whose last `count` lines, its frames, name TypeScript lines instead of JavaScript lines.
 *
 * @param positionsOf - the positions of a cell, by the name of its script
 */
export function mapFrames(
  stack: string,
  count: number,
  positionsOf: (scriptName: string) => CellPositions | undefined,
): string {
  const lines = stack.split("\n");
  const firstFrame = Math.max(0, lines.length - count);
  return lines
    .map((line, index) => (index < firstFrame ? line : mapFrame(line, positionsOf)))
    .join("\n");
}

const mapFrame = (
  line: string,
  positionsOf: (scriptName: string) => CellPositions | undefined,
): string =>
  line.replace(/([^\s()]+):(\d+):(\d+)(?=\)?$)/, (whole, file: string, row, column) => {
    const place = positionsOf(file)?.toTypeScript(Number(row) - 1, Number(column) - 1);
    return place ? `${file}:${place.line + 1}:${place.column + 1}` : whole;
  });
