// Calls a learner's function: a loop without end or an await without end stops after a time limit.
import vm from "node:vm";
import { NotImplemented } from "../errors.ts";

/** How a call ended. */
export type CallOutcome =
  | { readonly state: "returned"; readonly value: unknown }
  | { readonly state: "threw"; readonly error: unknown }
  | { readonly state: "unwritten" }
  | { readonly state: "timedOut"; readonly seconds: number };

/** How long one call may take, in milliseconds. */
export const CALL_LIMIT_MS = 10_000;

const SLOT = Symbol.for("gradlab.grader.call");
const RUN = new vm.Script(`globalThis[Symbol.for("gradlab.grader.call")]()`, {
  filename: "gradlab-check.js",
});

/**
 * Calls a function and waits for what it returns.
 *
 * @param limitMs - milliseconds for the synchronous part, and again for the promise it may return
 */
export async function callFunction(
  fn: (...args: never[]) => unknown,
  args: readonly unknown[],
  limitMs: number = CALL_LIMIT_MS,
): Promise<CallOutcome> {
  try {
    const returned = callWithLimit(
      () => (fn as (...values: unknown[]) => unknown)(...args),
      limitMs,
    );
    return await settleWithLimit(returned, limitMs);
  } catch (error) {
    if (error instanceof NotImplemented) return { state: "unwritten" };
    if ((error as { code?: unknown } | null)?.code === "ERR_SCRIPT_EXECUTION_TIMEOUT") {
      return { state: "timedOut", seconds: limitMs / 1000 };
    }
    if (error === TIMED_OUT) return { state: "timedOut", seconds: limitMs / 1000 };
    return { state: "threw", error };
  }
}

// A script with a time limit is the one way to stop a synchronous loop from inside its own thread.
function callWithLimit(call: () => unknown, limitMs: number): unknown {
  const slots = globalThis as unknown as Record<symbol, unknown>;
  slots[SLOT] = call;
  try {
    return RUN.runInThisContext({ timeout: limitMs });
  } finally {
    delete slots[SLOT];
  }
}

const TIMED_OUT = Symbol("timed out");

async function settleWithLimit(returned: unknown, limitMs: number): Promise<CallOutcome> {
  if (!(returned instanceof Promise)) return { state: "returned", value: returned };
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(TIMED_OUT), limitMs);
  });
  try {
    return { state: "returned", value: await Promise.race([returned, limit]) };
  } finally {
    clearTimeout(timer);
  }
}
