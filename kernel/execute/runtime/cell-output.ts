// Everything a cell puts out, in order: text through the ring, the rest by messages that know their place in it.
import { Console } from "node:console";
import type { MessagePort } from "node:worker_threads";
import { OutputBudget } from "../output-budget.ts";
import type { RuntimeMessage } from "../runtime-messages.ts";
import type { MainMessage } from "./bridge-messages.ts";
import type { Captures } from "./captures.ts";
import type { RingWriter } from "./output-ring.ts";
import type { MainSignals } from "./signals.ts";

/** Text that is short enough is encoded here, without a new buffer each time. */
const SCRATCH_BYTES = 64 * 1024;

/** What the output of cells is made of. */
export interface OutputParts {
  readonly port: MessagePort;
  readonly ring: RingWriter;
  readonly signals: MainSignals;
  /** The cell that the running code belongs to. */
  readonly owner: () => number;
  /** Bytes that one cell may put out before the rest is dropped. */
  readonly limitBytes: number;
}

/** The way out for text and messages of cells. */
export class CellOutput {
  readonly #parts: OutputParts;
  readonly #scratch = Buffer.allocUnsafeSlow(SCRATCH_BYTES);
  readonly #budgets = new Map<number, OutputBudget>();

  constructor(parts: OutputParts) {
    this.#parts = parts;
  }

  /** Where output of negative owners goes. */
  captures: Captures | undefined;

  /** Called when a cell starts: what older cells have spent is forgotten. */
  startCell(cell: number): void {
    this.#budgets.clear();
    this.#open(cell);
  }

  /** Puts text on a stream of the cell that the running code belongs to. */
  writeText(isError: boolean, chunk: string | Uint8Array, encoding?: BufferEncoding): void {
    const cell = this.#parts.owner();
    if (cell < 0) {
      this.captures?.text(cell, isError, textOf(chunk, encoding));
      return;
    }
    const bytes = this.#encode(chunk, encoding);
    const { bytes: allowed, notice } = this.#budgetOf(cell).take(bytes.length);
    this.#parts.ring.write(cell, isError, bytes.subarray(0, allowed));
    if (notice !== undefined) this.#parts.ring.write(cell, true, Buffer.from(notice));
  }

  /** Sends a message about `cell`, after the text that is already out. */
  send(message: RuntimeMessage): void {
    if ("cell" in message && message.cell < 0) {
      const rest = this.captures?.take(message);
      if (rest) this.send(rest);
      return;
    }
    this.#parts.signals.countMessage();
    const forward: MainMessage = { type: "forward", message, position: this.#parts.ring.position };
    this.#parts.port.postMessage(forward);
  }

  /** Keeps the cell that the running code belongs to from being done until `ending` has settled. */
  async hold(ending: Promise<unknown>): Promise<void> {
    const cell = this.#parts.owner();
    this.#parts.port.postMessage({ type: "hold", cell, isOver: false } satisfies MainMessage);
    try {
      await ending;
    } finally {
      this.#parts.port.postMessage({ type: "hold", cell, isOver: true } satisfies MainMessage);
    }
  }

  /** Sends something that stays in the notebook, as long as the cell is below its limit. */
  sendCounted(message: RuntimeMessage & { readonly cell: number }, bytes: number): void {
    if (message.cell < 0) return this.send(message);
    const { bytes: allowed, notice } = this.#budgetOf(message.cell).take(bytes);
    if (allowed === bytes) this.send(message);
    if (notice !== undefined) this.#parts.ring.write(message.cell, true, Buffer.from(notice));
  }

  /** Called when the output of `cell` is cleared: it may use its whole limit again. */
  forget(cell: number): void {
    this.#open(cell);
  }

  /** Makes `process.stdout`, `process.stderr` and `console` write to the notebook. */
  install(): void {
    process.stdout.write = this.#writeFunction(false);
    process.stderr.write = this.#writeFunction(true);
    // Node's own console keeps its arguments alive for the inspector: tensors would never be freed.
    globalThis.console = new Console({
      stdout: process.stdout,
      stderr: process.stderr,
      ignoreErrors: false,
      colorMode: false,
    });
  }

  #writeFunction(isError: boolean): typeof process.stdout.write {
    return (
      chunk: string | Uint8Array,
      second?: BufferEncoding | ((error?: Error | null) => void),
      third?: (error?: Error | null) => void,
    ): boolean => {
      const callback = typeof second === "function" ? second : third;
      this.writeText(isError, chunk, typeof second === "string" ? second : undefined);
      if (callback) process.nextTick(callback);
      return true;
    };
  }

  #encode(chunk: string | Uint8Array, encoding: BufferEncoding = "utf8"): Uint8Array {
    if (typeof chunk !== "string") return chunk;
    // A character takes at most three bytes in UTF-8.
    if (encoding !== "utf8" || chunk.length * 3 > SCRATCH_BYTES)
      return Buffer.from(chunk, encoding);
    return this.#scratch.subarray(0, this.#scratch.write(chunk));
  }

  #budgetOf(cell: number): OutputBudget {
    return this.#budgets.get(cell) ?? this.#open(cell);
  }

  #open(cell: number): OutputBudget {
    const budget = new OutputBudget(this.#parts.limitBytes);
    this.#budgets.set(cell, budget);
    return budget;
  }
}

function textOf(chunk: string | Uint8Array, encoding: BufferEncoding = "utf8"): string {
  return Buffer.from(chunk as string, encoding).toString("utf8");
}
