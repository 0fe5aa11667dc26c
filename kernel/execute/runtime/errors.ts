// The errors that user code meets because it runs in a kernel.
import { inspect } from "node:util";
import { packageName } from "./installed-packages.ts";

/** An interrupt that reached a cell at an `await`, in `prompt`, or in code that polls the interrupt flag. */
export class KeyboardInterrupt extends Error {
  override readonly name = "KeyboardInterrupt";

  /** Stable name of this kind of error. */
  get code(): string {
    return "KERNEL_INTERRUPT";
  }

  constructor() {
    super("the cell was interrupted; its variables are kept");
    this.stack = `${this.name}: ${this.message}`;
  }
}

/** Takes the place of ending the process: a cell that calls `process.exit` ends, the kernel goes on. */
export class SystemExit extends Error {
  override readonly name = "SystemExit";

  /** Stable name of this kind of error. */
  get code(): string {
    return "KERNEL_EXIT";
  }

  /** @param exitCode - what the cell passed to `process.exit` */
  constructor(exitCode: unknown) {
    super(
      `process.exit(${exitCode === undefined ? "" : inspect(exitCode)}) ended this cell, not the kernel; ` +
        "variables are kept. To start afresh, restart the kernel.",
    );
  }
}

/** `prompt` or `password` where nobody can answer. */
export class InputRefused extends Error {
  override readonly name = "StdinNotImplementedError";

  /** Stable name of this kind of error. */
  get code(): string {
    return "KERNEL_INPUT_REFUSED";
  }
}

/** An import of something that no folder has. */
export class ModuleNotFound extends Error {
  override readonly name = "ModuleNotFound";

  /** Stable name of this kind of error, as Node has it. */
  get code(): string {
    return "ERR_MODULE_NOT_FOUND";
  }

  /**
   * @param specifier - as the cell wrote it
   * @param folder - the notebook's folder
   */
  constructor(specifier: string, folder: string) {
    const isFile = /^[./]|^file:/.test(specifier);
    const fix = isFile
      ? "Check the path: it is relative to the notebook's folder."
      : `Install it beside the notebook: %install ${packageName(specifier) ?? specifier}`;
    super(
      `cannot find ${isFile ? "the file" : "the package"} "${specifier}" from ${folder}. ${fix}`,
    );
  }
}

/** An import of a name that a module does not export. */
export class ExportNotFound extends Error {
  override readonly name = "ExportNotFound";

  /** Stable name of this kind of error. */
  get code(): string {
    return "KERNEL_EXPORT_NOT_FOUND";
  }
}
