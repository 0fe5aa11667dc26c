// The public module `gradlab/kernel`: types of what every cell has without import, comms and widgets.
import type { RuntimeHook } from "./comms/kernel-comms.ts";

export { comms } from "./comms/kernel-comms.ts";
export type {
  Comm,
  CommBuffer,
  CommListener,
  CommMessage,
  Comms,
  CommSendOptions,
} from "./comms/comms.ts";

export type { CapturedOutput, OutputCapture } from "./comms/kernel-comms.ts";
export { fixed, type Abbreviation, type ValueOf } from "./widgets/abbreviations.ts";
export { Accordion, Box, GridBox, HBox, Stack, Tab, VBox } from "./widgets/boxes.ts";
export { Image } from "./widgets/image.ts";
export {
  interact,
  Interaction,
  type InteractOptions,
  type InteractRun,
} from "./widgets/interact.ts";
export { Layout, type LayoutOptions } from "./widgets/layout.ts";
export { directionalLink, link } from "./widgets/link.ts";
export {
  BoundedFloatText,
  BoundedIntText,
  FloatLogSlider,
  FloatProgress,
  FloatSlider,
  FloatText,
  IntProgress,
  IntSlider,
  IntText,
  Play,
} from "./widgets/numbers.ts";
export { Output } from "./widgets/output.ts";
export { FloatRangeSlider, IntRangeSlider } from "./widgets/ranges.ts";
export {
  Dropdown,
  RadioButtons,
  Select,
  SelectionRangeSlider,
  SelectionSlider,
  SelectMultiple,
  ToggleButtons,
} from "./widgets/selections.ts";
export { Combobox, HTML, HTMLMath, Label, Password, Text, Textarea } from "./widgets/texts.ts";
export { Button, Checkbox, ColorPicker, ToggleButton, Valid } from "./widgets/toggles.ts";
export { Widget } from "./widgets/widget.ts";

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

/** What the kernel publishes under `Symbol.for("Jupyter.kernel")` for libraries. */
export interface KernelHook extends RuntimeHook {
  /** Shows a ready-made bundle of forms by MIME type. */
  display(bundle: Record<string, unknown>, options?: DisplayOptions): DisplayHandle;
  /** `[1]`: non-zero asks code that polls it to stop, by throwing an error named `KeyboardInterrupt`. */
  readonly interruptFlag: Int32Array;
}
