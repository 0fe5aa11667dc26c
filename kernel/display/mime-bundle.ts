// What Jupyter calls a mime bundle: one value in several formats; the front end picks the richest.

/** Formats by mime type; text formats hold text, images base64, JSON formats plain data. */
export type MimeBundle = Record<string, unknown>;

/** The method through which a value shows itself: returns a mime bundle or a promise of one. */
export const DISPLAY_SYMBOL: unique symbol = Symbol.for("Jupyter.display") as never;

/** Wrong use of `display`: the message tells what was expected, what came, and the fix. */
export class DisplayError extends TypeError {
  override readonly name = "DisplayError";
  readonly code = "KERNEL_DISPLAY";
}

const TEXT_FORMAT = /^text\/|^image\/svg\+xml$|^application\/javascript$/;

/**
 * The bundle in the form in which it travels: bytes as base64, typed arrays inside data as plain
 * arrays, no undefined entries.
 *
 * @throws {DisplayError} when `bundle` is no plain object or holds data that JSON cannot express
 */
export function normalizeBundle(bundle: unknown): MimeBundle {
  if (typeof bundle !== "object" || bundle === null || Array.isArray(bundle)) {
    throw new DisplayError(
      `display: a mime bundle must be an object such as { "text/plain": "..." }, got ${kindOf(bundle)}. Return an object whose keys are mime types.`,
    );
  }
  const normal: MimeBundle = {};
  for (const [mime, value] of Object.entries(bundle)) {
    if (value !== undefined) normal[mime] = normalizeEntry(mime, value);
  }
  return normal;
}

function normalizeEntry(mime: string, value: unknown): unknown {
  if (typeof value === "string") return value;
  if (value instanceof Uint8Array) {
    const bytes = Buffer.from(value.buffer, value.byteOffset, value.byteLength);
    return bytes.toString(TEXT_FORMAT.test(mime) ? "utf8" : "base64");
  }
  if (TEXT_FORMAT.test(mime)) return String(value);
  return plainData(mime, value);
}

/** JSON data: typed arrays become arrays, bigints numbers, what JSON does not know null. */
function plainData(mime: string, value: unknown): unknown {
  try {
    return JSON.parse(JSON.stringify(value, plainEntry) ?? "null");
  } catch (error) {
    throw new DisplayError(
      `display: the ${mime} format needs data that JSON can express, got ${kindOf(value)} that it cannot (${messageOf(error)}). Pass plain objects, arrays, numbers and text without cycles.`,
      { cause: error },
    );
  }
}

function plainEntry(_key: string, value: unknown): unknown {
  if (typeof value === "bigint") return Number(value);
  if (ArrayBuffer.isView(value) && !(value instanceof DataView)) {
    return Array.from(value as unknown as ArrayLike<unknown>);
  }
  if (value instanceof Map) return Object.fromEntries(value);
  if (value instanceof Set) return [...value];
  return value;
}

/** A short word for what a value is, for messages. */
export function kindOf(value: unknown): string {
  if (value === null) return "null";
  if (Array.isArray(value)) return "an array";
  if (value instanceof Uint8Array) return `${value.length} bytes`;
  const type = typeof value;
  if (type === "object") return "an object";
  return type === "undefined" ? "undefined" : `a ${type}`;
}

/** The message of anything that was thrown. */
export function messageOf(error: unknown): string {
  try {
    return error instanceof Error ? error.message : String(error);
  } catch {
    return "an error that cannot be shown";
  }
}
