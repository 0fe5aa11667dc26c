// Cell commands such as `%time`: their names complete, and their help is shown.
import type { CandidateKind } from "./candidates.ts";
import type { Completions } from "./completion-reply.ts";
import type { Documentation } from "./documentation.ts";
import type { CommandHelp } from "./language.ts";

const COMMAND = /^[ \t]*(%{1,2}[\w-]*)$/;
const KIND: CandidateKind = "magic";

/** The commands that begin like the word at the cursor; undefined when that is no command. */
export function commandCandidates(
  code: string,
  offset: number,
  commands: readonly CommandHelp[],
): Completions | undefined {
  const prefix = commandBefore(code, offset);
  if (prefix === undefined) return undefined;
  const items = commands
    .filter(({ name }) => name.startsWith(prefix))
    .map(({ name, usage, summary }) => ({
      text: name,
      kind: KIND,
      signature: usage,
      documentation: summary,
    }));
  const rest = /^[\w-]*/.exec(code.slice(offset))![0];
  return { start: offset - prefix.length, end: offset + rest.length, items };
}

/** The help of the command that the cursor stands on. */
export function commandHelp(
  code: string,
  offset: number,
  commands: readonly CommandHelp[],
): Documentation | undefined {
  const end = offset + /^[%\w-]*/.exec(code.slice(offset))![0].length;
  const name = commandBefore(code, end);
  const found = commands.find((one) => one.name === name);
  return found && { code: found.usage, text: found.summary };
}

/** The command that ends at `offset`, alone on its line so far. */
function commandBefore(code: string, offset: number): string | undefined {
  const lineStart = code.lastIndexOf("\n", offset - 1) + 1;
  return COMMAND.exec(code.slice(lineStart, offset))?.[1];
}
