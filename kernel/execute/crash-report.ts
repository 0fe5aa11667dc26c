// What to tell the user when the runtime process has died: the likely reason and the remedy.
import type { ThrownValue } from "../compile/thrown-value.ts";

/** How a process ended. */
export interface ProcessEnd {
  readonly exitCode: number | null;
  readonly signal: NodeJS.Signals | null;
  /** What the process wrote to its error output last. */
  readonly lastWords: string;
}

const HEAP_EXHAUSTED = /heap out of memory|Reached heap limit|invalid table size/i;
/** V8 and Node begin their farewell with one of these. */
const FAREWELL =
  /\n*(<--- Last few GCs --->|FATAL ERROR:|# Fatal error in|#\n# Fatal|----- Native stack trace -----)/;

/** Where V8's farewell begins in the error output; -1 when there is none. */
export function farewellStart(text: string): number {
  return text.search(FAREWELL);
}

/** The error that the running cell ends with when its process died. */
export function describeDeath(end: ProcessEnd): ThrownValue {
  const { reason, remedy } = explain(end);
  return runtimeDied(
    `the process that runs your code ${reason}. ` +
      `All variables are lost; a fresh process was started. ${remedy}`,
  );
}

function explain({ exitCode, signal, lastWords }: ProcessEnd): { reason: string; remedy: string } {
  if (HEAP_EXHAUSTED.test(lastWords)) {
    return {
      reason: "ran out of memory (JavaScript heap)",
      remedy:
        "Use typed arrays for large data, free what you no longer need, or give it more memory: " +
        "set the environment variable GRADLAB_MEMORY to more MiB (for example 8192) and restart the kernel.",
    };
  }
  if (signal === "SIGKILL") {
    return {
      reason: "was killed (SIGKILL), often by the system because memory ran out",
      remedy: "Use less memory, or close other programs, then run the cells again from the top.",
    };
  }
  const how = signal ? `was ended by ${signal}` : `ended with exit code ${exitCode}`;
  const fatal = /FATAL ERROR: .*|# Fatal error in.*/.exec(lastWords)?.[0];
  return {
    reason: fatal ? `${how} (${fatal})` : how,
    remedy: "Run the cells again from the top, without the call that ended it.",
  };
}

/** An error of the kernel's own, without a stack. */
export function runtimeDied(message: string): ThrownValue {
  return { isError: true, name: "RuntimeDied", message, stack: "", details: "" };
}
