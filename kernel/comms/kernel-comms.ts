// How code in a notebook reaches the comms and the output of the kernel that it runs in.
import { CommError } from "./comm-error.ts";
import type { Comms } from "./comms.ts";

/** Output of code that was sent elsewhere than below its cell. */
export type CapturedOutput =
  | { readonly type: "stream"; readonly name: "stdout" | "stderr"; readonly text: string }
  | {
      readonly type: "display";
      readonly bundle: Record<string, unknown>;
      readonly metadata: Record<string, unknown>;
      readonly displayId: string;
      readonly isUpdate: boolean;
    }
  | { readonly type: "clear"; readonly wait: boolean }
  | {
      readonly type: "error";
      readonly ename: string;
      readonly evalue: string;
      readonly traceback: readonly string[];
    };

/** A place that output goes to instead of the cell. */
export interface OutputCapture {
  /** Runs `action`; what it puts out, also later, goes to the sink. */
  run<Result>(action: () => Result): Result;
  /** Sends an error to the sink, the way it would be shown below a cell. */
  fail(error: unknown): void;
  /** From now on the output is dropped. */
  end(): void;
}

/** What the kernel publishes for comms and widgets under `Symbol.for("Jupyter.kernel")`. */
export interface RuntimeHook {
  readonly comms: Comms;
  /** Opens a place for output. An error may be sent a second time, with more in its traceback. */
  capture(sink: (output: CapturedOutput) => void): OutputCapture;
}

/**
 * The kernel that this code runs in.
 *
 * @throws {CommError} when it runs in none
 */
export function runtimeHook(): RuntimeHook {
  const hook = (globalThis as { [key: symbol]: unknown })[Symbol.for("Jupyter.kernel")];
  if (hook !== undefined) return hook as RuntimeHook;
  throw new CommError(
    "KERNEL_COMM_OUTSIDE",
    "comms and widgets need a notebook kernel, and this program runs without one. " +
      "Run the code in a cell of a notebook.",
  );
}

/** Opens channels to the page, and takes those that the page opens. */
export const comms: Comms = {
  open: (targetName, data, options) => runtimeHook().comms.open(targetName, data, options),
  register: (targetName, onOpen) => runtimeHook().comms.register(targetName, onOpen),
};
