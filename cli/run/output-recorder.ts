// Turns what a kernel publishes while cells run into the outputs of these cells, as JupyterLab records them.
import type {
  CodeCell,
  DisplayOutput,
  Output,
  ResultOutput,
  StreamOutput,
} from "../../nbformat/types.ts";
import { appendToStream, emptyStream, streamText, type StreamText } from "./stream-text.ts";

/** The part of an iopub message that matters here. */
export interface PublishedMessage {
  readonly header: { readonly msg_type: string };
  readonly content: unknown;
}

/** The fields of all message contents that are looked at. */
interface Content {
  readonly name?: string;
  readonly text?: string;
  readonly data?: Record<string, unknown>;
  readonly metadata?: Record<string, unknown>;
  readonly transient?: { readonly display_id?: string };
  readonly execution_count?: number | null;
  readonly ename?: string;
  readonly evalue?: string;
  readonly traceback?: string[];
  readonly wait?: boolean;
}

/** What is remembered about a cell while messages for it may come. */
interface CellState {
  /** The stream that the next text of the same name continues. */
  open: { output: StreamOutput; text: StreamText } | undefined;
  /** `clearOutput(true)` was called: the next output replaces all. */
  clearNext: boolean;
  /** Characters kept so far. */
  size: number;
  isCut: boolean;
}

/** Characters one cell may add to the file; a cell that prints without end must not fill memory and disk. */
export const MAX_CELL_CHARACTERS: number = 16 * 1024 * 1024;

/** Records the outputs of the cells of one notebook. */
export class OutputRecorder {
  readonly #cells = new Map<CodeCell, CellState>();
  readonly #displays = new Map<string, (DisplayOutput | ResultOutput)[]>();
  readonly #maxCharacters: number;

  constructor(maxCharacters: number = MAX_CELL_CHARACTERS) {
    this.#maxCharacters = maxCharacters;
  }

  /** Adds one published message to the cell whose execution caused it. */
  record(cell: CodeCell, message: PublishedMessage): void {
    const content = message.content as Content;
    const type = message.header.msg_type;
    if (type === "execute_input") cell.execution_count = content.execution_count ?? null;
    else if (type === "clear_output") this.#clear(cell, content.wait === true);
    else if (type === "update_display_data") this.#update(content);
    else if (type === "stream") this.#addText(cell, content.name ?? "stdout", content.text ?? "");
    else if (type === "display_data" || type === "execute_result")
      this.#addDisplay(cell, type, content);
    else if (type === "error") this.addError(cell, content);
  }

  /** Adds an error output; also for what the kernel can no longer say itself. */
  addError(
    cell: CodeCell,
    error: { ename?: string; evalue?: string; traceback?: readonly string[] },
  ): void {
    this.#add(cell, {
      output_type: "error",
      ename: error.ename ?? "Error",
      evalue: error.evalue ?? "",
      traceback: [...(error.traceback ?? [])],
    });
  }

  #addText(cell: CodeCell, name: string, text: string): void {
    const state = this.#state(cell);
    if (!this.#fits(cell, writtenSize(text))) return;
    if (state.open?.output.name !== name || state.clearNext) {
      const output: StreamOutput = { output_type: "stream", name, text: "" };
      this.#add(cell, output);
      state.open = { output, text: emptyStream() };
    }
    appendToStream(state.open.text, text);
    state.open.output.text = streamText(state.open.text);
  }

  #addDisplay(cell: CodeCell, type: "display_data" | "execute_result", content: Content): void {
    const data = content.data ?? {};
    if (!this.#fits(cell, bundleSize(data))) return;
    const metadata = content.metadata ?? {};
    const output: DisplayOutput | ResultOutput =
      type === "display_data"
        ? { output_type: type, data, metadata }
        : { output_type: type, data, metadata, execution_count: content.execution_count ?? null };
    this.#add(cell, output);
    const id = content.transient?.display_id;
    if (id !== undefined) this.#displays.set(id, [...(this.#displays.get(id) ?? []), output]);
  }

  #update(content: Content): void {
    const shown = this.#displays.get(content.transient?.display_id ?? "") ?? [];
    for (const output of shown) {
      output.data = content.data ?? {};
      output.metadata = content.metadata ?? {};
    }
  }

  #add(cell: CodeCell, output: Output): void {
    const state = this.#state(cell);
    if (state.clearNext) this.#clear(cell, false);
    state.open = undefined;
    cell.outputs.push(output);
  }

  #clear(cell: CodeCell, wait: boolean): void {
    const state = this.#state(cell);
    state.clearNext = wait;
    state.open = undefined;
    if (wait) return;
    const gone = new Set<Output>(cell.outputs);
    for (const [id, shown] of this.#displays) {
      const kept = shown.filter((output) => !gone.has(output));
      if (kept.length < shown.length) this.#displays.set(id, kept);
    }
    cell.outputs.length = 0;
    state.size = 0;
    state.isCut = false;
  }

  /** Whether the cell may keep `size` more characters; says once in the outputs when it may not. */
  #fits(cell: CodeCell, size: number): boolean {
    const state = this.#state(cell);
    if (state.clearNext) this.#clear(cell, false);
    state.size += size;
    if (state.size <= this.#maxCharacters) return true;
    if (!state.isCut) {
      state.isCut = true;
      const text = `gradlab run: what this cell put out fills more than ${sizeText(this.#maxCharacters)} of the notebook; the rest was left out. Print less, or write to a file.\n`;
      this.#add(cell, { output_type: "stream", name: "stderr", text });
    }
    return false;
  }

  #state(cell: CodeCell): CellState {
    let state = this.#cells.get(cell);
    if (state === undefined) {
      state = { open: undefined, clearNext: false, size: 0, isCut: false };
      this.#cells.set(cell, state);
    }
    return state;
  }
}

/** Each line of text stands in a line of the file, behind its indentation and between quotes. */
const LINE_CHARACTERS = 11;
/** The frame of one output. */
const OUTPUT_CHARACTERS = 200;

/** How long a text is in the file of a notebook, where control characters and quotes are escaped. */
function writtenSize(text: string): number {
  let lines = 0;
  for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", at + 1)) lines++;
  return JSON.stringify(text).length - 2 + lines * LINE_CHARACTERS;
}

function sizeText(characters: number): string {
  const mebi = 1024 * 1024;
  return characters < mebi ? `${characters} characters` : `${Math.round(characters / mebi)} MiB`;
}

function bundleSize(data: Record<string, unknown>): number {
  const sizes = Object.values(data).map((value) =>
    typeof value === "string" ? writtenSize(value) : JSON.stringify(value ?? null).length,
  );
  return sizes.reduce((sum, size) => sum + size, OUTPUT_CHARACTERS);
}
