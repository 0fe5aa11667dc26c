// %types: whether cells are checked before they run, and how strictly.
import type { CommandCall } from "../compile/cell-runtime.ts";
import type { CellCommand, CommandRuntime, TypesMode } from "./command.ts";

const MODES: readonly TypesMode[] = ["off", "on", "strict"];

/** `%types`. */
export const types: CellCommand = {
  name: "types",
  summary: "say how strictly types are checked before a cell runs",
  arguments: "off|on|strict",
  forms: ["line"],
  help: `%types off                cells run unchecked; completion and hover texts stay
%types on                 type errors stop a cell; the options are those of the nearest tsconfig.json
%types strict             as on, with TypeScript's "strict" family of options
%types                    says which of them holds

It holds for the cell it stands in and for all later ones, until the kernel restarts.`,
  check: (argument) =>
    argument === "" || MODES.includes(argument as TypesMode)
      ? undefined
      : `%types takes off, on or strict; got ${argument}. Write one of them, as in %types strict.`,
  run: ({ argument }: CommandCall, runtime: CommandRuntime): void =>
    runtime.tell(
      argument === "" ? { kind: "types" } : { kind: "types", mode: argument as TypesMode },
    ),
};
