// Puts the commands together, and turns what they throw into one clear message and an exit code.
import { Command, CommanderError } from "commander";
import { certifyCommand } from "./commands/certify.ts";
import { courseCommand } from "./commands/course.ts";
import { doctorCommand } from "./commands/doctor.ts";
import { kernelCommand } from "./commands/kernel.ts";
import { labCommand } from "./commands/lab.ts";
import { runCommand } from "./commands/run.ts";
import { CommandError, EXIT } from "./exit-codes.ts";
import { readVersion } from "./installation.ts";

/** The whole command line, one sub-command per file of `commands/`. */
export function createProgram(): Command {
  const program = new Command("gradlab")
    .description("A TypeScript kernel for Jupyter, a deep-learning library and a course")
    .version(readVersion())
    .showHelpAfterError()
    .exitOverride();
  const commands = [
    certifyCommand(),
    courseCommand(),
    doctorCommand(),
    kernelCommand(),
    labCommand(),
    runCommand(),
  ];
  for (const command of commands) program.addCommand(inheritExit(command));
  return program;
}

/**
 * Parses the arguments and runs one command.
 *
 * @returns nothing; sets `process.exitCode` to 0 fine, 1 the user's material failed, 2 wrong use, 3 the machine lacks something
 */
export async function runProgram(argv: readonly string[]): Promise<void> {
  try {
    await createProgram().parseAsync(argv);
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

function reportFailure(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.fine : EXIT.wrongUse;
  if (error instanceof CommandError) {
    console.error(`gradlab: ${error.message}`);
    return error.exitCode;
  }
  console.error(error);
  return EXIT.materialFailed;
}
