// %timeit: how long code takes per loop, measured in several runs of as many loops as make a clock reliable.
import type { CommandCall } from "../compile/cell-runtime.ts";
import type { CellCommand, CommandRuntime } from "./command.ts";
import { formatDuration } from "./durations.ts";

/** One run should take at least this long, so that the clock's own cost does not show. */
const SHORTEST_RUN_MS = 200;
const MOST_LOOPS = 1e9;
const USUAL_RUNS = 7;
/** Above this ratio the slowest run says that something is kept between the runs. */
const SUSPICIOUS_RATIO = 4;

/** Runs the code `loops` times. @returns the milliseconds that took */
type TimedLoops = (loops: number, stop: StopSign) => number | Promise<number>;

/** Looked at before each loop of code that awaits, which an interrupt cannot cut. */
interface StopSign {
  isRaised: boolean;
  /** What the code gave last, kept so that it is not optimised away. */
  value: unknown;
}

/** What a measurement gave; the value of `%timeit -o`. */
export interface TimeitResult {
  /** Milliseconds per loop, one number for each run. */
  readonly perLoopMs: readonly number[];
  readonly loops: number;
  readonly meanMs: number;
  readonly deviationMs: number;
  readonly bestMs: number;
  readonly worstMs: number;
}

/** `%timeit code` and `%%timeit`. */
export const timeit: CellCommand = {
  name: "timeit",
  summary: "run code many times and say how long one time takes",
  arguments: "[-n LOOPS] [-r RUNS] [-o] [-q] CODE",
  forms: ["line", "cell"],
  help: `%timeit dot(a, b)             measures one statement
%%timeit const x = setup()    measures the rest of the cell; setup() runs before each run, not timed

-n LOOPS   loops in each run; without it as many as make a run take at least 0.2 s
-r RUNS    runs, 7 without it
-o         the value of the line is the measurement, with all times in milliseconds
-q         prints nothing

Without -n the search for the number of loops warms the code up and is not counted; with -n the first run is cold.
The code runs in a function of its own: names that it declares end with it. await works.`,
  takesSetup: true,
  options: /^(?:\s*-(?:[nr]\s*\d+|[oq])(?=\s|$))+/,
  check: checkOptions,
  wrap: ({ options, setup, isAsync }) => {
    const call = `__gradlab.commands.run("timeit", { argument: ${JSON.stringify(options)}, values: [`;
    const kind = isAsync ? "async " : "";
    const isWanted = `__at < __loops${isAsync ? " && !__stop.isRaised" : ""}`;
    return {
      before:
        `${isAsync ? "await (" : "("}${call}${kind}(__loops, __stop) => {` +
        `let __value; ${setup}; const __from = performance.now();` +
        `for (let __at = 0; ${isWanted}; __at++) {`,
      open: "__value = (",
      close: ")",
      after: `;} const __ms = performance.now() - __from; __stop.value = __value; return __ms; }] }))`,
    };
  },
  run: runTimeit,
};

/** `-x` alone may be the negative of a variable; before another word it can only be an option. */
const UNKNOWN_OPTION = /^\s*(-(?:[nr](?![\w$])|[A-Za-z]+(?=\s+[\w$("'`[])))/;

function checkOptions(argument: string): string | undefined {
  const options = timeit.options!.exec(argument)?.[0] ?? "";
  const zero = /(-[nr]\s*0+)(?=\s|$)/.exec(options)?.[1];
  const wrong = zero ?? UNKNOWN_OPTION.exec(argument.slice(options.length))?.[1];
  if (wrong === undefined) return undefined;
  return (
    `%timeit takes -n and -r with a number of at least 1, -o and -q; got ${wrong}. ` +
    "Write it as in %timeit -n 1000 -r 5 work()."
  );
}

function runTimeit({ argument, values = [] }: CommandCall, runtime: CommandRuntime): unknown {
  const code = values[0] as TimedLoops;
  const stop: StopSign = { isRaised: false, value: undefined };
  const report = (result: TimeitResult): TimeitResult | undefined => {
    if (!/-q/.test(argument)) runtime.write(describe(result));
    return /-o/.test(argument) ? result : undefined;
  };
  const measurement = measure(numberAfter("-n", argument), numberAfter("-r", argument));
  let step = measurement.next();
  while (!step.done) {
    const elapsed = code(step.value, stop);
    if (typeof elapsed !== "number") return awaitRest(elapsed);
    step = measurement.next(elapsed);
  }
  return report(step.value);

  async function awaitRest(first: Promise<number>): Promise<TimeitResult | undefined> {
    const release = runtime.onInterrupt(() => (stop.isRaised = true));
    try {
      let next = measurement.next(await first);
      while (!next.done && !stop.isRaised) next = measurement.next(await code(next.value, stop));
      // After an interrupt the cell has ended, and nobody waits for what was measured.
      return next.done ? report(next.value) : undefined;
    } finally {
      release();
    }
  }
}

/** Asks for runs of so many loops, takes the milliseconds of each, and returns what they say. */
function* measure(
  givenLoops: number | undefined,
  runs: number = USUAL_RUNS,
): Generator<number, TimeitResult, number> {
  let loops = givenLoops ?? 1;
  if (givenLoops === undefined) {
    while ((yield loops) < SHORTEST_RUN_MS && loops < MOST_LOOPS) loops *= 10;
  }
  const perLoopMs: number[] = [];
  while (perLoopMs.length < runs) perLoopMs.push((yield loops) / loops);
  const meanMs = perLoopMs.reduce((sum, ms) => sum + ms, 0) / runs;
  const squares = perLoopMs.reduce((sum, ms) => sum + (ms - meanMs) ** 2, 0);
  return {
    perLoopMs,
    loops,
    meanMs,
    deviationMs: Math.sqrt(squares / runs),
    bestMs: Math.min(...perLoopMs),
    worstMs: Math.max(...perLoopMs),
  };
}

function describe({
  perLoopMs,
  loops,
  meanMs,
  deviationMs,
  bestMs,
  worstMs,
}: TimeitResult): string {
  const runs = perLoopMs.length;
  const isSuspicious = bestMs > 0 && worstMs > SUSPICIOUS_RATIO * bestMs && worstMs > 1e-3;
  const warning = isSuspicious
    ? `The slowest run took ${(worstMs / bestMs).toFixed(2)} times longer than the fastest. ` +
      "The code may keep a result from an earlier run, or a run was cold.\n"
    : "";
  return (
    `${warning}${formatDuration(meanMs)} ± ${formatDuration(deviationMs)} per loop ` +
    `(mean ± std. dev. of ${counted(runs, "run")}, ${counted(loops, "loop")} each)\n`
  );
}

const counted = (count: number, what: string): string =>
  `${count.toLocaleString("en-US")} ${what}${count === 1 ? "" : "s"}`;

function numberAfter(option: string, argument: string): number | undefined {
  const found = new RegExp(`${option}\\s*(\\d+)`).exec(argument);
  return found ? Number(found[1]) : undefined;
}
