// Documentation of a word in Markdown, HTML and plain text: complete, readable, and never markup of its own.
import { describe, expect, test } from "vitest";
import { contrast, type Rgb } from "../../../lib/plot/colours.ts";
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

  test("an explanation is no longer wrapped, but for equations, lists and code", async () => {
    const lines = [
      "Long short-term",
      "memory.",
      "",
      "z = x w +",
      "  b;",
      "y = tanh(z)",
      "",
      "- one",
      "- two",
      "",
      "```ts",
      "a();",
      "b()",
      "```",
    ];
    const { text } = documentationOf(`\`\`\`ts\nx\n\`\`\`\n${lines.join("\n")}`);
    expect(text.split("\n")).toEqual([
      "Long short-term memory.",
      "",
      "z = x w + b;  ",
      "y = tanh(z)",
      ...lines.slice(6),
    ]);
    const bundle = await documentationBundle({ code: "", text });
    expect(bundle["text/html"]).toContain("b;<br>\ny = tanh(z)");
    expect(bundle["text/plain"]).toContain("z = x w + b;\ny = tanh(z)\n");
  });

  test("the Markdown has the code in a fence and the explanation behind it", async () => {
    const source = { code: "let a = 1;", place: "cell 2, line 1" };
    const bundle = await documentationBundle({ code: "let a: 1", text: "One.", source });
    expect(bundle["text/markdown"]).toBe(
      "```typescript\nlet a: 1\n```\n\nOne.\n\n*cell 2, line 1*\n\n```typescript\nlet a = 1;\n```",
    );
    expect(bundle["text/plain"]).toBe("let a: 1\n\nOne.\n\ncell 2, line 1\n\nlet a = 1;");
  });

  test("the plain text has no marks and no escape codes", async () => {
    const bundle = await documentationBundle(documentationOf(HOVER));
    expect(bundle["text/plain"]).toBe(
      "function scaleIt(v: number, k?: number): number\n\n" +
        "Scales a value, see the book and x < y.\n\n@param k — the factor",
    );
  });

  test("the HTML colours the code", async () => {
    const bundle = await documentationBundle({ code: 'let a: string = "<b>"', text: "" });
    expect(bundle["text/html"]).toBe(
      '<pre style="margin: 0 0 8px 0; padding: 0"><span style="color: #2f8540">let</span> a: ' +
        '<span style="color: #1976d2">string</span> = ' +
        '<span style="color: #cf4540">&quot;&lt;b&gt;&quot;</span></pre>',
    );
  });

  test("its colours can be read in a light and in a dark theme", async () => {
    const code = 'let a: string = "b" + 1; // c';
    const html = (await documentationBundle({ code, text: "" }))["text/html"];
    const colours = [...html.matchAll(/#([\da-f]{2})([\da-f]{2})([\da-f]{2})/g)];
    expect(colours).toHaveLength(5);
    for (const [hex, ...parts] of colours) {
      const colour = parts.map((part) => Number.parseInt(part, 16)) as unknown as Rgb;
      expect(contrast(colour, [255, 255, 255]), hex).toBeGreaterThan(4);
      expect(contrast(colour, [17, 17, 17]), hex).toBeGreaterThan(4);
    }
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
    expect(html).toContain('<span style="color: #2f8540">const</span> a');
  });
});
