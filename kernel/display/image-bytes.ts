// Picture files recognised by their first bytes, so that they are shown as pictures.

/** What the first bytes of a file tell. */
export interface ImageKind {
  mime: "image/png" | "image/jpeg" | "image/gif" | "image/webp" | "image/bmp" | "application/pdf";
  /** For people: `PNG`. */
  name: string;
}

// The first bytes of each kind, as the Latin-1 characters of their values.
const KINDS: readonly (ImageKind & { head: RegExp })[] = [
  { mime: "image/png", name: "PNG", head: /^\u0089PNG\r\n\u001A\n/ },
  { mime: "image/jpeg", name: "JPEG", head: /^\u00FF\u00D8\u00FF/ },
  { mime: "image/gif", name: "GIF", head: /^GIF8[79]a/ },
  { mime: "image/webp", name: "WebP", head: /^RIFF[^]{4}WEBP/ },
  // Two letters alone would take any bytes: reserved words of the header are zero, and it names its own size.
  { mime: "image/bmp", name: "BMP", head: /^BM[^]{4}\0{4}[^]{4}[\u000C\u0028\u006C\u007C]\0{3}/ },
  { mime: "application/pdf", name: "PDF", head: /^%PDF-/ },
];

/** The kind of a picture file; undefined when the bytes are something else. */
export function imageKind(bytes: Uint8Array): ImageKind | undefined {
  const start = Buffer.from(bytes.subarray(0, 18)).toString("latin1");
  return KINDS.find(({ head }) => head.test(start));
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
