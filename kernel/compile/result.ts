// A cell shows a value when its last statement is an expression, with or without a semicolon.
import type { Expression, Statement } from "oxc-parser";
import { CELL_RUNTIME_NAME } from "./cell-runtime.ts";
import type { CellEdits } from "./edits.ts";

/** Hands the value of the last statement to the runtime. `;;` at the end of a cell hides it. */
export function rewriteResult(
  edits: CellEdits,
  statements: readonly Statement[],
  cellNumber: number,
): void {
  const expression = lastExpression(statements.findLast((one) => !isEmptyExport(one)));
  if (!expression) return;
  const isSequence = expression.type === "SequenceExpression";
  const open = `${CELL_RUNTIME_NAME}.result(${cellNumber}, ${isSequence ? "(" : ""}`;
  edits.text.prependRight(expression.start, open);
  edits.text.appendLeft(expression.end, isSequence ? "))" : ")");
}

function lastExpression(last: Statement | undefined): Expression | undefined {
  if (last?.type === "ExpressionStatement") {
    return isMergedEnum(last.expression) ? undefined : last.expression;
  }
  if (last?.type !== "ExportDefaultDeclaration") return undefined;
  const { declaration } = last;
  const isStatement =
    declaration.type === "FunctionDeclaration" || declaration.type === "ClassDeclaration";
  return isStatement ? undefined : (declaration as Expression);
}

/** The transpiler ends a cell whose exports were all types with `export {}`. */
const isEmptyExport = (statement: Statement): boolean =>
  statement.type === "ExportNamedDeclaration" &&
  !statement.declaration &&
  statement.specifiers.length === 0;

/** The second `enum E` of a cell comes out as `E = function(E) { ... }(E || {})`. */
function isMergedEnum(expression: Expression): boolean {
  if (expression.type !== "AssignmentExpression" || expression.left.type !== "Identifier") {
    return false;
  }
  const call = expression.right;
  if (call.type !== "CallExpression" || call.callee.type !== "FunctionExpression") return false;
  const [argument] = call.arguments;
  return argument?.type === "LogicalExpression" && argument.right.type === "ObjectExpression";
}
