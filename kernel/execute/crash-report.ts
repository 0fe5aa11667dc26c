// What to tell the user when the runtime process has died: the likely reason, what is lost, and the remedy.
import { getHeapStatistics } from "node:v8";
import type { ThrownValue } from "../compile/thrown-value.ts";

/** How a process ended. */
export interface ProcessEnd {
  readonly exitCode: number | null;
  readonly signal: NodeJS.Signals | null;
  /** What the process wrote to its error output last. */
  readonly lastWords: string;
  /** Whether the system has killed for want of memory while the process ran. */
  readonly wasMemoryShort?: boolean;
}

/** What the process was, and what went with it. */
export interface ProcessFacts {
  /** Names that cells had declared. */
  readonly lostNames?: readonly string[];
  /** Limit of the JavaScript heap in MiB; V8's own when absent. */
  readonly memoryMib?: number | undefined;
}

const HEAP_EXHAUSTED = /heap out of memory|Reached heap limit|invalid table size/i;
/** V8 and Node begin their farewell with one of these. */
const FAREWELL =
  /\n*(<--- Last few GCs --->|FATAL ERROR:|# Fatal error in|#\n# Fatal|----- Native stack trace -----)/;
/** A collection as V8 logs it: used (reserved) before and after, in MiB. */
const COLLECTION = /[\d.]+ \([\d.]+\) -> ([\d.]+) \([\d.]+\) MB/g;
const MOST_NAMES = 12;
const BYTES_PER_MIB = 2 ** 20;
/** Signals of faults in native code: a wrong address, a wrong instruction, a division by zero. */
const FAULTS = new Set(["SIGSEGV", "SIGBUS", "SIGILL", "SIGFPE"]);

/** Where V8's farewell begins in the error output; -1 when there is none. */
export function farewellStart(text: string): number {
  return text.search(FAREWELL);
}

/** The error that the running cell ends with when its process died. */
export function describeDeath(end: ProcessEnd, facts: ProcessFacts = {}): ThrownValue {
  const { reason, remedy } = explain(end, facts);
  return runtimeDied(
    `the process that runs your code ${reason}.\n` +
      `A fresh process was started; ${losses(facts.lostNames ?? [])}.\n${remedy}`,
  );
}

function losses(names: readonly string[]): string {
  if (names.length === 0) return "the kernel and its history go on";
  const more = names.length - MOST_NAMES;
  const listed = names.slice(0, MOST_NAMES).join(", ") + (more > 0 ? ` and ${more} more` : "");
  return `the kernel and its history go on, but all variables are lost: ${listed}`;
}

function explain(end: ProcessEnd, facts: ProcessFacts): { reason: string; remedy: string } {
  const { exitCode, signal, lastWords } = end;
  if (HEAP_EXHAUSTED.test(lastWords)) return explainFullHeap(lastWords, facts);
  if (signal === "SIGKILL") {
    return end.wasMemoryShort === true
      ? {
          reason: "was killed by the system, because the memory of the machine ran out",
          remedy: "Use less memory, or close other programs, then run the cells from the top.",
        }
      : {
          reason: "was killed from outside (SIGKILL), as systems do when memory runs out",
          remedy:
            "If nobody has ended it on purpose, use less memory. Then run the cells from the top.",
        };
  }
  if (signal !== null && FAULTS.has(signal)) {
    return {
      reason: `crashed in native code (${signal})`,
      remedy:
        "A package with native code is the likely cause: look at what this cell calls, update that package, " +
        "then run the cells from the top.",
    };
  }
  const how = signal ? `was ended by ${signal}` : `ended with exit code ${exitCode}`;
  const fatal = /FATAL ERROR: .*|# Fatal error in.*/.exec(lastWords)?.[0];
  const abort = signal === "SIGABRT" ? " (process.abort(), or a failed check in native code)" : "";
  return {
    reason: fatal ? `${how} (${fatal})` : `${how}${abort}`,
    remedy: "Run the cells from the top, without the call that ended it.",
  };
}

function explainFullHeap(
  lastWords: string,
  { memoryMib }: ProcessFacts,
): { reason: string; remedy: string } {
  const limitMib = memoryMib ?? Math.round(getHeapStatistics().heap_size_limit / BYTES_PER_MIB);
  const usedMib = [...lastWords.matchAll(COLLECTION)].at(-1)?.[1];
  const used = usedMib === undefined ? "" : `: ${Math.round(Number(usedMib))} MiB were in use`;
  const larger = 2 ** Math.ceil(Math.log2(limitMib * 1.5));
  return {
    reason: `ran out of memory${used}, the JavaScript heap is limited to ${limitMib} MiB`,
    remedy:
      "Use typed arrays for large data (they are outside this limit), free what you no longer need, or raise the " +
      `limit: start with "gradlab lab --memory ${larger}", or set GRADLAB_MEMORY=${larger} and restart the kernel.`,
  };
}

/** An error of the kernel's own, without a stack. */
export function runtimeDied(message: string): ThrownValue {
  return { isError: true, name: "RuntimeDied", message, stack: "", details: "" };
}
