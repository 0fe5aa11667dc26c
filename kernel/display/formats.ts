// The bundles of display.html, markdown, latex, svg, png, jpeg, gif, pdf, json, javascript, text, plotly, vega.
import { plotlyBundle, vegaBundle } from "./chart-specs.ts";
import { byteSize, imageKind, imageText } from "./image-bytes.ts";
import { DisplayError, kindOf, normalizeBundle } from "./mime-bundle.ts";
import type { MimeBundle } from "./mime-bundle.ts";
import { clip, plainText } from "./plain-text.ts";

const LONGEST_PLAIN = 2000;

/** Builders of mime bundles, one for each `display.<name>`. */
export const displayFormats: {
  html(markup: string): MimeBundle;
  markdown(text: string): MimeBundle;
  /** Formulas; text without `$`, `\(`, `\[` or `\begin` is one displayed formula. */
  latex(formula: string): MimeBundle;
  /** A drawing as text or as the bytes of a file. */
  svg(drawing: string | Uint8Array): MimeBundle;
  /** A picture as the bytes of a file or as base64 text. */
  png(picture: string | Uint8Array): MimeBundle;
  jpeg(picture: string | Uint8Array): MimeBundle;
  gif(picture: string | Uint8Array): MimeBundle;
  pdf(document: string | Uint8Array): MimeBundle;
  /** Data in a tree that unfolds. */
  json(data: unknown): MimeBundle;
  javascript(code: string): MimeBundle;
  text(text: string): MimeBundle;
  /** A figure `{ data, layout }`, drawn by Plotly. */
  plotly(figure: unknown): MimeBundle;
  /** A specification of Vega or Vega-Lite, with its `$schema`. */
  vega(specification: unknown): MimeBundle;
} = {
  html: (markup) => textual("html", "text/html", markup, visibleText),
  markdown: (text) => textual("markdown", "text/markdown", text),
  latex: (formula) => textual("latex", "text/latex", delimited(formula)),
  svg: (drawing) => svgBundle(drawing),
  png: (picture) => imageBundle("png", "image/png", picture),
  jpeg: (picture) => imageBundle("jpeg", "image/jpeg", picture),
  gif: (picture) => imageBundle("gif", "image/gif", picture),
  pdf: (document) => imageBundle("pdf", "application/pdf", document),
  json: (data) =>
    normalizeBundle({ "application/json": data ?? null, "text/plain": plainText(data) }),
  javascript: (code) => textual("javascript", "application/javascript", code),
  text: (text) => ({ "text/plain": requireText("text", text) }),
  plotly: plotlyBundle,
  vega: vegaBundle,
};

function textual(
  method: string,
  mime: string,
  text: unknown,
  toPlain: (text: string) => string = (same) => same,
): MimeBundle {
  const checked = requireText(method, text);
  return { [mime]: checked, "text/plain": clip(toPlain(checked), LONGEST_PLAIN) };
}

function requireText(method: string, text: unknown): string {
  if (typeof text === "string") return text;
  throw new DisplayError(
    `display.${method}: the argument must be text, got ${kindOf(text)}. Turn it into text first, for example with String(value).`,
  );
}

const ENTITIES: Readonly<Record<string, string>> = {
  "&lt;": "<",
  "&gt;": ">",
  "&quot;": '"',
  "&amp;": "&",
};

/** What a terminal can show of HTML: its text. */
function visibleText(markup: string): string {
  const text = markup
    .replace(/<(script|style)\b[^]*?<\/\1\s*>/gi, "")
    .replace(/<br\b[^>]*>|<\/(?:p|div|tr|h\d|li)>/gi, "\n")
    .replace(/<\/t[dh]>/gi, "\t")
    .replace(/<[^>]*>/g, "")
    .replace(/&(?:lt|gt|quot|amp);/g, (entity) => ENTITIES[entity]!)
    .replace(/\s*\n\s*/g, "\n")
    .trim();
  return text === "" ? `HTML, ${byteSize(markup.length)}` : text;
}

function delimited(formula: unknown): string {
  const text = requireText("latex", formula);
  return /\$|\\\(|\\\[|\\begin\{/.test(text) ? text : `$$${text}$$`;
}

function svgBundle(drawing: unknown): MimeBundle {
  const text = drawing instanceof Uint8Array ? Buffer.from(drawing).toString() : drawing;
  if (typeof text !== "string" || !/<svg[\s>]/.test(text)) {
    throw new DisplayError(
      `display.svg: the argument must be a drawing that contains <svg ...>, got ${kindOf(drawing)}. Pass the text or the bytes of an SVG file.`,
    );
  }
  return { "image/svg+xml": text, "text/plain": `SVG image, ${byteSize(text.length)}` };
}

function imageBundle(method: string, mime: string, picture: unknown): MimeBundle {
  const bytes = typeof picture === "string" ? Buffer.from(picture, "base64") : picture;
  const kind = bytes instanceof Uint8Array ? imageKind(bytes) : undefined;
  if (!(bytes instanceof Uint8Array) || kind?.mime !== mime) {
    const came = kind ? `${kind.name} bytes` : kindOf(picture);
    throw new DisplayError(
      `display.${method}: the argument must be the bytes of a ${method.toUpperCase()} file (Uint8Array) or the same as base64 text, got ${came}. Read the file with fs.readFileSync(path), or use the method of the file's own format.`,
    );
  }
  return normalizeBundle({ [mime]: bytes, "text/plain": imageText(kind, bytes) });
}
