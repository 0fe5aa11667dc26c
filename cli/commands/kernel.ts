// `gradlab kernel`: the kernelspec for an existing Jupyter, and the kernel itself.
import { dirname, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { Command } from "commander";
import { createKernelSpec, KERNEL_NAME } from "../../kernel/protocol/kernel-spec.ts";
import { CommandError, EXIT } from "../exit-codes.ts";

interface PlaceOptions {
  readonly user?: boolean;
  readonly prefix?: string;
  readonly json?: boolean;
}

/** Builds the `kernel` command with its sub-commands. */
export function kernelCommand(): Command {
  return new Command("kernel")
    .description("the TypeScript kernel: install its kernelspec, or start it")
    .addCommand(installCommand())
    .addCommand(uninstallCommand())
    .addCommand(specCommand())
    .addCommand(startCommand());
}

function installCommand(): Command {
  return withPlace(new Command("install"))
    .description("make the kernel known to JupyterLab, VS Code, nbconvert and other clients")
    .option("--json", "print one JSON object: {name, folder}")
    .action(async (options: PlaceOptions) => {
      const { installKernelSpec, isWritable } = await import("../../kernel/launcher/kernelspec.ts");
      const folder = await folderOf(options);
      if (!isWritable(folder)) throw cannotWrite(folder);
      await installKernelSpec(createKernelSpec(program()), folder).catch((error: unknown) => {
        throw cannotWrite(folder, error);
      });
      report(options, { name: KERNEL_NAME, folder }, `installed the kernelspec in ${folder}`);
    });
}

function uninstallCommand(): Command {
  return withPlace(new Command("uninstall"))
    .description("remove the kernelspec again")
    .option("--json", "print one JSON object: {name, folder, removed}")
    .action(async (options: PlaceOptions) => {
      const { uninstallKernelSpec, isWritable } =
        await import("../../kernel/launcher/kernelspec.ts");
      const folder = await folderOf(options);
      if (!isWritable(folder)) throw cannotWrite(folder);
      const removed = await uninstallKernelSpec(folder).catch((error: unknown) => {
        throw cannotWrite(folder, error);
      });
      const text = removed ? `removed ${folder}` : `there is no kernelspec in ${folder}`;
      report(options, { name: KERNEL_NAME, folder, removed }, text);
      if (!removed) process.exitCode = EXIT.materialFailed;
    });
}

function specCommand(): Command {
  return new Command("spec")
    .description("print the kernelspec (the content of kernel.json)")
    .option("--json", "print it on one line")
    .action((options: { json?: boolean }) => {
      const spec = createKernelSpec(program());
      console.log(options.json ? JSON.stringify(spec) : JSON.stringify(spec, undefined, 2));
    });
}

function startCommand(): Command {
  return new Command("start")
    .description("start the kernel; this is what the kernelspec runs")
    .requiredOption("-f, --connection-file <file>", "the connection file that a client wrote")
    .option("--memory <MiB>", "limit of the JavaScript heap (default: $GRADLAB_MEMORY, else V8's)")
    .allowUnknownOption()
    .allowExcessArguments()
    .action(async (options: { connectionFile: string; memory?: string }, command: Command) => {
      if (command.args.length > 0) log(`ignoring unknown arguments: ${command.args.join(" ")}`);
      const { startKernel } = await import("../start-kernel.ts");
      await startKernel(options.connectionFile, options.memory);
    });
}

function withPlace(command: Command): Command {
  return command
    .option("--user", "for this user (the default)")
    .option("--prefix <folder>", "below this folder, for example a Python environment");
}

async function folderOf(options: PlaceOptions): Promise<string> {
  if (options.user && options.prefix !== undefined) {
    throw new CommandError(
      "give --user or --prefix, got both. Leave one of them out.",
      EXIT.wrongUse,
    );
  }
  const { specFolder } = await import("../../kernel/launcher/kernelspec.ts");
  return specFolder({ prefix: options.prefix && resolve(options.prefix) });
}

function cannotWrite(folder: string, cause?: unknown): CommandError {
  const code = (cause as NodeJS.ErrnoException | undefined)?.code;
  const reason = code === undefined ? "" : ` (${code === "ENOSPC" ? "the disk is full" : code})`;
  return new CommandError(
    `the kernelspec folder must be writable, but ${folder} is not${reason}. ` +
      "Choose another with --prefix, or set JUPYTER_DATA_DIR.",
    EXIT.machineLacks,
  );
}

function report(options: PlaceOptions, result: object, text: string): void {
  console.log(options.json ? JSON.stringify(result) : text);
}

function program(): { node: string; main: string } {
  const main = fileURLToPath(new URL("../main.js", import.meta.url));
  return { node: process.execPath, main: resolve(dirname(main), "main.js") };
}

function log(text: string): void {
  console.error(`gradlab kernel: ${text}`);
}
