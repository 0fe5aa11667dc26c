// `const` stays constant although it runs as `let`: an assignment to it throws, as in a module.
import type { AssignmentExpression, Node, Program, UpdateExpression } from "oxc-parser";
import { CELL_RUNTIME_NAME } from "./cell-runtime.ts";
import type { CellEdits } from "./edits.ts";
import type { KnownNames } from "./globals.ts";
import { topLevelUses } from "./scopes.ts";

/** An assignment whose target is one identifier. */
type Assignment = { node: AssignmentExpression | UpdateExpression; name: string; at: number };

/** The simple assignments of a cell, gathered while the tree is walked for other reasons. */
export function assignmentOf(node: Node): Assignment | undefined {
  const target =
    node.type === "AssignmentExpression"
      ? node.left
      : node.type === "UpdateExpression"
        ? node.argument
        : undefined;
  if (target?.type !== "Identifier") return undefined;
  return { node: node as Assignment["node"], name: target.name, at: target.start };
}

/** Makes assignments to constants of this cell or of earlier cells throw when they run. */
export function protectConstants(
  edits: CellEdits,
  program: Program,
  { assignments, known }: { assignments: readonly Assignment[]; known: KnownNames },
): void {
  const kinds = new Map([...known.values(), ...edits.declared].map((one) => [one.name, one.kind]));
  const isConstant = ({ name }: Assignment): boolean =>
    kinds.get(name) === "const" || kinds.get(name) === "import";
  const suspects = assignments.filter(isConstant);
  if (suspects.length === 0) return;
  const uses = topLevelUses(program, new Set(suspects.map(({ name }) => name)));
  const topLevel = new Set(uses.map(({ start }) => start));
  for (const { node, name, at } of suspects) {
    if (topLevel.has(at)) throwInstead(edits, node, name);
  }
}

function throwInstead(edits: CellEdits, node: Assignment["node"], name: string): void {
  const call = `${CELL_RUNTIME_NAME}.helpers.constant(${JSON.stringify(name)})`;
  if (node.type === "UpdateExpression") edits.wrap(node, `(${call}, `, ")");
  else edits.wrap(node.right, "(", `, ${call})`);
}
