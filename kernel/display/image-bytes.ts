// Picture files recognised by their first bytes, so that they are shown as pictures.

/** What the first bytes of a file tell. */
export interface ImageKind {
  mime: "image/png" | "image/jpeg" | "image/gif" | "image/webp" | "image/bmp" | "application/pdf";
  /** For people: `PNG`. */
  name: string;
}

// The first bytes of each kind, as the Latin-1 characters of their values.
const KINDS: readonly (ImageKind & { signature: string; at?: number })[] = [
  { mime: "image/png", name: "PNG", signature: "\u0089PNG\r\n\u001A\n" },
  { mime: "image/jpeg", name: "JPEG", signature: "\u00FF\u00D8\u00FF" },
  { mime: "image/gif", name: "GIF", signature: "GIF8" },
  { mime: "image/webp", name: "WebP", signature: "WEBP", at: 8 },
  { mime: "application/pdf", name: "PDF", signature: "%PDF-" },
];
const BITMAP: ImageKind = { mime: "image/bmp", name: "BMP" };
const BITMAP_HEADER_SIZES: ReadonlySet<number> = new Set([12, 40, 108, 124]);

/** The kind of a picture file; undefined when the bytes are something else. */
export function imageKind(bytes: Uint8Array): ImageKind | undefined {
  const head = Buffer.from(bytes.subarray(0, 18)).toString("latin1");
  return isBitmap(head)
    ? BITMAP
    : KINDS.find(({ signature, at = 0 }) => head.startsWith(signature, at));
}

// Two letters alone would take any bytes: reserved words of the header are zero, and it names its own size.
function isBitmap(head: string): boolean {
  const isFile = head.startsWith("BM") && head.startsWith("\0\0\0\0", 6);
  return isFile && BITMAP_HEADER_SIZES.has(head.charCodeAt(14)) && head.startsWith("\0\0\0", 15);
}

/** The text of an SVG drawing in a file; undefined when the bytes are something else. */
export function svgText(bytes: Uint8Array): string | undefined {
  const start = Buffer.from(bytes.subarray(0, 200)).toString("latin1");
  const isDrawing =
    /^(?:\u00EF\u00BB\u00BF)?\s*(?:<\?xml[^>]*>\s*)?(?:<!--[^]*?-->\s*)?<svg[\s>]/.test(start);
  return isDrawing ? Buffer.from(bytes).toString("utf8") : undefined;
}

/** A line about a picture for terminals: its kind, its size in pixels if known, its bytes. */
export function imageText(kind: ImageKind, bytes: Uint8Array): string {
  const noun = kind.mime === "application/pdf" ? "document" : "image";
  return [`${kind.name} ${noun}`, pixelSize(kind, bytes), byteSize(bytes.length)]
    .filter((part) => part !== "")
    .join(", ");
}

const PNG_WIDTH_OFFSET = 16;

function pixelSize(kind: ImageKind, bytes: Uint8Array): string {
  if (kind.mime !== "image/png" || bytes.length < PNG_WIDTH_OFFSET + 8) return "";
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  return `${view.getUint32(PNG_WIDTH_OFFSET)} x ${view.getUint32(PNG_WIDTH_OFFSET + 4)} pixels`;
}

/** A number of bytes for people. */
export function byteSize(bytes: number): string {
  return bytes < 1024 ? `${bytes} bytes` : `${(bytes / 1024).toFixed(1)} KiB`;
}
