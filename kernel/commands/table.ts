// All cell commands.
import type { CellCommand } from "./command.ts";
import { helpCommand } from "./help.ts";
import { install } from "./install.ts";
import { reset } from "./reset.ts";
import { sh } from "./sh.ts";
import { time } from "./time.ts";
import { timeit } from "./timeit.ts";
import { types } from "./types.ts";
import { who } from "./who.ts";

/** The commands that cells may use, for lists, help and completion. */
export const CELL_COMMANDS: readonly CellCommand[] = [
  helpCommand(() => CELL_COMMANDS),
  install,
  reset,
  sh,
  time,
  timeit,
  types,
  who,
];

/** Names that other kernels have for the same. */
const ALIASES: Readonly<Record<string, string>> = {
  bash: "sh",
  cmd: "sh",
  whos: "who",
};

/** Finds a command by its name or by what other kernels call it. */
export function findCommand(name: string): CellCommand | undefined {
  const own = ALIASES[name] ?? name;
  return CELL_COMMANDS.find((command) => command.name === own);
}
