// %help: which commands there are.
import { escapeHtml } from "../display/table-html.ts";
import type { CellCommand, CommandForm, CommandRuntime } from "./command.ts";

type Described = Pick<CellCommand, "name" | "summary" | "arguments" | "forms" | "help">;

/** Makes `%help` for a list of commands, which includes itself. */
export function helpCommand(commands: () => readonly CellCommand[]): CellCommand {
  return {
    name: "help",
    summary: "list the commands",
    arguments: "",
    forms: ["line"],
    help: `%help                     all commands
%time?  %time --help      one command`,
    run: (_call, runtime) => showList(commands(), runtime),
  };
}

/** Shows how one command is used. */
export function showHelp(command: Described, runtime: CommandRuntime): void {
  const heading = usageLines(command);
  runtime.show({
    "text/plain": `${heading}\n${command.summary}\n\n${command.help}`,
    "text/html": `<pre><b>${escapeHtml(heading)}</b>\n${escapeHtml(command.summary)}\n\n${escapeHtml(command.help)}</pre>`,
  });
}

function showList(commands: readonly CellCommand[], runtime: CommandRuntime): void {
  const rows = commands.map(({ name, forms, summary }) => {
    const written = forms.map((form) => (form === "line" ? "%" : "%%") + name).join(", ");
    return [written, summary] as const;
  });
  const width = Math.max(...rows.map(([written]) => written.length));
  const lines = rows.map(([written, summary]) => `${written.padEnd(width)}  ${summary}`);
  const more = "A command followed by ? explains itself: %time?";
  const cells = rows.map((row) =>
    row.map((text) => `<td style="text-align: left">${escapeHtml(text)}</td>`),
  );
  runtime.show({
    "text/plain": [...lines, "", more].join("\n"),
    "text/html": `<table>\n${cells.map((row) => `<tr>${row.join("")}</tr>`).join("\n")}\n</table>\n<p>${more}</p>`,
  });
}

function usageLines({ name, arguments: taken, forms }: Described): string {
  return forms.map((form) => usageOf(form, name, taken)).join("\n");
}

/** How a form of a command is written: `%time CODE`. */
export function usageOf(form: CommandForm, name: string, taken: string): string {
  if (form === "line") return `%${name} ${taken}`.trimEnd();
  return `%%${name} ${taken.replace(/\s*[A-Z]+$/, "")}`.trimEnd();
}
