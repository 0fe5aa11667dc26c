// The page as a whole: self-contained, without scripts, with contents, formulas, colours, pictures and links.
// Covers: nbformat/html/escape.ts, nbformat/html/highlight.ts, nbformat/html/markdown.ts
// Covers: nbformat/html/formula-style.ts, nbformat/html/style.ts
import { expect, test } from "vitest";
import { renderPage } from "../../../nbformat/html/page.ts";
import type { Cell, Notebook } from "../../../nbformat/types.ts";

const markdown = (source: string, more: object = {}): Cell => ({
  id: "m",
  cell_type: "markdown",
  metadata: {},
  source,
  ...more,
});
const code = (source: string): Cell => ({
  id: "c",
  cell_type: "code",
  metadata: {},
  source,
  outputs: [],
  execution_count: 3,
});
const page = (cells: Cell[], more: object = {}): Promise<string> => {
  const notebook: Notebook = { nbformat: 4, nbformat_minor: 5, metadata: {}, cells };
  return renderPage(notebook, { name: "chapter", ...more });
};

test("the page is complete, runs nothing and loads nothing", async () => {
  const html = await page([
    markdown("# A & B\n\n<script>hit()</script>$x^2$"),
    code('const a: string = "<b>"'),
  ]);
  expect(html).toContain("<title>A &amp; B</title>");
  expect(html).toContain("default-src 'none'");
  expect(html).not.toMatch(/<script|<link|src="http|url\((?!data:)|@import/);
  expect(html).toContain('<span class="count">3</span>');
});

test("formulas bring the fonts they use, pages without formulas bring none", async () => {
  const [without, plain, bold] = [
    await page([markdown("text")]),
    await page([markdown("$x$")]),
    await page([markdown("$\\mathbf{x}$")]),
  ];
  const fonts = (html: string): number => html.match(/font\/woff2/g)?.length ?? 0;
  expect([fonts(without), fonts(plain), fonts(bold)]).toEqual([0, 2, 3]);
});

test("a formula that is wrong is shown in the text instead of stopping the page", async () => {
  expect(await page([markdown("before $\\frac{$ after")])).toContain("after");
});

test("code is coloured for both themes, and an unknown language is left plain", async () => {
  const html = await page([code("const a = 1"), markdown("```klingon\n<qapla>\n```")]);
  expect(html).toMatch(/--shiki-light:#[0-9A-F]{6};--shiki-dark:#[0-9A-F]{6}">const/i);
  expect(html).toContain("&lt;qapla&gt;");
});

test("the contents list links to sections, equal names get anchors of their own", async () => {
  const html = await page([markdown("## Loss `L` of $x$\n\n### Same"), markdown("### Same")]);
  expect(html).toContain('<a href="#loss-l-of-x">Loss L of x</a>');
  expect(html).toContain('<a href="#same">Same</a>');
  expect(html).toContain('<a href="#same-2">Same</a>');
  for (const anchor of ["loss-l-of-x", "same", "same-2"]) expect(html).toContain(` id="${anchor}"`);
});

test("attached and local pictures are put into the page with their words", async () => {
  const attachments = { "a b.png": { "image/png": "QUJD\n" } };
  const html = await page(
    [
      markdown("![one](attachment:a%20b.png) ![two](pic/c.png) ![three](gone.png)", {
        attachments,
      }),
    ],
    {
      readImage: (path: string) =>
        path === "pic/c.png" ? "data:image/png;base64,REVG" : undefined,
    },
  );
  expect(html).toContain('<img src="data:image/png;base64,QUJD" alt="one">');
  expect(html).toContain('<img src="data:image/png;base64,REVG" alt="two">');
  expect(html).toContain('<img alt="three">');
});

test("links to other notebooks lead to their pages, others stay", async () => {
  const html = await page([markdown("[a](../p/b.ipynb#c) [d](https://x.org/e.ipynb) [f](#g)")]);
  expect(html).toContain('href="../p/b.html#c"');
  expect(html).toContain('href="https://x.org/e.ipynb"');
  expect(html).toContain('href="#g"');
});

test("raw cells are text, blank code cells are left out", async () => {
  const html = await page([
    { id: "r", cell_type: "raw", metadata: {}, source: "<raw>" },
    code("  "),
  ]);
  expect(html).toContain('<pre class="text raw">&lt;raw&gt;</pre>');
  expect(html).not.toContain('class="cell"');
});
