// %%sh: the cell's text is run by the system's shell.
import type { CommandCall } from "../compile/cell-runtime.ts";
import { UsageError, type CellCommand, type CommandRuntime } from "./command.ts";
import { runChild } from "./child.ts";

/** Programs of a shell that did not end well. */
class ShellError extends Error {
  override readonly name = "ShellError";

  /** Stable name of this kind of error. */
  get code(): string {
    return "KERNEL_SHELL_FAILED";
  }
}

/** `%%sh` and `%sh line`. */
export const sh: CellCommand = {
  name: "sh",
  summary: "run text in the system's shell",
  arguments: "TEXT",
  forms: ["cell", "line"],
  takesText: true,
  help: `%%sh                      in the first line: the rest of the cell is a shell script
%sh ls -l                 one line

Output appears while the script runs. A script whose last program fails is an error of the cell; put
"set -e" first to stop at the first failing one. Interrupting ends the shell and all that it started. The folder is
that of the notebook; on Windows the shell is cmd. %%bash runs bash.`,
  check: () => undefined,
  run: runShell,
};

async function runShell(
  { name, argument, body }: CommandCall,
  runtime: CommandRuntime,
): Promise<void> {
  const script = body ?? argument;
  if (script.trim() === "") {
    throw new UsageError(
      "%%sh takes a shell script in the lines below it; got none. Write one, or delete the line.",
    );
  }
  const { exitCode, signal } = await runChild(shellFor(script, name === "bash"), runtime);
  if (exitCode === 0) return;
  const how = signal === null ? `exit code ${exitCode}` : `signal ${signal}`;
  throw new ShellError(
    `%%sh expects exit code 0 from the script; got ${how}. Its own messages are above; ` +
      'to go on in spite of a failing program, write "|| true" behind it.',
  );
}

function shellFor(script: string, isBash: boolean): { program: string; arguments: string[] } {
  if (isBash) return { program: "bash", arguments: ["-c", script] };
  if (process.platform !== "win32") return { program: "/bin/sh", arguments: ["-c", script] };
  const lines = script.split(/\r?\n/).filter((line) => line.trim() !== "");
  const program = process.env["ComSpec"] ?? "cmd.exe";
  return { program, arguments: ["/d", "/s", "/c", lines.join(" && ")] };
}
