// Completion and inspection without a language server: from live values, the session's names and the keywords.
import { describe, expect, test } from "vitest";
import { completeCell } from "../../../kernel/assist/complete.ts";
import { ExportIndex } from "../../../kernel/assist/export-index.ts";
import { inspectCell } from "../../../kernel/assist/inspect.ts";
import type { AssistSources } from "../../../kernel/assist/language.ts";
import type { LiveLook } from "../../../kernel/execute/runtime-messages.ts";

const LOOK: LiveLook = {
  type: "Model",
  text: "Model",
  isFunction: false,
  preview: [
    ["units", "3"],
    ["fit", ""],
  ],
  properties: [
    { name: "toString", isFunction: true, isOwn: false },
    { name: "units", isFunction: false, isOwn: true },
    { name: "fit", isFunction: true, isOwn: false },
    { name: "not a name", isFunction: false, isOwn: true },
  ],
};
const asked: string[] = [];
const sources: AssistSources = {
  language: {
    whenReady: async () => false,
    complete: async () => undefined,
    hover: async () => undefined,
    signatureHelp: async () => undefined,
    definition: async () => undefined,
    resolve: async () => undefined,
    cellOf: () => undefined,
    moduleOf: () => undefined,
    names: [],
    packages: [],
  },
  live: {
    names: [{ name: "constantThing", kind: "const" }],
    look: async (expression) => {
      asked.push(expression);
      return expression === "busy" ? undefined : LOOK;
    },
  },
  exports: new ExportIndex(),
  commands: [
    { name: "%time", usage: "%time <code>", summary: "Times one run." },
    { name: "%timeit", usage: "%timeit <code>", summary: "Times many runs." },
    { name: "%%sh", usage: "%%sh", summary: "Runs a script." },
  ],
};
async function offered(marked: string): Promise<string[]> {
  const { items } = await completeCell(marked.replace("|", ""), marked.indexOf("|"), sources);
  return items.map(({ text }) => text);
}

describe("without a language server", () => {
  test("members are the properties that the value has now, what every object has last", async () => {
    expect(await offered("model.|")).toEqual(["fit", "units", "toString"]);
    expect(await offered("const a = model.layers[0].un|")).toEqual(["units"]);
    expect(asked).toContain("model.layers[0]");
  });

  test("nothing is evaluated that could have an effect", async () => {
    asked.length = 0;
    expect(await offered("make().|")).toEqual([]);
    expect(asked).toEqual([]);
  });

  test("a value that cannot be looked at has no members", async () => {
    expect(await offered("busy.|")).toEqual([]);
  });

  test("names of the session come before keywords and globals", async () => {
    expect((await offered("con|")).slice(0, 4)).toEqual([
      "constantThing",
      "const",
      "continue",
      "console",
    ]);
  });

  test.each(['const a = "con|"', "// con|", "/* con| */"])("%j offers nothing", async (marked) => {
    expect(await offered(marked)).toEqual([]);
  });

  test("a word is described by its value", async () => {
    const place = { code: "model.fit(1)", offset: 2, wantsSource: false };
    expect(await inspectCell(place, sources)).toEqual({
      code: "model: Model",
      text: "`{ units: 3, fit }`",
    });
  });
});

describe("cell commands", () => {
  test("complete at the start of a line", async () => {
    expect(await offered("%ti|")).toEqual(["%time", "%timeit"]);
    expect(await offered("%%|")).toEqual(["%%sh"]);
    expect(await offered("1 %ti|")).not.toContain("%time");
  });

  test("show their help", async () => {
    const place = { code: "%time f()", offset: 2, wantsSource: false };
    expect(await inspectCell(place, sources)).toEqual({
      code: "%time <code>",
      text: "Times one run.",
    });
  });
});
