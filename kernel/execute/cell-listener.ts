// Who hears what one cell puts out: a front end's cell, or a message of a front end. Bytes become text on the way.
import { StringDecoder } from "node:string_decoder";
import type { ErrorReport } from "../compile/syntax-error.ts";
import { OutputBudget, outputLimitBytes } from "./output-budget.ts";
import type { StreamName } from "./runtime-messages.ts";
import type { CellOutputMessage } from "./runtime-supervisor.ts";

/** Output of a cell, with errors of its background code made ready to be shown. */
export type CellOutput =
  | Exclude<
      CellOutputMessage,
      { type: "uncaught" | "stream" | "notice" | "effect" | "comm-received" | "report-request" }
    >
  | { readonly type: "text"; readonly name: StreamName; readonly text: string }
  | { readonly type: "error"; readonly report: ErrorReport };

/** Hears one cell, also after its end, when it left timers behind. */
export class CellListener {
  /** Takes output that is ready to be shown. */
  readonly hear: (output: CellOutput) => void;
  readonly #decoders: Record<StreamName, StringDecoder> = {
    stdout: new StringDecoder(),
    stderr: new StringDecoder(),
  };
  /** For text that comes around the runtime's own count. */
  readonly #rawBudget = new OutputBudget(outputLimitBytes(process.env));

  /** @param hear - receives the output */
  constructor(hear: (output: CellOutput) => void) {
    this.hear = hear;
  }

  /** Takes a piece of a stream, which may end in the middle of a character. */
  hearBytes(name: StreamName, { buffer, byteOffset, byteLength }: Uint8Array): void {
    this.hearText(name, this.#decoders[name].write(Buffer.from(buffer, byteOffset, byteLength)));
  }

  /** Takes text. */
  hearText(name: StreamName, text: string): void {
    if (text !== "") this.hear({ type: "text", name, text });
  }

  /** Takes text of the process itself, as far as the cell may put out more. */
  hearRawText(name: StreamName, text: string): void {
    const { bytes: allowed, notice = "" } = this.#rawBudget.take(text.length);
    this.hearText(name, text.slice(0, allowed));
    this.hearText("stderr", notice);
  }
}
