// Runs a cell: starts it through the inspector, waits for its end, and says how it ended.
import type { Runtime } from "node:inspector";
import { setTimeout as timeout } from "node:timers/promises";
import type { ThrownValue } from "../../compile/thrown-value.ts";
import type { RuntimeMessage } from "../runtime-messages.ts";
import type { BesideStart } from "./beside-start.ts";
import type { DevTools } from "./devtools.ts";
import type { Outbox } from "./outbox.ts";
import { RunningCells, type Ending, type InterruptibleCell } from "./running-cells.ts";

/** What running cells needs from the bridge. */
export interface CellRunnerParts {
  readonly devTools: DevTools;
  readonly outbox: Outbox;
  readonly host: { send(message: RuntimeMessage): void };
  readonly beside: BesideStart;
  /** Whether an interrupt is under way. */
  readonly isInterrupting: () => boolean;
  /** Called before each cell. */
  readonly onStart: (isAlone: boolean) => void;
  /** Called a moment after the first cell was started, whether or not it still runs. */
  readonly onWarm: () => void;
}

/** How long a process may take to die after its inspector has refused a cell, in milliseconds. */
const REFUSED_WAIT_MS = 1000;
/**
 * What V8 says of every cell when Node takes the inspector down: it does so before it sends its own process a signal,
 * and the bridge may have a few milliseconds to hear of it.
 */
const INSPECTOR_GONE = "Execution context was destroyed";
/** When the first cells of a notebook have most likely had their say, in milliseconds after the first start. */
const WARM_MS = 300;

const INTERRUPTED: ThrownValue = {
  isError: true,
  name: "KeyboardInterrupt",
  message: "the cell was interrupted; its variables are kept",
  stack: "",
  details: "",
};

const DESCRIBE_THIS = 'function () { "use strict"; return __gradlab.thrown(this); }';

/** Runs cells, those of different shells beside each other. */
export class CellRunner {
  readonly #parts: CellRunnerParts;
  readonly #cells = new RunningCells();
  #lastCell = 0;

  constructor(parts: CellRunnerParts) {
    this.#parts = parts;
  }

  /** The cells that run now, as one. */
  get current(): InterruptibleCell | undefined {
    return this.#cells.together();
  }

  /** The cell that was started last; 0 before the first. */
  get lastCell(): number {
    return this.#lastCell;
  }

  /** Runs a cell to its end and reports it, after everything that the cell has put out. */
  async run(cell: number, javascript: string): Promise<void> {
    const { devTools, outbox, host, onStart } = this.#parts;
    const objectGroup = `cell-${cell}`;
    const isAlone = this.#cells.size === 0;
    onStart(isAlone);
    if (this.#lastCell === 0) setTimeout(this.#parts.onWarm, WARM_MS).unref();
    this.#lastCell = cell;
    const evaluated = isAlone
      ? this.#evaluate(javascript, objectGroup)
      : this.#evaluateBeside(cell, javascript, objectGroup);
    const { abandoned } = this.#cells.add(cell, evaluated);
    const ending = await Promise.race([evaluated, abandoned]);
    outbox.flush();
    await Promise.race([outbox.whenReleased(cell), abandoned]);
    // The process may be coming to its end, and that is what the host has to tell the user.
    if (ending.type === "refused") await timeout(REFUSED_WAIT_MS);
    const thrown = await this.#thrownBy(ending);
    this.#cells.remove(cell);
    outbox.flush();
    host.send({
      type: "done",
      cell,
      ...(thrown ? { thrown } : {}),
      wasInterrupted: ending.type === "abandoned" || thrown?.name === INTERRUPTED.name,
    });
    devTools.tell("Runtime.releaseObjectGroup", { objectGroup });
  }

  async #evaluate(javascript: string, objectGroup: string): Promise<Ending> {
    return this.#parts.devTools.evaluate(javascript, objectGroup).then(
      (reply): Ending => ({ type: "evaluated", reply }),
      // V8 may give up a cell whose code an interrupt has ended before the interrupt itself gets to it.
      (error: Error): Ending =>
        this.#parts.isInterrupting() && !error.message.includes(INSPECTOR_GONE)
          ? { type: "abandoned" }
          : { type: "refused", error },
    );
  }

  async #evaluateBeside(cell: number, javascript: string, objectGroup: string): Promise<Ending> {
    const wasAbandoned = (): boolean => this.#cells.wasAbandoned(cell);
    const ending = await this.#parts.beside.start(cell, javascript, wasAbandoned);
    return ending ?? this.#evaluate(javascript, objectGroup);
  }

  async #thrownBy(ending: Ending): Promise<ThrownValue | undefined> {
    if (ending.type === "nested") return ending.thrown;
    if (ending.type === "abandoned") return INTERRUPTED;
    if (ending.type === "refused") return cellLost(ending.error);
    const { exceptionDetails } = ending.reply;
    if (!exceptionDetails) return undefined;
    const { exception } = exceptionDetails;
    const described = exception && (await this.#describe(exception));
    if (described) return described;
    const text = exception?.description ?? String(exception?.value ?? exceptionDetails.text);
    return { isError: false, name: "Uncaught", message: text, stack: "", details: "" };
  }

  async #describe(thrown: Runtime.RemoteObject): Promise<ThrownValue | undefined> {
    const { objectId } = thrown;
    const [method, command] =
      objectId === undefined
        ? ["Runtime.evaluate", { expression: `__gradlab.thrown(${literalOf(thrown)})` }]
        : ["Runtime.callFunctionOn", { objectId, functionDeclaration: DESCRIBE_THIS }];
    try {
      const reply = await this.#parts.devTools.post<Runtime.EvaluateReturnType>(method, {
        ...command,
        returnByValue: true,
      });
      return reply.result.value as ThrownValue | undefined;
    } catch {
      return undefined;
    }
  }
}

function cellLost(error: unknown): ThrownValue {
  const message =
    `a cell must run to its end, but V8 gave this one up (${(error as Error).message}). ` +
    "Run it again; if that does not help, restart the kernel.";
  return { isError: true, name: "CellLost", message, stack: "", details: "" };
}

/** A value without an address, as source text. */
const literalOf = ({ unserializableValue, value }: Runtime.RemoteObject): string =>
  unserializableValue ?? JSON.stringify(value) ?? "undefined";
