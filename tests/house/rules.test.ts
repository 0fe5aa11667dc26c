// The house rules over the syntax tree: each is seen to fail on a wrong example, then holds for the project.
import { describe, expect, test } from "vitest";
import { citesSource, documentsExports, namesShapes } from "./rules/doc-comments.ts";
import {
  namesItsIdea,
  startsWithHeader,
  throwsTypedErrors,
  tracksTodos,
} from "./rules/errors-and-names.ts";
import { parseSource, type Rule } from "./rules/source-file.ts";
import { explainsSkips, uncoveredSources } from "./rules/tests-and-skips.ts";
import { parseProject } from "./support/project-files.ts";

const SOURCES = parseProject(/^(lib|kernel|nbformat|lab|grader|cli|bench)\/.*\.ts$/);
const TESTS = parseProject(/^tests\/.*\.ts$/);
const CONTENT = parseProject(/^(exercises|solutions)\/.*\.ts$/);

interface RuleCase {
  readonly title: string;
  readonly rule: Rule;
  readonly files: typeof SOURCES;
  /** Path and text of one example that must fail, and of one that must pass. */
  readonly wrong: readonly [path: string, text: string];
  readonly right: readonly [path: string, text: string];
}

const CASES: readonly RuleCase[] = [
  {
    title: "every export has a doc comment",
    rule: documentsExports,
    files: SOURCES,
    wrong: ["lib/a.ts", "// plain\nexport function f(): void {}"],
    right: ["lib/a.ts", "/** Does nothing. */\nexport function f(): void {}"],
  },
  {
    title: "functions on tensors name shapes",
    rule: namesShapes,
    files: SOURCES,
    wrong: ["lib/ops/a.ts", "/** Negates. */\nexport function neg(x: Tensor): Tensor {}"],
    right: [
      "lib/ops/a.ts",
      "/** Negates x `[batch, features]`. */\nexport function neg(x: Tensor): Tensor {}",
    ],
  },
  {
    title: "layers, losses, optimizers and initialisers cite their source",
    rule: citesSource,
    files: SOURCES,
    wrong: ["lib/layers/a.ts", "/** A layer. */\nexport class A {}"],
    right: [
      "lib/layers/a.ts",
      "/**\n * A layer.\n * @source LeCun 1998, equation 2\n */\nexport class A {}",
    ],
  },
  {
    title: "errors are typed",
    rule: throwsTypedErrors,
    files: [...SOURCES, ...CONTENT],
    wrong: ["lib/a.ts", 'throw new Error("no");'],
    right: ["lib/a.ts", 'throw new ShapeError("no");'],
  },
  {
    title: "every file begins with a header line",
    rule: startsWithHeader,
    files: [...SOURCES, ...TESTS, ...CONTENT],
    wrong: ["lib/a.ts", 'import "x";'],
    right: ["lib/a.ts", '// Shapes: broadcasting and strides.\nimport "x";'],
  },
  {
    title: "file names name an idea",
    rule: namesItsIdea,
    files: [...SOURCES, ...TESTS],
    wrong: ["lib/utils.ts", ""],
    right: ["lib/shape.ts", ""],
  },
  {
    title: "a TODO names its issue",
    rule: tracksTodos,
    files: [...SOURCES, ...TESTS, ...CONTENT],
    wrong: ["lib/a.ts", ["//", "TODO: later"].join(" ")],
    right: ["lib/a.ts", ["//", "TODO(#12): later"].join(" ")],
  },
  {
    title: "a skipped test says what it needs",
    rule: explainsSkips,
    files: TESTS,
    wrong: ["tests/a.test.ts", 'test.skipIf(true)("works", () => {});'],
    right: ["tests/a.test.ts", 'test.skipIf(true)("works (needs a GPU)", () => {});'],
  },
];

describe.each(CASES)("$title", ({ rule, files, wrong, right }) => {
  test("the rule fails on a wrong example and passes a right one", () => {
    expect(rule(parseSource(...wrong))).toHaveLength(1);
    expect(rule(parseSource(...right))).toEqual([]);
  });

  test("the project keeps it", () => {
    expect(files.flatMap(rule)).toEqual([]);
  });
});

describe("tests mirror the sources", () => {
  const source = parseSource("lib/a.ts", "export const a = 1;");

  test("a source without a test is named; a mirrored or a covering test satisfies", () => {
    expect(uncoveredSources([source], [])).toHaveLength(1);
    expect(uncoveredSources([source], [parseSource("tests/lib/a.test.ts", "")])).toEqual([]);
    expect(
      uncoveredSources([source], [parseSource("tests/x.test.ts", "// Covers: lib/*.ts")]),
    ).toEqual([]);
  });

  test("a file of types needs none", () => {
    expect(uncoveredSources([parseSource("lib/t.ts", "export interface T {}")], [])).toEqual([]);
  });

  test("the project keeps it", () => {
    const tested = SOURCES.filter((file) => !file.path.startsWith("bench/"));
    expect(uncoveredSources(tested, TESTS)).toEqual([]);
  });
});
