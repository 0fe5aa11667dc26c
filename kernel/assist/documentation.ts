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
  /** The text of the declaration. */
  readonly source?: SourceText;
}

/** A declaration as it is written. */
export interface SourceText {
  readonly code: string;
  /** Where it stands, such as `cell 3, line 1`. */
  readonly place: string;
}

// JupyterLab lets through plain colours only, not those of its themes: these can be read on white and on black.
const STYLES: Readonly<Partial<Record<TokenKind, string>>> = {
  keyword: "color: #2f8540",
  type: "color: #1976d2",
  string: "color: #cf4540",
  number: "color: #2f8540",
  comment: "color: #7d7d7d; font-style: italic",
};

/** All three forms of a documentation. */
export async function documentationBundle({
  code,
  text,
  source,
}: Documentation): Promise<DocumentationBundle> {
  const where = source ? `*${source.place}*` : "";
  const written = source?.code ?? "";
  const html = [codeHtml(code), await markdownHtml(text), await markdownHtml(where)];
  return {
    "text/markdown": joined([fenced(code), text, where, fenced(written)]),
    "text/html": [...html, codeHtml(written)].join(""),
    "text/plain": joined([code, plainOf(text), source?.place ?? "", written]),
  };
}

const joined = (parts: readonly string[]): string =>
  parts.filter((part) => part !== "").join("\n\n");

/** Splits what a language server says about a word: its code first, its explanation behind. */
export function documentationOf(markdown: string): Documentation {
  const match = /^```\w*\n([\s\S]*?)\n?```\s*([\s\S]*)$/.exec(markdown);
  if (!match) return { code: "", text: explanationIn(markdown) };
  return { code: withoutAliases(match[1]!), text: explanationIn(match[2]!) };
}

/** An explanation of the server, without its links to files, which no front end can follow, in lines of any width. */
export function explanationIn(markdown: string): string {
  const text = markdown.replace(/\[([^\]\n]+)\]\(file:[^)\n]*\)/g, "`$1`").trim();
  return text
    .split(/(^```[^]*?^```)/m)
    .map((part, index) => (index % 2 === 1 ? part : unwrapped(part)))
    .join("");
}

/**
 * A comment is wrapped to the width of its file, and a pane beside completions is narrower. Lines that end in a semicolon,
 * as one of several equations does, stay lines.
 */
function unwrapped(markdown: string): string {
  return markdown
    .replace(/(?<=\S);[ ]*\n(?=[ ]*[^\s])/g, ";  \n")
    .replace(/(?<=[^\s])(?<!;  )\n[ ]{0,3}(?![ ]|[-*+>#] |\||\d+\. |```)(?=\S)/g, " ");
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
    const style = STYLES[kind];
    const safe = escapeHtml(text);
    return style === undefined ? safe : `<span style="${style}">${safe}</span>`;
  });
  // Code begins where the text begins, also in front ends that indent it.
  return `<pre style="margin: 0 0 8px 0; padding: 0">${parts.join("")}</pre>`;
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
    .replace(/ +$/gm, "")
    .trim();
}

function fenced(code: string): string {
  if (code === "") return "";
  const fence = code.includes("```") ? "````" : "```";
  return `${fence}typescript\n${code}\n${fence}`;
}
