// %reset: names are forgotten, as if their cells had never run.
import type { CommandCall } from "../compile/cell-runtime.ts";
import { UsageError, type CellCommand, type CommandRuntime } from "./command.ts";
import { nearestTo } from "./nearest.ts";

/** `%reset`. */
export const reset: CellCommand = {
  name: "reset",
  summary: "forget all names, or some",
  arguments: "[NAME...]",
  forms: ["line"],
  help: `%reset                    forgets all names that cells have declared, without asking
%reset model data         forgets these

Their memory is free once nothing else refers to it. Loaded modules stay loaded.`,
  run: runReset,
};

function runReset({ argument }: CommandCall, runtime: CommandRuntime): void {
  const known = runtime.names();
  const wanted = argument.split(/[\s,]+/).filter((word) => word !== "" && word !== "-f");
  for (const name of wanted)
    checkKnown(
      name,
      known.map((one) => one.name),
    );
  const chosen = known
    .filter(({ name }) => wanted.length === 0 || wanted.includes(name))
    .filter((name) => wanted.length > 0 || runtime.valueOf(name) !== undefined);
  for (const name of chosen) runtime.clear(name);
  const names = chosen.map(({ name }) => name);
  runtime.tell({ kind: "forgotten", names });
  const count = names.length === 1 ? "1 name" : `${names.length} names`;
  runtime.write(
    names.length === 0 ? "no names to forget\n" : `forgotten: ${count} (${names.join(", ")})\n`,
  );
}

function checkKnown(name: string, known: readonly string[]): void {
  if (known.includes(name)) return;
  const near = nearestTo(name, known);
  throw new UsageError(
    `%reset takes names that cells have declared; got ${name}, which none has. ` +
      `${near === undefined ? "" : `Did you mean ${near}? `}%who lists them.`,
  );
}
