// What is known about a word, for every front end: as Markdown, as HTML that suits both of JupyterLab's themes, as text.
import type { MarkdownIt } from "markdown-it";
import { escapeHtml } from "../display/table-html.ts";
import { tokensOf, type TokenKind } from "./tokens.ts";

/** A documentation in the forms that an `inspect_reply` carries. */
export type DocumentationBundle = Readonly<
  Record<"text/markdown" | "text/html" | "text/plain", string>
>;

/** What is known about a word. */
export interface Documentation {
  /** Signatures or declarations, in TypeScript. */
  readonly code: string;
  /** Explanation, in Markdown. */
  readonly text: string;
  /** Where the code stands, such as `cell 3` or a path. */
  readonly place?: string;
}

// JupyterLab keeps classes of HTML that it does not trust, and only plain colours: these classes follow its themes.
const COLOURS: Readonly<Partial<Record<TokenKind, string>>> = {
  keyword: "ansi-green-fg",
  type: "ansi-blue-fg",
  string: "ansi-red-fg",
  number: "ansi-blue-fg",
  comment: "ansi-cyan-fg",
};

/** All three forms of a documentation. */
export async function documentationBundle({
  code,
  text,
  place,
}: Documentation): Promise<DocumentationBundle> {
  const where = place === undefined ? "" : `*${place}*`;
  const markdown = [fenced(code), text, where].filter((part) => part !== "").join("\n\n");
  return {
    "text/markdown": markdown,
    "text/html": codeHtml(code) + (await markdownHtml([text, where].filter(Boolean).join("\n\n"))),
    "text/plain": [code, plainOf(text), place ?? ""].filter((part) => part !== "").join("\n\n"),
  };
}

/** Splits what a language server says about a word: its code first, its explanation behind. */
export function documentationOf(markdown: string): Documentation {
  const match = /^```\w*\n([\s\S]*?)\n?```\s*([\s\S]*)$/.exec(markdown);
  if (!match) return { code: "", text: explanationIn(markdown) };
  return { code: withoutAliases(match[1]!), text: explanationIn(match[2]!) };
}

/** An explanation of the server, without its links to files, which no front end can follow. */
export function explanationIn(markdown: string): string {
  return markdown.replace(/\[([^\]\n]+)\]\(file:[^)\n]*\)/g, "`$1`").trim();
}

/** Names of earlier cells are imports to the language server; to the user they are not. */
function withoutAliases(code: string): string {
  return code
    .replace(/^\(alias\) /, "")
    .replace(/\nimport [^\n]*$/, "")
    .trim();
}

/** TypeScript as HTML, in colours. */
function codeHtml(code: string): string {
  if (code === "") return "";
  const parts = tokensOf(code).map(({ kind, text }) => {
    const colour = COLOURS[kind];
    const safe = escapeHtml(text);
    return colour === undefined ? safe : `<span class="${colour}">${safe}</span>`;
  });
  return `<div class="jp-RenderedText"><pre>${parts.join("")}</pre></div>`;
}

let renderer: Promise<MarkdownIt> | undefined;

/** Markdown as HTML; markup in it is shown, not followed. */
async function markdownHtml(text: string): Promise<string> {
  if (text === "") return "";
  renderer ??= createRenderer();
  return (await renderer).render(text);
}

/** Loaded on first need: most kernels are never asked. */
async function createRenderer(): Promise<MarkdownIt> {
  const { default: createMarkdownIt } = await import("markdown-it");
  const markdown = createMarkdownIt({ html: false, linkify: false });
  const ofCode = (tokens: readonly { content: string }[], at: number): string =>
    codeHtml(tokens[at]!.content.replace(/\n$/, ""));
  markdown.renderer.rules["fence"] = ofCode;
  markdown.renderer.rules["code_block"] = ofCode;
  return markdown;
}

/** Markdown as people write it in a comment. */
function plainOf(markdown: string): string {
  return markdown
    .replace(/^```.*$\n?/gm, "")
    .replace(/\*(@\w+)\*/g, "$1")
    .replace(/\[([^\]\n]+)\]\([^)\n]*\)/g, "$1")
    .replace(/`([^`\n]+)`/g, "$1")
    .replace(/(\*\*|__)(?=\S)(.+?)\1/g, "$2")
    .replace(/\\([\\`*_{}[\]()#+.!-])/g, "$1")
    .trim();
}

function fenced(code: string): string {
  if (code === "") return "";
  const fence = code.includes("```") ? "````" : "```";
  return `${fence}typescript\n${code}\n${fence}`;
}
