// Uses of a renamed top-level name follow the rename; what an inner scope declares stays as it is.
import type { Program } from "oxc-parser";
import type { CellEdits } from "./edits.ts";
import type { KnownNames } from "./globals.ts";
import { topLevelUses } from "./scopes.ts";

/** Renames every use of names of globals that this cell or an earlier one declares. */
export function renameUses(edits: CellEdits, program: Program, known: KnownNames): void {
  const bindings = new Map<string, string>();
  for (const { name, binding } of [...known.values(), ...edits.declared]) {
    if (name === binding) bindings.delete(name);
    else bindings.set(name, binding);
  }
  if (![...bindings.keys()].some((name) => edits.text.original.includes(name))) return;
  for (const use of topLevelUses(program, new Set(bindings.keys()))) {
    const binding = bindings.get(use.name)!;
    edits.replace(use.start, use.end, use.isShorthand ? `${use.name}: ${binding}` : binding);
  }
}
