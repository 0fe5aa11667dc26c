// The public module `gradlab/kernel`: types of what every cell has without import, comms and widgets.
import type { Comms } from "./comms/comms.ts";
import { CommError } from "./comms/comm-error.ts";

export type {
  Comm,
  CommBuffer,
  CommListener,
  CommMessage,
  Comms,
  CommSendOptions,
} from "./comms/comms.ts";

/** Options of `display` and of `update`. */
export interface DisplayOptions {
  /** Extra data for the front end, by MIME type. */
  readonly metadata?: Record<string, unknown>;
  /** Names what is shown, so that another cell can update it. Made up when absent. */
  readonly displayId?: string;
}

/** Something shown in the notebook that can be replaced where it stands. */
export interface DisplayHandle {
  /** Name of this place. */
  readonly id: string;
  /** Shows `content` in this place, in every cell where it is shown. */
  update(content: unknown, options?: DisplayOptions): void;
}

/** Shows content of one format. */
export type DisplayAs<Content> = (content: Content, options?: DisplayOptions) => DisplayHandle;

/** The `display` global: shows a value below the cell, in the richest format that it has. */
export interface Display {
  (value: unknown, options?: DisplayOptions): DisplayHandle;
  /** Shows HTML. */
  html: DisplayAs<string>;
  /** Shows Markdown. */
  markdown: DisplayAs<string>;
  /** Shows a formula; text without dollar signs is one displayed formula. */
  latex: DisplayAs<string>;
  /** Shows an SVG drawing: text, or the bytes of a file. */
  svg: DisplayAs<string | Uint8Array>;
  /** Shows a PNG picture: the bytes of a file, or base64 text. */
  png: DisplayAs<string | Uint8Array>;
  /** Shows a JPEG picture: the bytes of a file, or base64 text. */
  jpeg: DisplayAs<string | Uint8Array>;
  /** Shows a GIF picture: the bytes of a file, or base64 text. */
  gif: DisplayAs<string | Uint8Array>;
  /** Shows a PDF document: the bytes of a file, or base64 text. */
  pdf: DisplayAs<string | Uint8Array>;
  /** Shows data as a tree that unfolds. */
  json: DisplayAs<unknown>;
  /** Runs JavaScript in the page. */
  javascript: DisplayAs<string>;
  /** Shows plain text. */
  text: DisplayAs<string>;
  /** Shows a figure `{ data, layout }`, drawn by Plotly. */
  plotly: DisplayAs<unknown>;
  /** Shows a specification of Vega or Vega-Lite. */
  vega: DisplayAs<unknown>;
}

/** The `clearOutput` global: removes the cell's output, or replaces it by the next one when `wait` is true. */
export type ClearOutput = (wait?: boolean) => void;

/** The `prompt` and `password` globals: ask the reader and wait for the answer. */
export type Ask = (question?: string) => string;

/** Opens channels to the page, and takes those that the page opens. */
export const comms: Comms = {
  open: (targetName, data, options) => kernelHook().comms.open(targetName, data, options),
  register: (targetName, onOpen) => kernelHook().comms.register(targetName, onOpen),
};

/** What the kernel publishes under `Symbol.for("Jupyter.kernel")` for libraries. */
export interface KernelHook {
  readonly comms: Comms;
  /** Shows a ready-made bundle of forms by MIME type. */
  display(bundle: Record<string, unknown>, options?: DisplayOptions): DisplayHandle;
  /** `[1]`: non-zero asks code that polls it to stop, by throwing an error named `KeyboardInterrupt`. */
  readonly interruptFlag: Int32Array;
}

function kernelHook(): KernelHook {
  const hook = (globalThis as { [key: symbol]: unknown })[Symbol.for("Jupyter.kernel")];
  if (hook !== undefined) return hook as KernelHook;
  throw new CommError(
    "KERNEL_COMM_OUTSIDE",
    "comms and widgets need a notebook kernel, and this program runs without one. " +
      "Run the code in a cell of a notebook.",
  );
}
