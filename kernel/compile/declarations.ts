// Top-level declarations become `let`, so that a later cell may declare anything again as anything.
import type {
  Class,
  Function as FunctionNode,
  Node,
  Program,
  Statement,
  VariableDeclaration,
} from "oxc-parser";
import type { CellEdits } from "./edits.ts";
import { boundNames, walkCellLevel } from "./syntax-tree.ts";

/** The cell's own statements, and whether they stand inside the `try` that disposes `using`. */
export interface CellBody {
  statements: Statement[];
  isInsideTry: boolean;
}

/** Finds the statements: with a top-level `using`, the transpiler moved them into a `try`. */
export function cellBody(program: Program): CellBody {
  const statements = program.body as Statement[];
  const last = statements.at(-1);
  if (last?.type !== "TryStatement" || !opensUsing(last.block.body[0])) {
    return { statements, isInsideTry: false };
  }
  return { statements: [...statements.slice(0, -1), ...last.block.body], isInsideTry: true };
}

/** The declaration that a statement makes, `export` or not; the statement itself otherwise. */
export function declarationOf(statement: Statement): Node {
  const isExport =
    statement.type === "ExportNamedDeclaration" || statement.type === "ExportDefaultDeclaration";
  return (isExport && statement.declaration) || statement;
}

function opensUsing(statement: Node | undefined): boolean {
  if (statement?.type !== "VariableDeclaration") return false;
  const init = statement.declarations[0]?.init;
  if (init?.type !== "CallExpression" || init.callee.type !== "MemberExpression") return false;
  return init.callee.object.type === "Identifier" && init.callee.object.name === "babelHelpers";
}

/** Rewrites every declaration that belongs to the cell itself. */
export function rewriteDeclarations(edits: CellEdits, program: Program, body: CellBody): void {
  const functions: FunctionNode[] = [];
  const own = new Set<Node>();
  for (const statement of body.statements) {
    const declaration = withoutExport(edits, statement);
    own.add(declaration);
    if (declaration.type === "FunctionDeclaration") functions.push(declaration);
    else if (declaration.type === "ClassDeclaration") classToLet(edits, declaration, body);
    else if (declaration.type === "VariableDeclaration") variableToLet(edits, declaration, body);
  }
  hoistNestedVars(edits, program, own);
  const lastOfName = new Map(functions.map((one) => [one.id?.name, one]));
  for (const declaration of functions) {
    if (lastOfName.get(declaration.id?.name) === declaration) functionToLet(edits, declaration);
    else edits.text.remove(declaration.start, declaration.end);
  }
}

function withoutExport(edits: CellEdits, statement: Statement): Node {
  if (statement.type === "ExportNamedDeclaration" && statement.declaration) {
    edits.replace(statement.start, statement.declaration.start, " ");
    return statement.declaration;
  }
  if (statement.type === "ExportDefaultDeclaration") {
    const { declaration } = statement;
    edits.replace(statement.start, declaration.start, " ");
    if (isNamed(declaration)) return declaration;
    edits.wrap(declaration, "(", ")");
    return statement;
  }
  if (statement.type === "ExportNamedDeclaration" && !statement.source) {
    edits.replace(statement.start, statement.end, ";");
  }
  return statement;
}

const isNamed = (node: Node): boolean =>
  (node.type === "FunctionDeclaration" || node.type === "ClassDeclaration") && node.id !== null;

function functionToLet(edits: CellEdits, node: FunctionNode): void {
  const name = node.id?.name;
  if (!name) return;
  const keyword = edits.has(name) ? "" : "let ";
  const binding = edits.declare(name, "function");
  // Without its own name the function calls itself through the variable, as a declaration does.
  if (binding === name) {
    edits.text.remove(node.id!.start, node.id!.end);
    edits.wrap(node, `${keyword}${binding} = `, ";");
  } else {
    edits.text.remove(node.id!.start, node.id!.end);
    edits.wrap(node, `${keyword}${binding} = ({ ${name}: `, ` }).${name};`);
  }
  edits.moveToTop(node);
}

function classToLet(edits: CellEdits, node: Class, body: CellBody): void {
  const name = node.id!.name;
  const binding = body.isInsideTry ? edits.hoist(name, "class") : edits.declare(name, "class");
  edits.wrap(node, `${body.isInsideTry ? "" : "let "}${binding} = `, ";");
}

function variableToLet(edits: CellEdits, node: VariableDeclaration, body: CellBody): void {
  const kind = node.kind === "const" || node.kind === "var" ? node.kind : "let";
  if (kind === "var" || body.isInsideTry) {
    varToAssignment(edits, node);
    return;
  }
  for (const { id } of node.declarations) {
    for (const name of boundNames(id)) edits.declare(name, kind);
  }
  if (kind === "const") edits.replace(node.start, node.start + "const".length, "let");
}

/** `var a = 1, b` becomes `(a = 1, b)` with both declared before the first statement. */
function varToAssignment(edits: CellEdits, node: VariableDeclaration): void {
  const kind = node.kind === "const" ? "const" : "var";
  for (const { id } of node.declarations) {
    for (const name of boundNames(id)) edits.hoist(name, kind);
  }
  edits.replace(node.start, node.declarations[0]!.start, "(");
  edits.text.appendLeft(node.declarations.at(-1)!.end, ")");
}

function hoistNestedVars(edits: CellEdits, program: Program, own: ReadonlySet<Node>): void {
  const handled = new Set(own);
  walkCellLevel(program, (node) => {
    if (handled.has(node)) return;
    if (node.type === "ForInStatement" || node.type === "ForOfStatement") {
      handled.add(node.left);
      loopVarToAssignment(edits, node.left);
    } else if (node.type === "VariableDeclaration" && node.kind === "var") {
      varToAssignment(edits, node);
    }
  });
}

/** `for (var x of xs)` becomes `for (x of xs)`. */
function loopVarToAssignment(edits: CellEdits, left: Node): void {
  if (left.type !== "VariableDeclaration" || left.kind !== "var") return;
  const { id } = left.declarations[0]!;
  for (const name of boundNames(id)) edits.hoist(name, "var");
  edits.replace(left.start, id.start, "");
}
