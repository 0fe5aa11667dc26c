// The commands as completion and hover texts show them.
import { usageOf } from "./help.ts";
import { CELL_COMMANDS } from "./table.ts";

/** One way to write a command. */
export interface CommandDescription {
  /** With its percent signs. */
  readonly name: string;
  /** How it is written with its arguments. */
  readonly usage: string;
  readonly summary: string;
}

/** Every way to write every command. */
export const COMMAND_DESCRIPTIONS: readonly CommandDescription[] = CELL_COMMANDS.flatMap(
  ({ name, arguments: taken, forms, summary }) =>
    forms.map((form) => ({
      name: (form === "line" ? "%" : "%%") + name,
      usage: usageOf(form, name, taken),
      summary,
    })),
);
