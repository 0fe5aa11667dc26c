// The style sheet of formulas with its fonts inside, so that the page needs no other file.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join, dirname } from "node:path";

/** Fonts by what in the page asks for them; the first two serve every formula. */
const FONTS: readonly (readonly [file: string, wanted: RegExp])[] = [
  ["KaTeX_Main-Regular", /class="katex/],
  ["KaTeX_Math-Italic", /class="katex/],
  ["KaTeX_Size1-Regular", /size1|small-op|op-symbol/],
  ["KaTeX_Size2-Regular", /size2|large-op|op-symbol/],
  ["KaTeX_Size3-Regular", /size3/],
  ["KaTeX_Size4-Regular", /size4|delim-size4/],
  ["KaTeX_AMS-Regular", /amsrm|mathbb|textbb/],
  ["KaTeX_Main-Bold", /mathbf|textbf/],
  ["KaTeX_Main-Italic", /textit|mathit/],
  ["KaTeX_Math-BoldItalic", /boldsymbol/],
  ["KaTeX_Caligraphic-Regular", /mathcal/],
  ["KaTeX_Fraktur-Regular", /mathfrak|textfrak/],
  ["KaTeX_SansSerif-Regular", /mathsf|textsf/],
  ["KaTeX_Script-Regular", /mathscr|textscr/],
  ["KaTeX_Typewriter-Regular", /mathtt|texttt/],
];

/** The style sheet for the formulas in `html`, or nothing when there are none. */
export function formulaStyle(html: string): string {
  if (!html.includes('class="katex')) return "";
  const plugin = createRequire(import.meta.url).resolve("@vscode/markdown-it-katex");
  const sheet = createRequire(plugin).resolve("katex/dist/katex.min.css");
  const rules = readFileSync(sheet, "utf8").replace(/@font-face\{[^}]*\}/g, (rule) => {
    const file = /fonts\/(KaTeX_[\w-]+)\.woff2/.exec(rule)?.[1] ?? "";
    const wanted = FONTS.find(([name]) => name === file)?.[1];
    if (!wanted?.test(html)) return "";
    const data = readFileSync(join(dirname(sheet), "fonts", `${file}.woff2`)).toString("base64");
    return rule.replace(/src:[^;}]*/, `src:url(data:font/woff2;base64,${data}) format("woff2")`);
  });
  return rules;
}
