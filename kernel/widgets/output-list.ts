// Output as a notebook file keeps it: text of a stream joined, displays updated in place, clearing that waits.
import type { CapturedOutput } from "../comms/kernel-comms.ts";
import { OutputBudget } from "../execute/output-budget.ts";

/** One output, as a notebook file has it. */
export type PlainOutput = Readonly<Record<string, unknown>>;

interface Entry {
  readonly displayId?: string;
  readonly output: Record<string, unknown>;
}

/** Bytes that stay in the state of a widget, which every page gets. */
const LIMIT_BYTES = 8 * 1024 * 1024;

/** Collects the output of one run. */
export class OutputList {
  #entries: Entry[] = [];
  #clearsNext = false;
  #budget = new OutputBudget(LIMIT_BYTES);

  /** How many outputs there are. */
  get length(): number {
    return this.#entries.length;
  }

  /** What is to be shown, as a copy. */
  outputs(): PlainOutput[] {
    return this.#entries.map(({ output }) => ({ ...output }));
  }

  /** Takes an output in. */
  add(output: CapturedOutput): void {
    if (output.type === "clear") {
      if (output.wait) this.#clearsNext = true;
      else this.#empty();
      return;
    }
    if (this.#clearsNext) this.#empty();
    if (output.type === "stream") this.#addText(output.name, output.text);
    else if (output.type === "display") this.#addDisplay(output);
    else this.#addError(output);
  }

  #empty(): void {
    this.#entries = [];
    this.#clearsNext = false;
    this.#budget = new OutputBudget(LIMIT_BYTES);
  }

  #addText(name: string, text: string): void {
    const { bytes: allowed, notice } = this.#budget.take(text.length);
    this.#join(name, text.slice(0, allowed));
    if (notice !== undefined) this.#join("stderr", notice);
  }

  #join(name: string, text: string): void {
    const last = this.#entries.at(-1)?.output;
    if (last?.["output_type"] === "stream" && last["name"] === name) {
      last["text"] = `${String(last["text"])}${text}`;
    } else if (text !== "") {
      this.#entries.push({ output: { output_type: "stream", name, text } });
    }
  }

  #addDisplay(display: Extract<CapturedOutput, { type: "display" }>): void {
    const { bundle: data, metadata, displayId, isUpdate } = display;
    const output = { output_type: "display_data", data, metadata };
    if (!isUpdate) this.#entries.push({ displayId, output });
    else {
      this.#entries = this.#entries.map((entry) =>
        entry.displayId === displayId ? { displayId, output } : entry,
      );
    }
  }

  /** The same error with a longer traceback takes its own place. */
  #addError({ ename, evalue, traceback }: Extract<CapturedOutput, { type: "error" }>): void {
    const output = { output_type: "error", ename, evalue, traceback };
    const last = this.#entries.at(-1)?.output;
    const isSame = last?.["ename"] === ename && last["evalue"] === evalue;
    if (isSame) this.#entries.pop();
    this.#entries.push({ output });
  }
}
