// The file stores texts as lists of lines, so that changes read well in version control: joining and splitting them.

/** Whether the value of this format is stored as a list of lines (texts, SVG, JavaScript; not base64, not JSON). */
export function isSplitMime(mime: string): boolean {
  return mime.startsWith("text/") || mime === "image/svg+xml" || mime === "application/javascript";
}

/** Whether the value of this format is JSON itself and must not be joined. */
function isJsonMime(mime: string): boolean {
  return mime === "application/json" || (mime.startsWith("application/") && mime.endsWith("+json"));
}

/** One text of what the file holds: a text, or a list of lines. */
export function joinText(value: unknown): unknown {
  return isTextList(value) ? value.join("") : value;
}

/** A mime bundle with its lists of lines joined. */
export function joinBundle(bundle: Record<string, unknown>): Record<string, unknown> {
  const entries = Object.entries(bundle);
  return Object.fromEntries(
    entries.map(([mime, value]) => [mime, isJsonMime(mime) ? value : joinText(value)]),
  );
}

/** The lines of a text, each with its line break; `[]` for the empty text. */
export function splitText(text: string): string[] {
  return text.match(/[^\n]*\n|[^\n]+$/g) ?? [];
}

function isTextList(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((line) => typeof line === "string");
}
