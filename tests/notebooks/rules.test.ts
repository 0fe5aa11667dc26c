// The rules for notebooks: each is seen to fail on a wrong example, then holds for every notebook of the project.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { chapterOf, readChapter, type Chapter, type ChapterRule } from "./chapter.ts";
import { readOutline, readShingles } from "./concordance.ts";
import { notebookFiles, PROJECT } from "./project.ts";
import { endsInSomethingToSee, importsPublicNames, staysSmall } from "./rules/code.ts";
import { followsOutline, keepsOwnHeadingsSmall } from "./rules/headings.ts";
import { describesPictures, isOriginal, isShortEnough } from "./rules/prose.ts";
import { shinglesOf } from "./shingles.ts";

const CHAPTERS = notebookFiles().map(readChapter);
const PATH = "notebooks/part-9/p9-01-example.ipynb";

interface RuleCase {
  readonly title: string;
  readonly rule: ChapterRule;
  /** Each of these must fail once. */
  readonly wrong: readonly Chapter[];
  readonly right: Chapter;
  /** The same rule with the project's own data; left out where there is no difference. */
  readonly project?: ChapterRule;
}

const OUTLINE = {
  documents: [
    {
      id: "900",
      title: "Examples",
      headings: [
        { id: "900-h01", level: 1, text: "Examples" },
        { id: "900-h02", level: 2, text: "1. First" },
      ],
      formulas: [],
    },
  ],
  notebooks: [
    {
      file: "part-9/p9-01-example.ipynb",
      document: "900",
      title: "An example",
      headings: ["900-h01", "900-h02"],
      exercises: [],
    },
  ],
  exercises: [],
};
const TITLE = { markdown: "# Examples", gradlab: { document: "900", heading: "900-h01" } };
const FIRST = { markdown: "## 1. First", gradlab: { document: "900", heading: "900-h02" } };
const COPIED = "one two three four five six seven eight";

function example(...cells: Parameters<typeof chapterOf>[1]): Chapter {
  return chapterOf(PATH, cells);
}

const CASES: readonly RuleCase[] = [
  {
    title: "headings are those of the document, in order, word for word",
    rule: followsOutline(OUTLINE),
    wrong: [
      example(FIRST, TITLE),
      example(TITLE),
      example(TITLE, { ...FIRST, markdown: "## 1. Second" }),
      example(TITLE, { ...FIRST, markdown: "### 1. First" }),
      example(TITLE, { ...FIRST, markdown: "Without a heading" }),
      example(TITLE, { ...FIRST, markdown: "## 1. First\n### More" }),
      example(TITLE, { ...FIRST, gradlab: { document: "901", heading: "900-h02" } }),
    ],
    right: example(TITLE, { markdown: "words" }, FIRST),
    project: followsOutline(readOutline()),
  },
  {
    title: "headings of our own are small",
    rule: keepsOwnHeadingsSmall,
    wrong: [example({ markdown: "### Mine" })],
    right: example(TITLE, { markdown: "#### Mine\n```\n# a comment\n```" }),
  },
  {
    title: "no eight words in a row come from a source document",
    rule: isOriginal(new Set(shinglesOf(COPIED).map(({ hash }) => hash))),
    wrong: [
      example({ markdown: `So: ${COPIED}.` }),
      example({ code: `// ${COPIED.replace("five", "\n// five")}` }),
    ],
    right: example(
      { markdown: `# ${COPIED}` },
      { markdown: "one two three four five six seven ate" },
    ),
    project: isOriginal(readShingles()),
  },
  {
    title: "a chapter has at most 2,500 words",
    rule: isShortEnough,
    wrong: [example({ markdown: "word ".repeat(2501) })],
    right: example({ markdown: "word ".repeat(2500) }),
  },
  {
    title: "pictures in text have words",
    rule: describesPictures,
    wrong: [
      example({ markdown: "![](a.png)" }),
      example({ markdown: '<img src="a.png">' }),
      example({ markdown: '<img src="a.png" alt="">' }),
    ],
    right: example({ markdown: '![A cat](a.png) <img alt="A dog" src="b.png">' }),
  },
  {
    title: "code cells fit on a screen",
    rule: staysSmall,
    wrong: [
      example({ code: "1;\n".repeat(26) }, { code: "1" }),
      example({ code: `"${"x".repeat(87)}"` }),
      example({ code: "1;\n".repeat(9) }),
    ],
    right: example({ code: "1;\n".repeat(25) }, { code: `"${"x".repeat(86)}"` }),
  },
  {
    title: "imports name what is public",
    rule: importsPublicNames(new Set(["lodash", "@stdlib/math"])),
    wrong: [
      example({ code: 'import { fit } from "../lib/training/fit.ts";' }),
      example({ code: 'import { add } from "gradlab/lib/ops/add.ts";' }),
      example({ code: 'const { x } = await import("left-pad");' }),
      example({ code: 'import x from "node:nothing";' }),
    ],
    right: example({
      code: 'import { a } from "gradlab";\nimport b from "lodash/b";\nimport "@stdlib/math/base";\nimport fs from "node:fs/promises";',
    }),
    project: importsPublicNames(installedPackages()),
  },
  {
    title: "each code cell ends in something to see",
    rule: endsInSomethingToSee,
    wrong: [
      example({ code: "const x = 1;" }),
      example({ code: "let x = 1;\nx = 2;" }),
      example({ code: "let x = 1;\nx++;" }),
      example({ code: "function f(): number {\n  return 1;\n}" }),
      example({ code: "// nothing" }),
    ],
    right: example(
      { code: "const x = 1;\nx" },
      { code: "for (const x of [1]) console.log(x);" },
      { code: "display.svg(picture);" },
      { code: "function answer() {}", gradlab: { role: "stub" } },
    ),
  },
];

describe.each(CASES)("$title", ({ rule, wrong, right, project }) => {
  test("the rule fails on wrong examples and passes a right one", () => {
    for (const chapter of wrong) expect(rule(chapter)).toHaveLength(1);
    expect(rule(right)).toEqual([]);
  });

  test("every notebook keeps it", () => {
    expect(CHAPTERS.flatMap(project ?? rule)).toEqual([]);
  });
});

test("every notebook is a chapter of the outline or one of the two frames", () => {
  const planned = readOutline().notebooks.map(({ file }) => `notebooks/${file}`);
  const frames = ["notebooks/00-welcome.ipynb", "notebooks/99-concordance.ipynb"];
  expect([...planned, ...frames]).toEqual(expect.arrayContaining(notebookFiles()));
});

/** What `npm ci` puts beside a notebook. */
function installedPackages(): Set<string> {
  const text = readFileSync(join(PROJECT, "package.json"), "utf8");
  return new Set(Object.keys((JSON.parse(text) as { dependencies: object }).dependencies));
}
