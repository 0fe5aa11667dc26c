// What a cell awaits at its top level goes through the runtime, so that an interrupt can end it.
import type { Node } from "oxc-parser";
import { CELL_RUNTIME_NAME } from "./cell-runtime.ts";
import type { CellEdits } from "./edits.ts";

const WAIT = `${CELL_RUNTIME_NAME}.wait`;

/** Rewrites the `await` or `for await` at `node`, which must not stand inside a function. */
export function rewriteAwait(edits: CellEdits, node: Node): void {
  if (node.type === "AwaitExpression") {
    edits.replace(node.start, node.start + "await".length, `await ${WAIT}(`);
    edits.text.appendLeft(node.end, ")");
  } else if (node.type === "ForOfStatement" && node.await) {
    edits.wrap(node.right, `${CELL_RUNTIME_NAME}.helpers.each(${WAIT}, `, ")");
  }
}
