// Keeps a runtime process at hand: starts it, starts another when it dies, and runs the cells of all shells in it.
import type { ChildProcess } from "node:child_process";
import type { ThrownValue } from "../compile/thrown-value.ts";
import { describeDeath, runtimeDied, type ProcessEnd } from "./crash-report.ts";
import { LiveLooks } from "./live-looks.ts";
import type {
  CellStart,
  HostMessage,
  InspectMessage,
  LiveLook,
  RuntimeMessage,
  StreamName,
} from "./runtime-messages.ts";
import { RuntimeProcess } from "./runtime-process.ts";
import { spawnRuntime, type RuntimeOptions } from "./spawn-runtime.ts";

/** Starts in a row that may fail before the supervisor gives up. */
const MOST_FAILED_STARTS = 3;

/** How the processes are started. */
export interface SupervisorOptions extends RuntimeOptions {
  /** The first one, when it has been started already. */
  readonly spawned?: ChildProcess;
}

/** How a cell ended. */
export interface CellEnding {
  readonly thrown?: ThrownValue;
}

/** What a cell puts out on its way, and what its late code puts out afterwards. */
export type CellOutputMessage = Exclude<
  RuntimeMessage,
  { type: "ready" | "done" | "looked" } | InspectMessage
>;

/** Who hears what the runtime says. */
export interface SupervisorEvents {
  readonly onOutput: (message: CellOutputMessage) => void;
  readonly onInspect: (message: InspectMessage) => void;
  /**
   * The process has died under the cell that ran last, and another was started, without any variables.
   *
   * @returns the names that are lost
   */
  readonly onRestart: (lastCell: number) => readonly string[];
  /** Text that came around `console`, with the cell that ran last. */
  readonly onRawText: (cell: number, name: StreamName, text: string) => void;
}

interface RunningCell {
  readonly start: CellStart;
  readonly finish: (ending: CellEnding) => void;
  isSent: boolean;
}

/** How a cell ends that was interrupted before its first statement. */
export const INTERRUPTED_EARLY: ThrownValue = {
  isError: true,
  name: "KeyboardInterrupt",
  message: "the cell was interrupted before it started",
  stack: "",
  details: "",
};

/** Runs cells in a process that may die without taking the kernel with it. */
export class RuntimeSupervisor {
  readonly #options: RuntimeOptions;
  #spawned: ChildProcess | undefined;
  readonly #events: SupervisorEvents;
  readonly #looks = new LiveLooks((message) => this.#process.send(message));
  #process: RuntimeProcess;
  #isReady = false;
  #failedStarts = 0;
  #failure: ThrownValue | undefined;
  readonly #running = new Map<number, RunningCell>();
  #lastCell = 0;
  #isClosed = false;

  constructor(options: SupervisorOptions, events: SupervisorEvents) {
    this.#options = options;
    this.#spawned = options.spawned;
    this.#events = events;
    this.#process = this.#start();
  }

  /** Runs one cell to its end, beside those that run already. */
  run(start: CellStart): Promise<CellEnding> {
    if (this.#failure) return Promise.resolve({ thrown: this.#failure });
    return new Promise((finish) => {
      this.#running.set(start.cell, { start, finish, isSent: false });
      this.#sendWhenReady();
    });
  }

  /** Whether a cell runs. */
  get isRunning(): boolean {
    return this.#running.size > 0;
  }

  /** Interrupts the running cells, or what earlier cells have left running; a second time, with force. */
  interrupt(): void {
    const running = [...this.#running.values()];
    const waiting = running.filter(({ isSent }) => !isSent);
    if (running.length === 0 || waiting.length < running.length) {
      this.#process.send({ type: "interrupt" });
    }
    for (const { start } of waiting) this.#finish(start.cell, { thrown: INTERRUPTED_EARLY });
  }

  /** Sends an answer to a question of a running cell. */
  send(message: HostMessage): void {
    this.#process.send(message);
  }

  /** Looks at a value without running the user's code; undefined while a cell runs. */
  async look(expression: string): Promise<LiveLook | undefined> {
    return this.#isReady && !this.isRunning ? this.#looks.look(expression) : undefined;
  }

  /** Stops or goes on with taking output. */
  setPaused(isPaused: boolean): void {
    this.#process.setPaused(isPaused);
  }

  /** Ends the runtime process. */
  close(): void {
    this.#isClosed = true;
    this.#process.kill();
  }

  #start(): RuntimeProcess {
    this.#isReady = false;
    const child = this.#spawned ?? spawnRuntime(this.#options);
    this.#spawned = undefined;
    return new RuntimeProcess(child, {
      onMessage: (message) => this.#receive(message),
      onRawText: (name, text) => this.#events.onRawText(this.#lastCell, name, text),
      onExit: (end) => this.#bury(end),
    });
  }

  #sendWhenReady(): void {
    if (!this.#isReady) return;
    for (const cell of this.#running.values()) {
      if (cell.isSent) continue;
      cell.isSent = true;
      this.#lastCell = cell.start.cell;
      this.#process.send(cell.start);
    }
  }

  #receive(message: RuntimeMessage): void {
    if (message.type === "ready") {
      this.#isReady = true;
      this.#failedStarts = 0;
      this.#sendWhenReady();
    } else if (message.type === "done") {
      const ending = message.thrown ? { thrown: message.thrown } : {};
      // What the cell wrote to the process's own stdout is in the pipes by now: two turns read it.
      setImmediate(() => setImmediate(() => this.#finish(message.cell, ending)));
    } else if (message.type === "looked") {
      this.#looks.receive(message);
    } else if (message.type === "inspect-reply" || message.type === "inspect-event") {
      this.#events.onInspect(message);
    } else {
      this.#events.onOutput(message);
    }
  }

  #finish(id: number, ending: CellEnding): void {
    const cell = this.#running.get(id);
    this.#running.delete(id);
    cell?.finish(ending);
  }

  #bury(end: ProcessEnd): void {
    if (this.#isClosed) return;
    this.#failedStarts += this.#isReady ? 0 : 1;
    if (this.#failedStarts >= MOST_FAILED_STARTS) {
      this.#failure = runtimeDied(explainFailedStart(end));
      for (const id of this.#running.keys()) this.#finish(id, { thrown: this.#failure });
      return;
    }
    const wasReady = this.#isReady;
    this.#process = this.#start();
    const lostNames = this.#events.onRestart(this.#lastCell);
    const thrown = describeDeath(end, { lostNames, memoryMib: this.#options.memoryMib });
    const ended = [...this.#running.values()].filter(({ isSent }) => isSent);
    for (const { start } of ended) this.#finish(start.cell, { thrown });
    if (ended.length === 0 && wasReady) {
      this.#events.onOutput({ type: "uncaught", cell: this.#lastCell, thrown });
    }
  }
}

function explainFailedStart(end: ProcessEnd): string {
  const how = end.signal ?? `exit code ${end.exitCode}`;
  return (
    `the process that runs your code must start, but ended ${MOST_FAILED_STARTS} times at once (${how}). ` +
    `Run "gradlab doctor" and restart the kernel. ${end.lastWords}`
  );
}
