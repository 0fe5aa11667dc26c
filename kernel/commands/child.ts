// A program whose output goes under the cell while it runs, and which an interrupt ends with all its children.
import { spawn } from "node:child_process";
import type { CommandRuntime } from "./command.ts";

/** How long programs have to end after each signal. */
const PATIENCE_MS = 2000;
const SIGNALS = ["SIGINT", "SIGTERM", "SIGKILL"] as const;

/** A program to run. */
export interface ChildProgram {
  readonly program: string;
  readonly arguments: readonly string[];
  readonly folder?: string;
  readonly environment?: NodeJS.ProcessEnv;
  /** What the program reads from its standard input. */
  readonly input?: string;
  /** Called with each chunk of output; what it returns is shown instead. */
  readonly filter?: (chunk: Uint8Array, isError: boolean) => Uint8Array | undefined;
}

/** How a program ended. */
export interface ChildEnding {
  readonly exitCode: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** Runs a program to its end; rejects when it cannot be started. */
export function runChild(child: ChildProgram, runtime: CommandRuntime): Promise<ChildEnding> {
  return new Promise((resolve, reject) => {
    const isWindows = process.platform === "win32";
    const running = spawn(child.program, child.arguments, {
      ...(child.folder === undefined ? {} : { cwd: child.folder }),
      env: child.environment ?? process.env,
      stdio: [child.input === undefined ? "ignore" : "pipe", "pipe", "pipe"],
      // A group of its own, so that a signal reaches the children of the shell too.
      detached: !isWindows,
      windowsHide: true,
    });
    const show = (isError: boolean) => (chunk: Uint8Array) => {
      const shown = child.filter ? child.filter(chunk, isError) : chunk;
      if (shown) runtime.write(shown, isError);
    };
    running.stdout?.on("data", show(false));
    running.stderr?.on("data", show(true));
    running.stdin?.on("error", () => undefined);
    running.stdin?.end(child.input);
    const group = new ProcessGroup(running.pid);
    const release = runtime.onInterrupt(() => group.interrupt());
    const end = (): void => {
      group.hasEnded = true;
      release();
    };
    // Jobs that the program left in the background ignore the interrupt.
    running.on("exit", () => group.endRest());
    running.on("error", (error) => {
      end();
      reject(error);
    });
    running.on("close", (exitCode, signal) => {
      end();
      resolve({ exitCode, signal });
    });
  });
}

/** A program with all that it started. */
class ProcessGroup {
  hasEnded = false;
  readonly #leader: number | undefined;
  #isInterrupted = false;

  constructor(leader: number | undefined) {
    this.#leader = leader;
  }

  /** Asks all of them to end; later and later less politely. */
  interrupt(): void {
    this.#isInterrupted = true;
    this.#send(0);
  }

  /** Called when the program itself has ended. */
  endRest(): void {
    if (this.#isInterrupted) this.#send(1);
  }

  #send(step: number): void {
    const signal = SIGNALS[step];
    if (signal === undefined || this.#leader === undefined) return;
    if (process.platform === "win32") {
      spawn("taskkill", ["/pid", String(this.#leader), "/T", "/F"], { stdio: "ignore" });
      return;
    }
    try {
      process.kill(-this.#leader, signal);
    } catch {
      return; // all of them have ended
    }
    const next = (): void => {
      if (!this.hasEnded) this.#send(step + 1);
    };
    setTimeout(next, PATIENCE_MS).unref();
  }
}
