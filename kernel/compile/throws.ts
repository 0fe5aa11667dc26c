// A `throw` of something that may be no error says where it stands: only errors carry a stack of their own.
import type { Program } from "oxc-parser";
import { CELL_RUNTIME_NAME } from "./cell-runtime.ts";
import type { CellEdits } from "./edits.ts";
import { walkAll } from "./syntax-tree.ts";

/** Hands what is thrown to the runtime on its way, except for `throw new ...`. */
export function rewriteThrows(edits: CellEdits, program: Program): void {
  walkAll(program, (node) => {
    if (node.type !== "ThrowStatement" || node.argument.type === "NewExpression") return;
    const isSequence = node.argument.type === "SequenceExpression";
    const open = `${CELL_RUNTIME_NAME}.throwing(${isSequence ? "(" : ""}`;
    edits.wrap(node.argument, open, isSequence ? "))" : ")");
  });
}
