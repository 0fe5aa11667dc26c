// Puts the commands together, and turns what they throw into one clear message and an exit code.
import { Command, CommanderError } from "commander";
import { CommandError, EXIT } from "./exit-codes.ts";
import { readVersion } from "./version.ts";

/** All commands by name. Each is loaded only when it is needed: a kernel must not wait for the lab's code. */
const COMMANDS: Readonly<Record<string, () => Promise<Command>>> = {
  certify: async () => (await import("./commands/certify.ts")).certifyCommand(),
  course: async () => (await import("./commands/course.ts")).courseCommand(),
  doctor: async () => (await import("./commands/doctor.ts")).doctorCommand(),
  kernel: async () => (await import("./commands/kernel.ts")).kernelCommand(),
  lab: async () => (await import("./commands/lab.ts")).labCommand(),
  run: async () => (await import("./commands/run.ts")).runCommand(),
};

/** Codes of Node for a package that is not there, or whose native part does not fit this machine. */
const LOAD_FAILURES: ReadonlySet<string> = new Set([
  "ERR_MODULE_NOT_FOUND",
  "MODULE_NOT_FOUND",
  "ERR_DLOPEN_FAILED",
]);

/**
 * The command line, one sub-command per file of `commands/`.
 *
 * @param only - the one command to load; all of them when no command has this name
 */
export async function createProgram(only = ""): Promise<Command> {
  const program = new Command("gradlab")
    .description("A TypeScript kernel for Jupyter, a deep-learning library and a course")
    .version(readVersion())
    .showHelpAfterError()
    .exitOverride();
  const one = COMMANDS[only];
  for (const load of one ? [one] : Object.values(COMMANDS)) {
    program.addCommand(inheritExit(await load()));
  }
  return program;
}

/**
 * Parses the arguments and runs one command.
 *
 * @returns nothing; sets `process.exitCode` to 0 fine, 1 the user's material failed, 2 wrong use, 3 the machine lacks something
 */
export async function runProgram(argv: readonly string[]): Promise<void> {
  try {
    const program = await createProgram(argv[2]);
    await program.parseAsync(argv);
  } catch (error) {
    process.exitCode = reportFailure(error);
  }
}

function inheritExit(command: Command): Command {
  command.exitOverride();
  command.showHelpAfterError();
  for (const child of command.commands) inheritExit(child);
  return command;
}

/** Tells the user what went wrong. @returns the exit code */
export function reportFailure(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.fine : EXIT.wrongUse;
  if (error instanceof CommandError) {
    console.error(`gradlab: ${error.message}`);
    return error.exitCode;
  }
  const { code, message } = error as NodeJS.ErrnoException;
  if (code !== undefined && LOAD_FAILURES.has(code)) {
    const [reason = ""] = message.split("\n");
    console.error(
      `gradlab: expected its packages to load, but: ${reason}. Run npm ci again in gradlab's folder; "gradlab doctor" says more.`,
    );
    return EXIT.machineLacks;
  }
  console.error(error);
  return EXIT.materialFailed;
}
