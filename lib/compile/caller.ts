// Who called: what fails after a wait has lost the line that waits for it, and gets it back.
import { placeOf } from "../backends/onnx/call-sites.ts";

/** The calls that led to a call. */
export class Caller {
  readonly #trace: { readonly stack?: string } = {};

  /** Remembers them. */
  constructor() {
    Error.captureStackTrace(this.#trace, Caller);
  }

  /** Adds them to the stack of an error that tells of no line outside of the library. @returns the error */
  addTo(error: unknown): unknown {
    if (!(error instanceof Error) || placeOf(error.stack ?? "") !== undefined) return error;
    const { stack = "" } = this.#trace;
    if (placeOf(stack) === undefined) return error;
    const calls = stack.slice(stack.indexOf("\n"));
    error.stack = `${error.stack ?? String(error)}${calls}`;
    return error;
  }
}
