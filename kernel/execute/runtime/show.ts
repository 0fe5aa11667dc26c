// Showing values: the `display` global with its handles, `clearOutput`, and the result of a cell.
import { displayFormats } from "../../display/formats.ts";
import { normalizeBundle, type MimeBundle } from "../../display/mime-bundle.ts";
import { plainText } from "../../display/plain-text.ts";
import { toMimeBundle } from "../../display/to-mime-bundle.ts";
import type { ClearOutput, Display, DisplayHandle, DisplayOptions } from "../../notebook.ts";
import type { CellOutput } from "./cell-output.ts";
import { uniqueId } from "./unique-id.ts";

/** What showing needs from the rest of the runtime. */
export interface ShowParts {
  readonly output: CellOutput;
  /** The cell that the running code belongs to. */
  readonly owner: () => number;
  /** Told about a value that failed to show itself. */
  readonly onFailure: (error: unknown) => void;
}

type ToBundle = (content: unknown) => MimeBundle | Promise<MimeBundle>;

/** Sends values to the notebook, each in the formats that it can be shown in. */
export class Shower {
  readonly #parts: ShowParts;
  readonly #handles = new WeakSet<object>();

  constructor(parts: ShowParts) {
    this.#parts = parts;
  }

  /** Shows the value of a cell's last expression; nothing for `undefined` and for what is shown already. */
  result(cell: number, value: unknown): void {
    if (value === undefined || this.#handles.has(value as object)) return;
    const send = (bundle: MimeBundle): void =>
      this.#parts.output.sendCounted(
        { type: "result", cell, bundle, metadata: {} },
        sizeOf(bundle),
      );
    this.#whenMade(toMimeBundle(value) ?? {}, send);
  }

  /** How a value would be shown; unless the caller may wait, a value that takes its time is plain text. */
  bundle(value: unknown, mayWait: boolean): MimeBundle | Promise<MimeBundle> {
    const bundle = toMimeBundle(value) ?? { "text/plain": "undefined" };
    return mayWait || !(bundle instanceof Promise) ? bundle : { "text/plain": plainText(value) };
  }

  /** Shows a ready-made bundle, and returns the handle that replaces what is shown. */
  displayBundle(bundle: unknown, options?: DisplayOptions): DisplayHandle {
    return this.#display(normalizeBundle, bundle, options);
  }

  /** The `display` global. */
  displayFunction(): Display {
    const anyValue: ToBundle = (value) => toMimeBundle(value) ?? { "text/plain": "undefined" };
    const display = (value: unknown, options?: DisplayOptions): DisplayHandle =>
      this.#display(anyValue, value, options);
    const formats = Object.entries(displayFormats).map(([name, format]) => [
      name,
      (content: unknown, options?: DisplayOptions) =>
        this.#display(format as ToBundle, content, options),
    ]);
    return Object.assign(display, Object.fromEntries(formats)) as Display;
  }

  /** The `clearOutput` global. */
  clearFunction(): ClearOutput {
    return (wait = false) => {
      const cell = this.#parts.owner();
      this.#parts.output.forget(cell);
      this.#parts.output.send({ type: "clear", cell, wait });
    };
  }

  #display(toBundle: ToBundle, content: unknown, options: DisplayOptions = {}): DisplayHandle {
    const displayId = options.displayId ?? uniqueId();
    const show = (shown: unknown, { metadata = {} }: DisplayOptions, isUpdate: boolean): void => {
      const cell = this.#parts.owner();
      // Here a value that JSON cannot express is an error of the user's own line.
      const plain = JSON.parse(JSON.stringify(metadata)) as Record<string, unknown>;
      this.#whenMade(toBundle(shown), (bundle) => {
        const message = {
          type: "display",
          cell,
          bundle,
          metadata: plain,
          displayId,
          isUpdate,
        } as const;
        // An update takes the place of what is shown, so it does not make the notebook grow.
        if (isUpdate) this.#parts.output.send(message);
        else this.#parts.output.sendCounted(message, sizeOf(bundle));
      });
    };
    show(content, options, false);
    const handle: DisplayHandle = {
      id: displayId,
      update: (next, nextOptions) => show(next, nextOptions ?? options, true),
    };
    this.#handles.add(handle);
    return handle;
  }

  #whenMade(bundle: MimeBundle | Promise<MimeBundle>, use: (bundle: MimeBundle) => void): void {
    if (!(bundle instanceof Promise)) return use(bundle);
    const ending = bundle.then(use).catch(this.#parts.onFailure);
    void this.#parts.output.hold(ending);
  }
}

/** Roughly the bytes that a bundle adds to the notebook. */
function sizeOf(bundle: MimeBundle): number {
  let size = 200;
  for (const value of Object.values(bundle)) {
    size += typeof value === "string" ? value.length : 1000;
  }
  return size;
}
