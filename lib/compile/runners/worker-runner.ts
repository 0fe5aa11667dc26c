// The runner in a thread of its own: the caller's thread stays free while a graph runs.
import { Worker } from "node:worker_threads";
import type { TypedArray } from "../../dtype.ts";
import { WorkerError } from "../../errors.ts";
import { type BellLine, bellLine, waitForBell } from "./bell.ts";
import type { Engine } from "./engine.ts";
import { forgetGate, gateMemory, guardGate } from "./gate.ts";
import type { RunOutcome } from "../recording/plan.ts";
import { disposed, type Runner } from "./runner.ts";
import {
  type Answer,
  buffersOf,
  type Call,
  type Question,
  type WorkerData,
} from "./worker-messages.ts";

/**
 * Runs plans in a worker.
 *
 * @param whileWaiting - called now and then while this thread stands still for an answer
 */
export function workerRunner(whileWaiting?: () => void): Runner {
  const worker = new CalledWorker(whileWaiting);
  const runner: Runner = {
    get hasEnded() {
      return worker.hasEnded;
    },
    add: (shapes) => worker.call("add", [shapes]),
    // A copy to hand over is made once; an array that is sent is written down first, and copied from there.
    hold: (constant, numbers) => {
      const own = numbers.slice();
      return worker.call("hold", [constant, own], buffersOf([own]));
    },
    letGo: (constant) => worker.call("letGo", [constant]),
    open: (program, plan, held) => worker.call("open", [program, plan, held]),
    write: (pieces) => {
      const own = pieces.map((piece) => ({ ...piece, numbers: piece.numbers.slice() }));
      return worker.call("write", [own], buffersOf(own.map(({ numbers }) => numbers)));
    },
    read: (arrays) => worker.call<"read", TypedArray[]>("read", [arrays]),
    readNow: (arrays) => worker.callNow("read", [arrays]),
    runsNow: () => worker.callNow("runs", []),
    run: (program, feeds) =>
      worker.call<"run", RunOutcome>("run", [program, feeds], buffersOf(feeds)),
    close: (program) => worker.call("close", [program]),
    dispose: () => worker.end(),
  };
  // A compiled step that somebody forgot must not leave its thread behind.
  forgotten.register(runner, worker);
  return runner;
}

/** More threads than anybody runs steps in on purpose, on the machines of today. */
const MANY_THREADS = 8;
let threads = 0;
let hasTold = false;

// Those that were forgotten end when their memory is wanted, which in a small program is never.
function countThread(): void {
  threads++;
  if (threads <= MANY_THREADS || hasTold) return;
  hasTold = true;
  console.warn(
    `compile: a compiled step has a thread and its weights in it until dispose, and now there are ${threads} threads. ` +
      "Call dispose() on a step that you no longer run; a cell that compiles anew each time disposes of the former step first.",
  );
}

const forgotten = new FinalizationRegistry<CalledWorker>((worker) => worker.end());

/** Who waits for an answer. */
interface Waiting {
  readonly resolve: (value: never) => void;
  readonly reject: (error: unknown) => void;
}

// A worker that is asked by number. While nobody waits for it, it does not keep the process alive.
class CalledWorker {
  readonly #worker: Worker;
  readonly #line: BellLine;
  readonly #waiting = new Map<number, Waiting>();
  readonly #whileWaiting: (() => void) | undefined;
  #questions = 0;
  #hasAnswered = false;
  // Why there are no answers any more. An error that is kept would keep its callers: the step, and the model.
  #end: (() => Error) | undefined;

