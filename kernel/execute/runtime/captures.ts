// Output that goes elsewhere than below a cell: to a widget, which shows it on the page in a place of its own.
import type { ErrorReport } from "../../compile/syntax-error.ts";
import type { ThrownValue } from "../../compile/thrown-value.ts";
import type { CapturedOutput, OutputCapture } from "../../comms/kernel-comms.ts";
import type { RuntimeMessage } from "../runtime-messages.ts";
import type { ReportDelivery } from "./bridge-messages.ts";
import type { CellContext } from "./cell-context.ts";

/** Places whose late output still arrives. */
const MOST_PLACES = 500;

type Sink = (output: CapturedOutput) => void;

interface Place {
  readonly sink: Sink;
  /** Who ran code for this place last: its messages to comms are sent in that name. */
  runner: number;
}

/** A message that says whose it is. */
export type OwnedMessage = Extract<RuntimeMessage, { readonly cell: number }>;

/** What captures need from the rest of the runtime. */
export interface CaptureParts {
  readonly context: CellContext;
  /** Makes a thrown value ready to travel. */
  readonly capture: (thrown: unknown) => ThrownValue;
  /** Asks the host for the report of an error, with lines of TypeScript. */
  readonly askForReport: (ticket: number, thrown: ThrownValue) => void;
}

/** Knows the places that output goes to. Their owners have negative numbers. */
export class Captures {
  readonly #parts: CaptureParts;
  readonly #places = new Map<number, Place>();
  readonly #reports = new Map<number, (report: ErrorReport) => void>();
  #lastOwner = 0;
  /** The owner of the code that runs now, if it runs for a place. */
  #active: number | undefined;
  #lastTicket = 0;

  constructor(parts: CaptureParts) {
    this.#parts = parts;
  }

  /** Opens a place. */
  open(sink: Sink): OutputCapture {
    const owner = --this.#lastOwner;
    this.#places.set(owner, { sink, runner: this.runnerOf(this.#parts.context.owner()) });
    this.#places.delete(owner + MOST_PLACES);
    return {
      run: (action) => this.#run(owner, action),
      fail: (error) => this.#fail(owner, this.#parts.capture(error)),
      end: () => this.#places.delete(owner),
    };
  }

  /** Takes text that the owner of a place has written. */
  text(owner: number, isError: boolean, text: string): void {
    const name = isError ? "stderr" : "stdout";
    this.#places.get(owner)?.sink({ type: "stream", name, text });
  }

  /** Takes a message of the owner of a place. @returns what is to be sent all the same */
  take(message: OwnedMessage): RuntimeMessage | undefined {
    switch (message.type) {
      case "display": {
        const { bundle, metadata, displayId, isUpdate } = message;
        this.#sink(message.cell, { type: "display", bundle, metadata, displayId, isUpdate });
        return undefined;
      }
      case "clear":
        this.#sink(message.cell, { type: "clear", wait: message.wait });
        return undefined;
      case "uncaught":
        this.#fail(message.cell, message.thrown);
        return undefined;
      default:
        return { ...message, cell: this.runnerOf(message.cell) };
    }
  }

  /** The cell or the request behind an owner. */
  runnerOf(owner: number): number {
    return owner < 0 ? (this.#places.get(owner)?.runner ?? 0) : owner;
  }

  /** Called before code runs that may run for a place. */
  begin(): void {
    this.#active = undefined;
  }

  /** Shows an error where code was ended from outside. @returns false when it did not run for a place */
  failActive(error: unknown): boolean {
    if (this.#active === undefined) return false;
    this.#fail(this.#active, this.#parts.capture(error));
    this.#active = undefined;
    return true;
  }

  /** Takes the report of an error. */
  receive({ ticket, report }: ReportDelivery): void {
    this.#reports.get(ticket)?.(report);
    this.#reports.delete(ticket);
  }

  #run<Result>(owner: number, action: () => Result): Result {
    const { context } = this.#parts;
    const place = this.#places.get(owner);
    if (place) place.runner = this.runnerOf(context.owner());
    const leave = context.enterNested(owner);
    const before = this.#active;
    this.#active = owner;
    try {
      const result = action();
      if (result instanceof Promise) context.linger(owner, result);
      return result;
    } finally {
      this.#active = before;
      leave();
    }
  }

  #fail(owner: number, thrown: ThrownValue): void {
    const { name: ename, message: evalue } = thrown;
    this.#sink(owner, { type: "error", ename, evalue, traceback: [`${ename}: ${evalue}`] });
    const ticket = ++this.#lastTicket;
    this.#reports.set(ticket, (report) => this.#sink(owner, { type: "error", ...report }));
    this.#parts.askForReport(ticket, thrown);
  }

  #sink(owner: number, output: CapturedOutput): void {
    this.#places.get(owner)?.sink(output);
  }
}
