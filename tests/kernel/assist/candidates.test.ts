// Which candidates are offered for what is typed, and in which order.
import { describe, expect, test } from "vitest";
import {
  candidateOf,
  chooseCandidates,
  RANKS,
  type Candidate,
} from "../../../kernel/assist/candidates.ts";

const candidate = (name: string, more: Partial<Candidate> = {}): Candidate => ({
  name,
  text: name,
  start: 0,
  kind: "property",
  rank: RANKS.near,
  ...more,
});
const named = (...names: string[]): Candidate[] => names.map((name) => candidate(name));
const offered = (candidates: readonly Candidate[], prefix: string): string[] =>
  chooseCandidates(candidates, prefix).map(({ name }) => name);

describe("choosing candidates", () => {
  test("names that begin with the word come alone, whatever their case", () => {
    expect(offered(named("sqrt", "SQRT2", "max", "SQ"), "sq")).toEqual(["sqrt", "SQ", "SQRT2"]);
  });

  test("without such a name, the letters may be spread", () => {
    expect(offered(named("readFileSync", "rename", "writeFile"), "rfs")).toEqual(["readFileSync"]);
  });

  test("what is near comes first, then keywords, globals and imports", () => {
    const all = [
      candidate("formA", { rank: RANKS.import, from: "pkg" }),
      candidate("formB", { rank: RANKS.global }),
      candidate("for", { rank: RANKS.keyword }),
      candidate("formC"),
    ];
    expect(offered(all, "for")).toEqual(["formC", "for", "formB", "formA"]);
  });

  test("names with an underscore and deprecated names come last", () => {
    const old = candidate("aOld", { item: { label: "aOld", sortText: "z11" } });
    expect(offered([old, ...named("_b", "c")], "")).toEqual(["c", "_b", "aOld"]);
  });

  test("imports need two letters, and never repeat what is there already", () => {
    const imports = [
      candidate("mk", { rank: RANKS.import, from: "fs" }),
      candidate("mk", { rank: RANKS.import, from: "node:fs" }),
      candidate("mk", { rank: RANKS.import, from: "pkg" }),
    ];
    expect(offered(imports, "m")).toEqual([]);
    expect(chooseCandidates(imports, "mk").map(({ from }) => from)).toEqual(["node:fs", "pkg"]);
    expect(chooseCandidates([...imports, candidate("mk")], "mk")).toHaveLength(1);
  });

  test("thousands of names are cut to a list that can be read", () => {
    const many = named(...Array.from({ length: 6000 }, (_, at) => `name${at}`));
    expect(offered(many, "n")).toHaveLength(300);
  });
});

describe("an item of the language server", () => {
  const word = { start: 5, end: 8, prefix: "loc", isMember: false };
  const offsetOf = (): number => 2;

  test("inserts its name in place of the word", () => {
    expect(candidateOf({ label: "momentum?", kind: 5 }, word, offsetOf)).toMatchObject({
      name: "momentum",
      text: "momentum",
      start: 5,
      kind: "property",
    });
  });

  test("may replace more than the word", () => {
    const range = { start: { line: 1, character: 2 }, end: { line: 1, character: 8 } };
    const item = { label: "my key", kind: 5, textEdit: { range, newText: '["my key"]' } };
    expect(candidateOf(item, word, offsetOf)).toMatchObject({ text: '["my key"]', start: 2 });
  });

  test("may have one range for inserting and one for replacing", () => {
    const range = { start: { line: 1, character: 2 }, end: { line: 1, character: 8 } };
    const textEdit = { insert: range, replace: range, newText: "train" };
    expect(candidateOf({ label: "train", textEdit }, word, offsetOf)).toMatchObject({
      text: "train",
      start: 2,
    });
  });

  test("that needs an import says from where", () => {
    const item = { label: "mk", kind: 3, data: { source: "tinyfix" } };
    expect(candidateOf(item, word, offsetOf)).toMatchObject({
      from: "tinyfix",
      rank: RANKS.import,
    });
  });
});
