// A notebook as one self-contained HTML page that runs no scripts and loads nothing.
import type { Cell, CodeCell, MarkdownCell, Notebook } from "../types.ts";
import { escapeHtml } from "./escape.ts";
import { formulaStyle } from "./formula-style.ts";
import { loadHighlighter, type Highlight } from "./highlight.ts";
import { createMarkdownRenderer, type Heading, type MarkdownRenderer } from "./markdown.ts";
import { renderOutput } from "./outputs.ts";
import { sanitizeHtml, type Addresses } from "./sanitize.ts";
import { PAGE_STYLE } from "./style.ts";

/** What the page cannot know from the notebook. */
export interface PageOptions {
  /** The title when the notebook has none; usually the file name without its ending. */
  readonly name: string;
  /** A `data:` address for a picture file that a cell names by a relative path; undefined when there is none. */
  readonly readImage?: (path: string) => string | undefined;
}

/** What browsers may do on the page: show it. */
const POLICY =
  "default-src 'none'; style-src 'unsafe-inline'; img-src data: https:; font-src data:; base-uri 'none'; form-action 'none'";

/** The page: cells, outputs, table of contents and styles for light, dark, narrow and printed. */
export async function renderPage(notebook: Notebook, options: PageOptions): Promise<string> {
  const language =
    notebook.metadata.language_info?.name ?? notebook.metadata.kernelspec?.language ?? "typescript";
  const highlight = await loadHighlighter([language, ...fencedLanguages(notebook)]);
  const markdown = createMarkdownRenderer(highlight);
  const cells = notebook.cells.map((cell) =>
    renderCell(cell, { markdown, highlight, language, options }),
  );
  const body = cells.join("\n");
  const title = titleOf(notebook, markdown.headings, options.name);
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${POLICY}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="generator" content="gradlab">
<title>${escapeHtml(title)}</title>
<style>${formulaStyle(body)}</style>
<style>${PAGE_STYLE}</style>
</head>
<body>
<a class="skip" href="#content">Skip to the content</a>
${tableOfContents(markdown.headings)}
<main id="content">
${body}
</main>
</body>
</html>
`;
}

interface CellContext {
  readonly markdown: MarkdownRenderer;
  readonly highlight: Highlight;
  readonly language: string;
  readonly options: PageOptions;
}

function renderCell(cell: Cell, context: CellContext): string {
  if (cell.cell_type === "markdown") return renderProse(cell, context);
  if (cell.cell_type === "raw") return `<pre class="text raw">${escapeHtml(cell.source)}</pre>`;
  if (cell.source.trim() === "" && cell.outputs.length === 0) return "";
  return renderCode(cell, context);
}

function renderProse(cell: MarkdownCell, { markdown, options }: CellContext): string {
  const html = sanitizeHtml(markdown.render(cell.source), addressesOf(cell, options));
  // Anchors are set after sanitizing, which lets no ids of the cell's own HTML through.
  const anchored = html.replace(
    /<(h[1-6])([^>]*?) data-anchor="([^"]*)">([\s\S]*?)<\/\1>/g,
    '<$1$2 id="$3">$4<a class="anchor" href="#$3" aria-label="Link to this section">#</a></$1>',
  );
  return `<section class="prose">${anchored}</section>`;
}

function renderCode(cell: CodeCell, { markdown, highlight, language }: CellContext): string {
  const count =
    cell.execution_count === null ? "" : `<span class="count">${cell.execution_count}</span>`;
  const show = (source: string): string =>
    `<div class="prose">${sanitizeHtml(markdown.render(source))}</div>`;
  const outputs = cell.outputs.map((output) => renderOutput(output, { markdown: show }));
  const below = outputs.length > 0 ? `<div class="outputs">${outputs.join("\n")}</div>` : "";
  return `<section class="cell">${count}${highlight(cell.source, language)}${below}</section>`;
}

function addressesOf(cell: MarkdownCell, options: PageOptions): Addresses {
  return {
    image: (source) => attachmentAddress(cell, source) ?? localImage(source, options) ?? source,
    // Chapters that were run together lie beside each other as pages.
    link: (target) =>
      /^[a-z][a-z0-9+.-]*:/i.test(target) ? target : target.replace(/\.ipynb(?=$|#)/, ".html"),
  };
}

function attachmentAddress(cell: MarkdownCell, source: string): string | undefined {
  if (!source.startsWith("attachment:")) return undefined;
  const bundle = cell.attachments?.[decodeURIComponent(source.slice("attachment:".length))] ?? {};
  const [mime, data] = Object.entries(bundle)[0] ?? [];
  return typeof data === "string" ? `data:${mime};base64,${data.replace(/\s/g, "")}` : undefined;
}

function localImage(source: string, { readImage }: PageOptions): string | undefined {
  return /^[a-z][a-z0-9+.-]*:|^[/#]/i.test(source) ? undefined : readImage?.(source);
}

function tableOfContents(headings: readonly Heading[]): string {
  const shown = headings.filter(({ level }) => level === 2 || level === 3);
  if (shown.length < 2) return "";
  const items = shown.map(
    ({ level, anchor, text }) =>
      `<li class="level-${level}"><a href="#${anchor}">${escapeHtml(text)}</a></li>`,
  );
  return `<nav aria-label="Contents"><details open><summary>Contents</summary><ol>${items.join("")}</ol></details></nav>`;
}

function titleOf(notebook: Notebook, headings: readonly Heading[], name: string): string {
  const own = notebook.metadata["title"];
  return typeof own === "string" ? own : (headings.find(({ level }) => level === 1)?.text ?? name);
}

function fencedLanguages(notebook: Notebook): string[] {
  return notebook.cells
    .filter((cell) => cell.cell_type === "markdown")
    .flatMap((cell) =>
      [...cell.source.matchAll(/^\s*(?:```|~~~)\s*([\w+-]+)/gm)].map((match) => match[1] ?? ""),
    );
}
