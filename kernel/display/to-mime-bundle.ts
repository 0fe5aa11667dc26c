// How any value becomes a mime bundle; text/plain is always there and showing never throws.
import { types } from "node:util";
import { imageKind, imageText } from "./image-bytes.ts";
import { DISPLAY_SYMBOL, messageOf, normalizeBundle } from "./mime-bundle.ts";
import type { MimeBundle } from "./mime-bundle.ts";
import { plainText } from "./plain-text.ts";
import { htmlTable } from "./table.ts";

/**
 * The formats in which a notebook shows a value: what its `Symbol.for("Jupyter.display")` method
 * returns, a picture for bytes of a picture file, a table for flat records and maps, text always.
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

function defaultBundle(value: unknown): MimeBundle {
  const image = value instanceof Uint8Array ? imageKind(value) : undefined;
  if (image) {
    const bytes = value as Uint8Array;
    return normalizeBundle({ [image.mime]: bytes, "text/plain": imageText(image, bytes) });
  }
  const bundle: MimeBundle = { "text/plain": plainText(value) };
  const html = htmlTable(value);
  if (html !== undefined) bundle["text/html"] = html;
  return bundle;
}
