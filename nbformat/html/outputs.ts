// Outputs of code cells as HTML that runs nothing: text, tables, pictures, errors, formulas.
import type { MimeBundle, Output } from "../types.ts";
import { ansiToHtml } from "./ansi.ts";
import { escapeHtml } from "./escape.ts";
import { sanitizeHtml } from "./sanitize.ts";

/** What outputs need from the page. */
export interface OutputContext {
  readonly markdown: (source: string) => string;
}

type Show = (value: string, bundle: MimeBundle, context: OutputContext) => string;

const HTML: readonly [mime: string, show: Show] = [
  "text/html",
  (value) => `<div class="html">${sanitizeHtml(value)}</div>`,
];
const PICTURES: readonly (readonly [mime: string, show: Show])[] = [
  [
    "image/svg+xml",
    (value, bundle) =>
      image("svg+xml", toBase64(value), svgAlternative(value) ?? plainText(bundle)),
  ],
  ["image/png", (value, bundle) => image("png", value, plainText(bundle))],
  ["image/jpeg", (value, bundle) => image("jpeg", value, plainText(bundle))],
  ["image/gif", (value, bundle) => image("gif", value, plainText(bundle))],
  ["image/webp", (value, bundle) => image("webp", value, plainText(bundle))],
];
const TEXTS: readonly (readonly [mime: string, show: Show])[] = [
  ["text/markdown", (value, _, context) => context.markdown(value)],
  ["text/latex", (value, _, context) => context.markdown(asFormula(value))],
  ["application/json", (value) => `<pre class="text">${escapeHtml(value)}</pre>`],
  ["text/plain", (value) => `<pre class="text">${ansiToHtml(value)}</pre>`],
];

/** One output as HTML. */
export function renderOutput(output: Output, context: OutputContext): string {
  if (output.output_type === "stream") {
    return `<pre class="text ${output.name === "stderr" ? "stderr" : "stdout"}">${ansiToHtml(output.text)}</pre>`;
  }
  if (output.output_type === "error") {
    const text =
      output.traceback.length > 0
        ? output.traceback.join("\n")
        : `${output.ename}: ${output.evalue}`;
    return `<pre class="text error">${ansiToHtml(text)}</pre>`;
  }
  return renderBundle(output.data, context);
}

function renderBundle(bundle: MimeBundle, context: OutputContext): string {
  const found = preferred(bundle).find(([mime]) => bundle[mime] !== undefined);
  if (found === undefined) {
    const kinds = Object.keys(bundle).map(escapeHtml).join(", ") || "nothing";
    return `<p class="missing">An output that a page cannot show (${kinds}).</p>`;
  }
  const [mime, show] = found;
  const value = bundle[mime];
  return show(typeof value === "string" ? value : JSON.stringify(value, null, 2), bundle, context);
}

/** Formats, best first. HTML that draws with a script shows nothing here: the picture beside it does. */
function preferred(bundle: MimeBundle): (readonly [mime: string, show: Show])[] {
  const html = bundle["text/html"];
  const drawsByScript =
    "application/vnd.plotly.v1+json" in bundle ||
    (typeof html === "string" && /<script\b/i.test(html));
  return drawsByScript ? [...PICTURES, HTML, ...TEXTS] : [HTML, ...PICTURES, ...TEXTS];
}

/** A picture inside an `<img>` cannot run or load anything, whatever it holds. */
function image(type: string, base64: string, alternative: string): string {
  const source = `data:image/${type};base64,${base64.replace(/[^A-Za-z0-9+/=]/g, "")}`;
  return `<img src="${source}" alt="${escapeHtml(alternative)}">`;
}

function svgAlternative(svg: string): string | undefined {
  const label = /<svg\b[^>]*\saria-label="([^"]*)"/.exec(svg)?.[1];
  const text =
    label ?? /<desc\b[^>]*>([^<]*)</.exec(svg)?.[1] ?? /<title\b[^>]*>([^<]*)</.exec(svg)?.[1];
  return text
    ?.replaceAll("&lt;", "<")
    .replaceAll("&gt;", ">")
    .replaceAll("&quot;", '"')
    .replaceAll("&#39;", "'")
    .replaceAll("&amp;", "&");
}

function plainText(bundle: MimeBundle): string {
  const text = bundle["text/plain"];
  return typeof text === "string" ? text : "";
}

function toBase64(text: string): string {
  return Buffer.from(text, "utf8").toString("base64");
}

function asFormula(latex: string): string {
  return /^\s*(\$|\\begin)/.test(latex) ? latex : `$$${latex}$$`;
}
