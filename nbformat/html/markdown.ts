// Markdown cells as HTML: CommonMark with tables, formulas, coloured code, anchors on headings.
import { createRequire } from "node:module";
import createMarkdownIt, { type MarkdownIt } from "markdown-it";
import type { Highlight } from "./highlight.ts";

/** A heading of the notebook, for the table of contents. */
export interface Heading {
  /** 1 to 6. */
  readonly level: number;
  readonly anchor: string;
  readonly text: string;
}

/** A renderer for all cells of one page; `headings` grows with every call. */
export interface MarkdownRenderer {
  readonly headings: Heading[];
  render(source: string): string;
}

type KatexPlugin = (
  md: MarkdownIt,
  options: { enableBareBlocks: boolean; throwOnError: boolean },
) => MarkdownIt;

// The plugin is a CommonJS module whose types and shape disagree about `default`; require tells the truth.
const katexPlugin = (
  createRequire(import.meta.url)("@vscode/markdown-it-katex") as { default: KatexPlugin }
).default;

/** @param highlight - colours fenced code */
export function createMarkdownRenderer(highlight: Highlight): MarkdownRenderer {
  const md = new createMarkdownIt({ html: true, linkify: true });
  katexPlugin(md, { enableBareBlocks: true, throwOnError: false });
  md.renderer.rules.fence = (tokens, index) => {
    const token = tokens[index];
    return highlight(token?.content.replace(/\n$/, "") ?? "", token?.info.split(/\s+/)[0] ?? "");
  };
  md.renderer.rules.table_open = () => '<div class="table"><table>';
  md.renderer.rules.table_close = () => "</table></div>";
  const headings: Heading[] = [];
  return { headings, render: (source) => renderWithAnchors(md, source, headings) };
}

function renderWithAnchors(md: MarkdownIt, source: string, headings: Heading[]): string {
  const tokens = md.parse(source, {});
  tokens.forEach((token, index) => {
    if (token.type !== "heading_open") return;
    const text = (tokens[index + 1]?.children ?? [])
      .filter(({ type }) => type === "text" || type === "code_inline" || type === "math_inline")
      .map(({ content }) => content)
      .join("");
    const anchor = freeAnchor(text, headings);
    headings.push({ level: Number(token.tag.slice(1)), anchor, text });
    token.attrSet("data-anchor", anchor);
  });
  return md.renderer.render(tokens, md.options, {});
}

function freeAnchor(text: string, taken: readonly Heading[]): string {
  const slug =
    text
      .toLowerCase()
      .replace(/[^\p{L}\p{N}]+/gu, "-")
      .replace(/^-|-$/g, "") || "section";
  const same = (anchor: string): boolean => taken.some((heading) => heading.anchor === anchor);
  if (!same(slug)) return slug;
  for (let count = 2; ; count += 1) if (!same(`${slug}-${count}`)) return `${slug}-${count}`;
}
