// Terminal colours as HTML: classes for the sixteen named ones, styles for the others, nothing lost or executable.
import { inspect } from "node:util";
import { expect, test } from "vitest";
import { ansiToHtml } from "../../../nbformat/html/ansi.ts";

test.each([
  ["plain <b>", "plain &lt;b&gt;"],
  ["\u001b[31mred\u001b[0m rest", '<span class="ansi-fg-1">red</span> rest'],
  ["\u001b[1;92;44mx\u001b[m", '<span class="ansi-bold ansi-fg-10 ansi-bg-4">x</span>'],
  ["\u001b[38;5;196mx", '<span style="color:rgb(255,0,0)">x</span>'],
  ["\u001b[38;5;9mx", '<span class="ansi-fg-9">x</span>'],
  ["\u001b[48;2;1;2;300mx", '<span style="background-color:rgb(1,2,255)">x</span>'],
  ["\u001b[7mx\u001b[27my", '<span class="ansi-fg-inverse ansi-bg-inverse">x</span>y'],
  ["\u001b[31;7mx", '<span class="ansi-fg-inverse ansi-bg-1">x</span>'],
  [
    "\u001b[4ma\u001b[24mb\u001b[2mc\u001b[22md",
    '<span class="ansi-underline">a</span>b<span class="ansi-dim">c</span>d',
  ],
])("%j becomes %s", (text, html) => {
  expect(ansiToHtml(text)).toBe(html);
});

test("other control sequences and hyperlinks are dropped, their text stays", () => {
  expect(ansiToHtml("\u001b[2Ka\u001b[1A\u001b]8;;https://x\u0007b\u001b]8;;\u0007\u001bc")).toBe(
    "abc",
  );
});

test("what Node colours comes out with the same text", () => {
  const value = { a: 1, b: ["<x>", null, true], c: undefined };
  const html = ansiToHtml(inspect(value, { colors: true }));
  const text = html
    .replace(/<\/?span[^>]*>/g, "")
    .replaceAll("&lt;", "<")
    .replaceAll("&gt;", ">")
    .replaceAll("&#39;", "'");
  expect(text).toBe(inspect(value));
});
