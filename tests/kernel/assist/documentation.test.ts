// Documentation of a word in Markdown, HTML and plain text: complete, readable, and never markup of its own.
import { describe, expect, test } from "vitest";
import { documentationBundle, documentationOf } from "../../../kernel/assist/documentation.ts";

const HOVER = [
  "```typescript",
  "(alias) function scaleIt(v: number, k?: number): number",
  "import scaleIt",
  "```",
  "Scales a **value**, see [the book](https://example.org) and `x < y`.",
  "",
  "*@param* `k` — the factor",
].join("\n");

describe("documentation of a word", () => {
  test("a declaration and its explanation are told apart, without the alias that an earlier cell is", () => {
    expect(documentationOf(HOVER)).toEqual({
      code: "function scaleIt(v: number, k?: number): number",
      text: "Scales a **value**, see [the book](https://example.org) and `x < y`.\n\n*@param* `k` — the factor",
    });
  });

  test("the Markdown has the code in a fence and the explanation behind it", async () => {
    const bundle = await documentationBundle({ code: "let a: 1", text: "One.", place: "cell 2" });
    expect(bundle["text/markdown"]).toBe("```typescript\nlet a: 1\n```\n\nOne.\n\n*cell 2*");
  });

  test("the plain text has no marks and no escape codes", async () => {
    const bundle = await documentationBundle(documentationOf(HOVER));
    expect(bundle["text/plain"]).toBe(
      "function scaleIt(v: number, k?: number): number\n\n" +
        "Scales a value, see the book and x < y.\n\n@param k — the factor",
    );
  });

  test("the HTML colours the code by classes that follow the theme", async () => {
    const bundle = await documentationBundle({ code: 'let a: string = "<b>"', text: "" });
    expect(bundle["text/html"]).toBe(
      '<div class="jp-RenderedText"><pre><span class="ansi-green-fg">let</span> a: ' +
        '<span class="ansi-blue-fg">string</span> = ' +
        '<span class="ansi-red-fg">&quot;&lt;b&gt;&quot;</span></pre></div>',
    );
  });

  test("markup and scripts in a comment are shown as text", async () => {
    const text =
      '<script>alert(1)</script> <img src=x onerror="alert(2)"> [x](javascript:alert(3))';
    const html = (await documentationBundle({ code: "</pre><script>", text }))["text/html"];
    expect(html).not.toMatch(/<(script|img|a)\b/);
    expect(html).toContain("&lt;script&gt;alert(1)&lt;/script&gt;");
  });

  test("an example in a comment is coloured like code", async () => {
    const { "text/html": html } = await documentationBundle({
      code: "",
      text: "Use it:\n```ts\nconst a = 1\n```",
    });
    expect(html).toContain('<pre><span class="ansi-green-fg">const</span> a');
  });
});
