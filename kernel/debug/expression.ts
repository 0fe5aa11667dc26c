// TypeScript that a debugger evaluates: expressions of a console, conditions of breakpoints, messages of log points.
import { CellEdits } from "../compile/edits.ts";
import type { KnownNames } from "../compile/globals.ts";
import { rewriteDynamicImport } from "../compile/imports.ts";
import { renameUses } from "../compile/renames.ts";
import { walkAll } from "../compile/syntax-tree.ts";
import { transpile } from "../compile/transpile.ts";
import { DebugError } from "./debug-error.ts";

/**
 * An expression, or statements, as JavaScript.
 *
 * @throws {DebugError} when it does not parse
 */
export function compileExpression(source: string, known: KnownNames): string {
  const transpiled = transpile(source);
  if ("problems" in transpiled) {
    throw new DebugError(transpiled.problems[0]?.message ?? "this is not TypeScript");
  }
  const edits = new CellEdits(transpiled.code);
  walkAll(transpiled.program, (node) => rewriteDynamicImport(edits, node));
  renameUses(edits, transpiled.program, known);
  return edits.text.toString().replace(/;?\s*$/, "");
}

/** What a breakpoint demands before it stops. */
export interface StopDemand {
  readonly condition?: string | undefined;
  readonly hitCondition?: string | undefined;
  readonly logMessage?: string | undefined;
}

/**
 * The condition for V8 of a breakpoint; undefined when it stops always.
 *
 * @param id - tells the counts of this breakpoint from those of others
 * @throws {DebugError} when a part does not parse
 */
export function stopCondition(
  demand: StopDemand,
  id: number,
  known: KnownNames,
): string | undefined {
  const { condition, hitCondition, logMessage } = demand;
  const parts: string[] = [];
  if (condition) parts.push(`(${compileExpression(condition, known)})`);
  if (hitCondition) parts.push(hitTest(hitCondition, id));
  if (logMessage) parts.push(logCall(logMessage, known));
  return parts.length === 0 ? undefined : parts.join(" && ");
}

const HITS = 'Symbol.for("gradlab.debug.hits")';

function hitTest(text: string, id: number): string {
  const match = /^\s*(==?|>=?|<=?|%)?\s*(\d+)\s*$/.exec(text);
  if (!match) {
    throw new DebugError(`a hit count must read like "5", ">= 5" or "% 5", got "${text}"`);
  }
  const [, sign = "==", count] = match;
  const count1 = `((globalThis[${HITS}] ??= {})[${id}] = (globalThis[${HITS}][${id}] ?? 0) + 1)`;
  if (sign === "%") return `${count1} % ${count} === 0`;
  return `${count1} ${sign === "=" || sign === "==" ? "===" : sign} ${count}`;
}

/** `x is {x}` becomes a call that prints, and is false, so that nothing stops. */
function logCall(message: string, known: KnownNames): string {
  const parts = message.split(/\{([^{}]*)\}/).map((part, index) => {
    if (index % 2 === 1) return compileExpression(part, known);
    return part.trim() === "" ? "" : JSON.stringify(part.trim());
  });
  return `(console.log(${parts.filter((part) => part !== "").join(", ")}), false)`;
}
