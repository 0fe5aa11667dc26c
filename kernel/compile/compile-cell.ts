// One cell of TypeScript becomes JavaScript that V8 evaluates as a step of a session.
import type { Node, Program } from "oxc-parser";
import { rewriteAwait } from "./awaits.ts";
import { CELL_RUNTIME_NAME, GATE_CALL, gateCall } from "./cell-runtime.ts";
import { assignmentOf, protectConstants } from "./constants.ts";
import { cellBody, declarationOf, rewriteDeclarations } from "./declarations.ts";
import type { CellBody } from "./declarations.ts";
import { rewriteDecorators } from "./decorators.ts";
import { CellEdits } from "./edits.ts";
import { isGone } from "./globals.ts";
import type { DeclaredName, KnownNames } from "./globals.ts";
import { followEditedFiles, rewriteDynamicImport, rewriteStaticImports } from "./imports.ts";
import { joinMaps } from "./join-maps.ts";
import { CellPositions, movePairs } from "./positions.ts";
import { renameUses } from "./renames.ts";
import { rewriteResult } from "./result.ts";
import { walkAll, walkCellLevel } from "./syntax-tree.ts";
import { rewriteThrows } from "./throws.ts";
import { syntaxError } from "./syntax-error.ts";
import type { ErrorReport } from "./syntax-error.ts";
import { transpile } from "./transpile.ts";
import type { JsxSettings, SourceProblem, Transpiled } from "./transpile.ts";

/** Which cell is compiled. */
export interface CellIdentity {
  /** The execution count. */
  number: number;
  /** The script's name in stack traces and in the debugger, such as `cell-3.ts`. */
  name: string;
  /** What earlier cells declared, so that constants and names of globals keep their meaning. */
  known?: KnownNames;
  /** What the project says about elements (JSX), asked when the cell has some. */
  jsx?: () => JsxSettings | undefined;
  /** What to compile in place of the source, when the cell holds more than TypeScript. */
  expanded?: ExpandedSource;
}

/** TypeScript that was made from a cell's source; errors and positions still lead to the source. */
export interface ExpandedSource {
  readonly text: string;
  /** The source offset of an offset into `text`. */
  toSource(offset: number): number;
  /** JavaScript to run before the first statement, with all names that the cell can know. */
  prologue(names: readonly DeclaredName[]): string;
}

/** A cell that can run. */
export interface CompiledCell {
  ok: true;
  /** For `Runtime.evaluate` with `replMode` and `awaitPromise`. */
  javascript: string;
  positions: CellPositions;
  /** In source order; the session adds them to its known names when the cell runs. */
  declared: DeclaredName[];
}

const STRICT = '"use strict";';

/** Where the user's code can begin on a cell's first line: what stands before is the kernel's. */
export const FIRST_COLUMN: number = STRICT.length + GATE_CALL.length;

const NOTHING_KNOWN: KnownNames = new Map();

/**
 * Compiles a cell. The code it makes expects a `CellRuntime` as the global `__gradlab`.
 *
 * @returns the code, or the syntax error in the form of a Jupyter `error` message
 */
export function compileCell(
  source: string,
  cell: CellIdentity,
): CompiledCell | ({ ok: false } & ErrorReport) {
  const { expanded } = cell;
  const text = expanded?.text ?? source;
  const transpiled = transpile(text, () => cell.jsx?.() ?? jsxOfNames(text, cell));
  if ("problems" in transpiled) {
    const problems = transpiled.problems.map((problem) => inSource(problem, expanded));
    return { ok: false, ...syntaxError(problems, source, cell) };
  }
  const edits = editCell(transpiled, cell);
  const positions = new CellPositions(() => {
    const { mappings } = edits.text.generateDecodedMap({ hires: "boundary", source: "cell.js" });
    const pairs = joinMaps(mappings, transpiled.map, transpiled.firstLineShift);
    return expanded ? movePairs(pairs, expanded, source) : pairs;
  });
  const javascript = `${edits.text.toString()}\n//# sourceURL=${scriptName(cell.name)}`;
  return { ok: true, javascript, positions, declared: edits.declared };
}

/** The name of a cell's script as V8 reports it: a `sourceURL` ends at the first white space. */
export function scriptName(name: string): string {
  return name.replace(/\s/g, (space) => encodeURIComponent(space));
}

/** Without settings the function is the one that a cell has named: `React`, or `h` as other libraries call it. */
function jsxOfNames(text: string, { known = NOTHING_KNOWN }: CellIdentity): JsxSettings {
  const isNamed = (name: string): boolean =>
    known.has(name) ||
    new RegExp(`\\b(?:const|let|var|function)\\s+${name}\\b|\\bimport\\b[^;]*\\b${name}\\b`).test(
      text,
    );
  return isNamed("h") && !isNamed("React")
    ? { runtime: "classic", pragma: "h", pragmaFrag: "Fragment" }
    : { runtime: "classic" };
}

function inSource(problem: SourceProblem, expanded: ExpandedSource | undefined): SourceProblem {
  if (!expanded) return problem;
  const { start, end } = problem;
  return { ...problem, start: expanded.toSource(start), end: expanded.toSource(end) };
}

function editCell({ code, program }: Transpiled, cell: CellIdentity): CellEdits {
  const known = cell.known ?? NOTHING_KNOWN;
  const edits = new CellEdits(code);
  const body = cellBody(program);
  const assignments = rewriteExpressions(edits, program, body);
  rewriteDeclarations(edits, program, body);
  rewriteStaticImports(edits, program, body.statements);
  protectConstants(edits, program, { assignments, known });
  renameUses(edits, program, known);
  rewriteThrows(edits, program);
  rewriteResult(edits, body.statements, cell.number);
  const commands = cell.expanded?.prologue(namesOf(known, edits.declared)) ?? "";
  const prologue = commands + followEditedFiles(known, edits.declared);
  edits.text.prepend(`${STRICT}${gateCall(cell.number)}${prologue}${edits.hoistedDeclaration}`);
  return edits;
}

function namesOf(known: KnownNames, declared: readonly DeclaredName[]): DeclaredName[] {
  const names = new Map([...known.values(), ...declared].map((one) => [one.name, one]));
  return [...names.values()].filter((one) => !isGone(one));
}

/** The transpiler names its helpers `babelHelpers.usingCtx` and the like. */
function rewriteHelper(edits: CellEdits, node: Node): void {
  if (node.type !== "MemberExpression" || node.object.type !== "Identifier") return;
  const { name, start, end } = node.object;
  if (name === "babelHelpers") edits.replace(start, end, `${CELL_RUNTIME_NAME}.helpers`);
}

type Assignments = NonNullable<ReturnType<typeof assignmentOf>>[];

function rewriteExpressions(edits: CellEdits, program: Program, body: CellBody): Assignments {
  const cellLevel = new Set(body.statements.map(declarationOf));
  const assignments: Assignments = [];
  walkAll(program, (node) => {
    rewriteDynamicImport(edits, node);
    rewriteDecorators(edits, node, (one) => cellLevel.has(one));
    rewriteHelper(edits, node);
    const assignment = assignmentOf(node);
    if (assignment) assignments.push(assignment);
  });
  walkCellLevel(program, (node) => rewriteAwait(edits, node));
  return assignments;
}
