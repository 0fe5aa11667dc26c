// Cell commands such as `%time`: their names complete, and their help is shown.
import type { CandidateKind } from "./candidates.ts";
import type { Completions } from "./completion-reply.ts";
import type { Documentation } from "./documentation.ts";
import type { CommandHelp } from "./language.ts";

const COMMAND = /^[ \t]*(%{1,2}[\w-]*)$/;
const WORD_OF_COMMAND = /^[ \t]*(%{1,2}[\w-]+)[ \t]+(?:.*[ \t])?([\w-]*)$/;
const KIND: CandidateKind = "magic";

/** The commands that begin like the word at the cursor; undefined when that is no command. */
export function commandCandidates(
  code: string,
  offset: number,
  commands: readonly CommandHelp[],
): Completions | undefined {
  const prefix = commandBefore(code, offset);
  if (prefix === undefined) return wordCandidates(code, offset, commands);
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

/** The words that a command takes as they are, such as `off` and `strict`, and its options. */
function wordCandidates(
  code: string,
  offset: number,
  commands: readonly CommandHelp[],
): Completions | undefined {
  const [, name = "", prefix = ""] = WORD_OF_COMMAND.exec(lineBefore(code, offset)) ?? [];
  const usage = commands.find((one) => one.name === name)?.usage.slice(name.length) ?? "";
  const words = usage.match(/(?<![\w-])(?:--?[a-z]+|[a-z]+(?=\|)|(?<=\|)[a-z]+)/g) ?? [];
  // Options are offered when one is begun: most of the time, code stands here.
  const fitting = words.filter(
    (word) => word.startsWith(prefix) && (prefix !== "" || /^\w/.test(word)),
  );
  if (fitting.length === 0) return undefined;
  const items = fitting.map((text) => ({ text, kind: KIND, signature: `${name}${usage}` }));
  return { start: offset - prefix.length, end: offset, items };
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
  return COMMAND.exec(lineBefore(code, offset))?.[1];
}

const lineBefore = (code: string, offset: number): string =>
  code.slice(code.lastIndexOf("\n", offset - 1) + 1, offset);
