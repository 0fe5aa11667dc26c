// The rules for executed notebooks are seen to fail on wrong outputs and to pass right ones.
import { describe, expect, test } from "vitest";
import type { CodeCell, Output } from "../../nbformat/types.ts";
import type { Chapter } from "./chapter.ts";
import { keepsClaims } from "./claims.ts";
import { describesOutputs, ranCleanly } from "./rules/outputs.ts";

const SVG = '<svg role="img" aria-label="A curve that falls"><path d="M0 0"/></svg>';

function executed(outputs: Output[], change: Partial<CodeCell> = {}): Chapter {
  const cell: CodeCell = {
    cell_type: "code",
    id: "one",
    metadata: {},
    source: "",
    execution_count: 1,
    outputs,
    ...change,
  };
  return { path: "notebooks/a.ipynb", cells: [cell] };
}

function shown(data: Record<string, unknown>): Chapter {
  return executed([{ output_type: "display_data", data, metadata: {} }]);
}

describe("an executed notebook ran cleanly", () => {
  test.each<[string, Chapter]>([
    ["a cell did not run", executed([], { execution_count: null })],
    ["a cell shows nothing", executed([])],
    [
      "a cell threw",
      executed([{ output_type: "error", ename: "ShapeError", evalue: "no", traceback: [] }]),
    ],
    [
      "a cell wrote to stderr",
      executed([{ output_type: "stream", name: "stderr", text: "a warning" }]),
    ],
  ])("not when %s", (_, chapter) => {
    expect(ranCleanly(chapter)).toHaveLength(1);
  });

  test("when every cell shows something, or waits for an answer", () => {
    expect(ranCleanly(shown({ "text/plain": "1" }))).toEqual([]);
    expect(ranCleanly(executed([], { metadata: { gradlab: { role: "stub" } } }))).toEqual([]);
  });
});

describe("a number that the text speaks of", () => {
  const rule = keepsClaims([{ cell: "one", says: "the answer is 42", shows: /\b42\b/ }]);

  test("is missed when its cell shows another one, or is not there", () => {
    expect(rule(shown({ "text/plain": "421" }))).toHaveLength(1);
    expect(rule(executed([], { id: "two" }))).toHaveLength(1);
  });

  test("is found in text and in figures", () => {
    expect(rule(shown({ "text/plain": "42" }))).toEqual([]);
    expect(rule(shown({ "application/vnd.plotly.v1+json": { title: "42 bumps" } }))).toEqual([]);
    expect(rule(executed([{ output_type: "stream", name: "stdout", text: "42" }]))).toEqual([]);
  });
});

describe("every picture of an executed notebook has words", () => {
  test.each<[string, Record<string, unknown>]>([
    ["a drawing has no label", { "image/svg+xml": '<svg role="img"></svg>' }],
    ["a drawing has no role", { "image/svg+xml": "<svg><title>A curve</title></svg>" }],
    ["a drawing in HTML has no label", { "text/html": "<p>x</p><svg></svg>" }],
    ["an image in HTML has no alt text", { "text/html": '<img src="data:,">' }],
    ["a Plotly figure stands alone", { "application/vnd.plotly.v1+json": {} }],
  ])("not when %s", (_, data) => {
    expect(describesOutputs(shown(data))).toHaveLength(1);
  });

  test("when drawings have a role and a label", () => {
    const plotly = { "application/vnd.plotly.v1+json": {}, "image/svg+xml": SVG };
    expect(describesOutputs(shown(plotly))).toEqual([]);
    expect(describesOutputs(shown({ "text/html": `${SVG}<img alt="A seven" src="x">` }))).toEqual(
      [],
    );
    expect(describesOutputs(shown({ "text/html": '<svg aria-hidden="true"></svg>' }))).toEqual([]);
  });
});
