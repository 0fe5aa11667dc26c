// Names that could be imported: asked for once per module, remembered, and asked for again after a failure.
import { expect, test } from "vitest";
import { ExportIndex } from "../../../kernel/assist/export-index.ts";
import type { LanguageQuestions } from "../../../kernel/assist/language.ts";

const WORD = { start: 7, end: 9, prefix: "br", isMember: false };

function languageWith(answer: (code: string) => unknown): LanguageQuestions {
  return {
    whenReady: async () => true,
    complete: async (code) => answer(code),
    hover: async () => undefined,
    signatureHelp: async () => undefined,
    definition: async () => undefined,
    resolve: async () => undefined,
    cellOf: () => undefined,
    moduleOf: () => undefined,
    names: [],
    packages: ["brewery"],
  };
}

test("each module is asked once for what it exports", async () => {
  const asked: string[] = [];
  const index = new ExportIndex();
  const language = languageWith((code) => {
    asked.push(code);
    if (!code.includes('"brewery"')) return undefined;
    return {
      items: [
        { label: "brew", kind: 3 },
        { label: "type", kind: 14 },
      ],
    };
  });
  const first = await index.candidates(WORD, language, 1000);
  expect(first).toEqual([
    { name: "brew", text: "brew", kind: "function", from: "brewery", rank: 3, start: 7 },
  ]);
  const count = asked.length;
  expect(await index.candidates(WORD, language, 1000)).toEqual(first);
  expect(asked).toHaveLength(count);
  expect(asked[0]).toBe('import {  } from "brewery";');
});

test("a server that gives no answer is asked again", async () => {
  const index = new ExportIndex();
  expect(
    await index.candidates(
      WORD,
      languageWith(() => undefined),
      1000,
    ),
  ).toEqual([]);
  const answering = languageWith(() => ({ items: [{ label: "brew", kind: 3 }] }));
  expect((await index.candidates(WORD, answering, 1000)).length).toBeGreaterThan(1);
});

test("who asks first does not wait for long", async () => {
  const index = new ExportIndex();
  const never = languageWith(() => new Promise(() => undefined));
  expect(await index.candidates(WORD, never, 1)).toEqual([]);
});
