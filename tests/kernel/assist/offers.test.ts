// What is inserted for candidates, when one of them needs an import.
import { expect, test } from "vitest";
import { RANKS, type Candidate } from "../../../kernel/assist/candidates.ts";
import { offersFor, type DetailedCandidate } from "../../../kernel/assist/offers.ts";
import { typeScriptOf } from "../../../kernel/commands/expand-cell.ts";
import { wordAt } from "../../../kernel/assist/word.ts";

const LOCAL: Candidate = {
  name: "brewed",
  text: "brewed",
  start: 0,
  kind: "instance",
  rank: RANKS.near,
};
const IMPORT: Candidate = { ...LOCAL, name: "brew", text: "brew", rank: RANKS.import, from: "pkg" };

/** The cell after each offer, at the mark. */
function offered(marked: string, ...candidates: readonly DetailedCandidate[]): string[] {
  const cell = marked.replace("|", "");
  const word = wordAt(cell, marked.indexOf("|"));
  const place = { cell, code: typeScriptOf(cell), word, start: word.start };
  const { start, end, items } = offersFor(candidates, place);
  return items.map(({ text }) => cell.slice(0, start) + text + cell.slice(end));
}

test("where a statement begins, names and imports are offered side by side", () => {
  expect(offered("brew|", LOCAL, IMPORT)).toEqual(["brewed", 'import { brew } from "pkg";\nbrew']);
});

test("inside a statement, an import is offered when nothing else is", () => {
  expect(offered("f(brew|)", LOCAL, IMPORT)).toEqual(["f(brewed)"]);
  expect(offered("f(brew|)", IMPORT)).toEqual(['import { brew } from "pkg";\nf(brew)']);
  expect(offered("let brewery; f(brew|)", IMPORT)).toEqual([]);
});

test("no import is written in front of a command's code", () => {
  expect(offered("%time brew|", IMPORT)).toEqual([]);
});

test("a default export is offered when the server has said how it is imported", () => {
  const item = { label: "brew", data: { source: "pkg", autoImport: { importKind: 1 } } };
  const range = { start: { line: 0, character: 0 }, end: { line: 0, character: 0 } };
  const additionalTextEdits = [{ range, newText: 'import brew from "pkg";\n\n' }];
  expect(offered("brew|", { ...IMPORT, item })).toEqual([]);
  expect(
    offered("brew|", { ...IMPORT, item, more: { label: "brew", additionalTextEdits } }),
  ).toEqual(['import brew from "pkg";\nbrew']);
});

test("a name of an earlier cell gets the kind that its signature tells", () => {
  const word = wordAt("br", 2);
  const more = { label: "brewed", detail: "(alias) class Brewed" };
  const place = { cell: "br", code: "br", word, start: 0 };
  expect(offersFor([{ ...LOCAL, more }], place).items).toEqual([
    { text: "brewed", kind: "class", signature: "class Brewed" },
  ]);
});