  constructor(whileWaiting?: () => void) {
    this.#whileWaiting = whileWaiting;
    const gate = gateMemory();
    const { asking, answering } = bellLine();
    const workerData: WorkerData = { gate, line: answering };
    this.#line = asking;
    this.#worker = new Worker(entry(), {
      workerData,
      transferList: [answering.port],
      // Options of the process, such as hooks and debuggers, are none of the worker's business.
      execArgv: [],
      // The worker makes a few small objects for each run: room for more would only fill up, by 10 MiB in 3,000 steps.
      resourceLimits: { maxYoungGenerationSizeMb: 2 },
    });
    this.#worker.unref();
    countThread();
    guardGate(gate);
    this.#worker.on("exit", () => {
      forgetGate(gate);
      threads--;
    });
    this.#worker.on("message", (answer: Answer) => this.#take(answer));
    this.#worker.on("error", (cause) => this.#fail(() => deathOf(cause.message, cause)));
    this.#worker.on("exit", (code) => this.#fail(() => deathOf(`it exited with code ${code}`)));
  }

  get hasEnded(): boolean {
    return this.#end !== undefined || this.#hasStopped();
  }

  call<Name extends Call, Value = void>(
    call: Name,
    parameters: Question<Name>["parameters"],
    handedOver: ArrayBuffer[] = [],
  ): Promise<Value> {
    if (this.#end) return Promise.reject(this.#end());
    const question: Question<Name> = { id: this.#questions++, call, parameters };
    return new Promise((resolve, reject) => {
      this.#waiting.set(question.id, { resolve, reject });
      this.#worker.ref();
      this.#worker.postMessage(question, handedOver);
    });
  }

  /** The same; this thread stands still until the answer is there. */
  callNow<Name extends Call>(
    call: Name,
    parameters: Question<Name>["parameters"],
  ): ReturnType<Engine[Name]> {
    if (this.#end) throw this.#end();
    const id = this.#questions++;
    const question: Question<Name> = { id, call, parameters, standsStill: true };
    this.#worker.postMessage(question);
    const hasDied = (): boolean => {
      this.#whileWaiting?.();
      return this.#hasStopped();
    };
    const answer = waitForBell(this.#line, id, { hasDied });
    if (answer === undefined) {
      const reason = hasDied()
        ? "it stopped while this thread waited for it"
        : "it does not answer";
      this.#fail(() => deathOf(reason));
      throw this.#end!();
    }
    if (answer.error !== undefined) throw answer.error;
    return answer.value as ReturnType<Engine[Name]>;
  }

  // Its events come when this thread has a turn; this can be asked at once. The loop of a thread that is gone has been idle
  // for -1, or was never active, as that of one that has not begun yet.
  #hasStopped(): boolean {
    const { idle, active } = this.#worker.performance.eventLoopUtilization();
    return idle < 0 || (this.#hasAnswered && active === 0);
  }

  end(): void {
    this.#fail(disposed);
    // It ends itself, after the run that is under way: from outside that would end the process.
    this.#worker.postMessage("end");
  }

  #take({ id, value, error }: Answer): void {
    this.#hasAnswered = true;
    const waiting = this.#waiting.get(id);
    // Since the end, nobody waits.
    if (waiting === undefined) return;
    const { resolve, reject } = waiting;
    this.#waiting.delete(id);
    if (this.#waiting.size === 0) this.#worker.unref();
    if (error === undefined) resolve(value as never);
    else reject(error);
  }

  // The first reason is the true one: others follow from it.
  #fail(reason: () => Error): void {
    this.#end ??= reason;
    for (const { reject } of this.#waiting.values()) reject(this.#end());
    this.#waiting.clear();
    this.#worker.unref();
  }
}

function deathOf(reason: string, cause?: Error): WorkerError {
  return new WorkerError(
    `compile: the thread that trains must live until dispose, but it ended: ${reason}. ` +
      "The model keeps what was last read or synced (fit: the last whole epoch). Compile the step again, or call fit again, to go on from there.",
    { cause },
  );
}

// Old Nodes run no TypeScript: where this file is a source, as in tests, the worker is the one that was built.
function entry(): URL {
  const beside = new URL("./worker.js", import.meta.url);
  if (!import.meta.url.endsWith(".ts")) return beside;
  return new URL(
    beside.href.replace(
      /\/lib\/compile\/runners\/worker\.js$/,
      "/dist/lib/compile/runners/worker.js",
    ),
  );
}
