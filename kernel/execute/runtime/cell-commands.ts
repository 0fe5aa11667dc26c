// Cell commands in the process that runs cells: loaded with the first cell that uses one.
import { runInThisContext } from "node:vm";
import type { CommandCall } from "../../compile/cell-runtime.ts";
import type { CellCommand, CommandEffect, CommandRuntime } from "../../commands/command.ts";
import type { CommandCalls } from "../../compile/cell-runtime.ts";
import type { DeclaredName } from "../../compile/globals.ts";
import type { CellInterrupts } from "./cell-interrupts.ts";
import type { CellOutput } from "./cell-output.ts";
import type { Shower } from "./show.ts";

/** What commands need from the rest of the runtime. */
export interface CellCommandParts {
  readonly output: CellOutput;
  readonly shower: Shower;
  readonly interrupts: CellInterrupts;
  readonly owner: () => number;
}

interface Loaded {
  readonly find: (name: string) => CellCommand | undefined;
  readonly showHelp: (command: CellCommand, runtime: CommandRuntime) => void;
}

/** Runs the commands that cells use. */
export class CellCommands implements CommandCalls {
  readonly marks: Record<number, unknown> = {};
  readonly #parts: CellCommandParts;
  #loaded: Loaded | undefined;
  #names: readonly DeclaredName[] = [];

  constructor(parts: CellCommandParts) {
    this.#parts = parts;
  }

  async load(names: readonly DeclaredName[]): Promise<void> {
    this.#names = names;
    if (this.#loaded) return;
    const [{ findCommand }, { showHelp }] = await Promise.all([
      import("../../commands/table.ts"),
      import("../../commands/help.ts"),
    ]);
    this.#loaded = { find: findCommand, showHelp };
  }

  run(name: string, call: CommandCall): unknown {
    return this.#loaded!.find(name)!.run(call, this.#runtime());
  }

  help(name: string): void {
    this.#loaded!.showHelp(this.#loaded!.find(name)!, this.#runtime());
  }

  #runtime(): CommandRuntime {
    const { output, shower, interrupts, owner } = this.#parts;
    return {
      write: (text, isError = false) => output.writeText(isError, text),
      show: (bundle) => void shower.displayBundle(bundle),
      names: () => this.#names,
      valueOf,
      clear: ({ binding }) => void runInThisContext(`${binding} = undefined`),
      onInterrupt: (stop) => interrupts.whenInterrupted(stop),
      tell: (effect: CommandEffect) => output.send({ type: "effect", cell: owner(), effect }),
    };
  }
}

/** The value that a name has now; a name whose statement was not reached has none. */
function valueOf({ binding }: DeclaredName): { readonly value: unknown } | undefined {
  try {
    // Names of cells live in script scope, which only a script sees.
    return { value: runInThisContext(binding) as unknown };
  } catch {
    return undefined;
  }
}
