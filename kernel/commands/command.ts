// What a cell command is: one small file each says what it is called, how it is used and what it does.
import type { CommandCall } from "../compile/cell-runtime.ts";
import type { DeclaredName } from "../compile/globals.ts";
import type { MimeBundle } from "../display/mime-bundle.ts";

/** `%name` on a line of its own among TypeScript, or `%%name` in front of a whole cell. */
export type CommandForm = "line" | "cell";

/** A command that cells may use. */
export interface CellCommand {
  /** Without the percent signs. */
  readonly name: string;
  /** One line for lists and completion. */
  readonly summary: string;
  /** How arguments are written: `[-n LOOPS] CODE`; empty when there are none. */
  readonly arguments: string;
  readonly forms: readonly CommandForm[];
  /** What `%name?` shows below the summary. */
  readonly help: string;
  /** Present when the command takes TypeScript: what is put around that code. */
  readonly wrap?: (code: CodeUse) => CodeWrapping;
  /** Whether the argument is text of another language, in which `//` is no comment. */
  readonly takesText?: true;
  /** Whether `%%name` takes code on its own line too. */
  readonly takesSetup?: true;
  /** Options in front of the code, matched at the start of the argument. */
  readonly options?: RegExp;
  /** What is wrong with an argument, in three parts; undefined when it can be used. */
  readonly check?: (argument: string) => string | undefined;
  /** What the command does, in the process that runs cells; its value is the line's value. */
  readonly run: (call: CommandCall, runtime: CommandRuntime) => unknown;
}

/** TypeScript that a command was given. */
export interface CodeUse {
  /** Different for each use in a cell; a key of `__gradlab.commands.marks`. */
  readonly id: number;
  /** The text that matched `options`. */
  readonly options: string;
  /** Code on the first line of a `%%` cell. */
  readonly setup: string;
  /** Whether the last statement is an expression. */
  readonly hasValue: boolean;
  /** Whether the code awaits something itself. */
  readonly isAsync: boolean;
}

/** TypeScript to put around the code of a command. */
export interface CodeWrapping {
  readonly before: string;
  /** Around the last statement, when it is an expression. */
  readonly open?: string;
  readonly close?: string;
  readonly after: string;
}

/** What commands can do in the process that runs cells. */
export interface CommandRuntime {
  /** Writes to the cell's standard output, or to its error output. */
  write(text: string | Uint8Array, isError?: boolean): void;
  /** Shows a bundle below the cell. */
  show(bundle: MimeBundle): void;
  /** The names that cells have declared so far, oldest first. */
  names(): readonly DeclaredName[];
  /** The value of a name; undefined when it has none yet. */
  valueOf(name: DeclaredName): { readonly value: unknown } | undefined;
  /** Takes the value of a name away. */
  clear(name: DeclaredName): void;
  /** Calls `stop` when the cell is interrupted. @returns what ends that */
  onInterrupt(stop: () => void): () => void;
  /** Tells the kernel what has changed besides variables. */
  tell(effect: CommandEffect): void;
}

/** What a command changes outside of the process that runs cells. */
export type CommandEffect =
  /** Packages are new in `folder`: what is known about modules there is out of date. */
  | { readonly kind: "installed"; readonly folder: string; readonly packages: readonly string[] }
  /** The names have no value any more and count as never declared. */
  | { readonly kind: "forgotten"; readonly names: readonly string[] }
  /** Imports found nothing under these names, which may be types. */
  | { readonly kind: "missing"; readonly names: readonly string[] }
  /** How strictly types are to be checked; without a mode the kernel says what it does now. */
  | { readonly kind: "types"; readonly mode?: TypesMode };

/** How strictly the types of cells are checked. */
export type TypesMode = "off" | "on" | "strict";

/** A command was used in a way that it does not know. */
export class UsageError extends Error {
  override readonly name = "UsageError";

  /** Stable name of this kind of error. */
  get code(): string {
    return "KERNEL_COMMAND_USAGE";
  }
}
