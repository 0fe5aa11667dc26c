// How any value becomes a mime bundle; text/plain is always there and showing never throws.
import { types } from "node:util";
import { audioBundle } from "./audio-bytes.ts";
import { chartBundle } from "./chart-specs.ts";
import { frameTable } from "./data-frame.ts";
import { establishedBundle } from "./established-methods.ts";
import { imageKind, imageText, svgText } from "./image-bytes.ts";
import { displayFormats } from "./formats.ts";
import { DISPLAY_SYMBOL, messageOf, normalizeBundle } from "./mime-bundle.ts";
import type { MimeBundle } from "./mime-bundle.ts";
import { plainText } from "./plain-text.ts";
import { htmlTable } from "./table-html.ts";
import { textTable } from "./table-text.ts";
import { tableOf, type Table } from "./table.ts";

/**
 * The formats in which a notebook shows a value: what its `Symbol.for("Jupyter.display")` method
 * returns, else what it is recognised as (a picture, a chart, an element, a data frame, records), text always.
 *
 * @returns undefined for undefined, which shows nothing; a promise when the value's method is async
 */
export function toMimeBundle(value: unknown): MimeBundle | Promise<MimeBundle> | undefined {
  if (value === undefined) return undefined;
  try {
    const own = ownBundle(value);
    if (own === undefined) return defaultBundle(value);
    if (!types.isPromise(own)) return completeBundle(own, value);
    return own.then(
      (bundle) => attempt(() => completeBundle(bundle, value), value),
      (error: unknown) => failedBundle(value, error),
    );
  } catch (error) {
    return failedBundle(value, error);
  }
}

function ownBundle(value: unknown): unknown {
  const isHolder = typeof value === "object" || typeof value === "function";
  if (!isHolder || value === null || isRevoked(value)) return undefined;
  const method = (value as { [DISPLAY_SYMBOL]?: unknown })[DISPLAY_SYMBOL];
  return typeof method === "function" ? (method as () => unknown).call(value) : undefined;
}

// Asking a proxy for the method runs its traps, which is right; a revoked one can only throw.
function isRevoked(value: object): boolean {
  if (!types.isProxy(value)) return false;
  try {
    Reflect.has(value, DISPLAY_SYMBOL);
    return false;
  } catch {
    return true;
  }
}

function attempt(make: () => MimeBundle, value: unknown): MimeBundle {
  try {
    return make();
  } catch (error) {
    return failedBundle(value, error);
  }
}

function completeBundle(bundle: unknown, value: unknown): MimeBundle {
  const normal = normalizeBundle(bundle);
  return "text/plain" in normal ? normal : { ...normal, "text/plain": plainText(value) };
}

function failedBundle(value: unknown, error: unknown): MimeBundle {
  const note = `(its Symbol.for("Jupyter.display") method failed: ${messageOf(error)})`;
  return { "text/plain": `${plainText(value)}\n${note}` };
}

type Recognise = (value: object) => MimeBundle | Promise<MimeBundle> | undefined;

/** What a value that does not know notebooks may be taken for, most certain first. */
const RECOGNISED: readonly Recognise[] = [
  mediaBundle,
  chartBundle,
  establishedBundle,
  frameBundle,
  recordsBundle,
];

function defaultBundle(value: unknown): MimeBundle | Promise<MimeBundle> {
  if (typeof value === "object" && value !== null) {
    for (const recognise of RECOGNISED) {
      const bundle = attemptQuietly(() => recognise(value));
      if (bundle instanceof Promise) return bundle.catch(() => textBundle(value));
      if (bundle) return bundle;
    }
  }
  return textBundle(value);
}

const textBundle = (value: unknown): MimeBundle => ({ "text/plain": plainText(value) });

/** Nobody asked the value to look like this, so what its getters and methods throw is no news. */
function attemptQuietly<Made>(make: () => Made): Made | undefined {
  try {
    return make();
  } catch {
    return undefined;
  }
}

/** Pictures, drawings and sounds as the bytes of a file. */
function mediaBundle(value: object): MimeBundle | Promise<MimeBundle> | undefined {
  if (Object.prototype.toString.call(value) === "[object Blob]") return blobBundle(value as Blob);
  const bytes = value instanceof ArrayBuffer ? new Uint8Array(value) : value;
  if (!(bytes instanceof Uint8Array)) return undefined;
  const image = imageKind(bytes);
  if (image) {
    return normalizeBundle({ [image.mime]: bytes, "text/plain": imageText(image, bytes) });
  }
  const drawing = svgText(bytes);
  return drawing === undefined ? audioBundle(bytes) : displayFormats.svg(drawing);
}

function blobBundle(blob: Blob): Promise<MimeBundle> | undefined {
  if (!/^(?:image|audio)\//.test(blob.type)) return undefined;
  return blob.arrayBuffer().then((bytes) => mediaBundle(bytes) ?? textBundle(blob));
}

function frameBundle(value: object): MimeBundle | undefined {
  const table = frameTable(value);
  return table && { "text/plain": textTable(table), "text/html": htmlTable(table) };
}

/** Arrays of records and maps keep the text of their kind: it is what a program would read. */
function recordsBundle(value: object): MimeBundle | undefined {
  const table: Table | undefined = tableOf(value);
  return table && { "text/plain": plainText(value), "text/html": htmlTable(table) };
}
