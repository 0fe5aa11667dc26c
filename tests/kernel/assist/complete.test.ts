// Completion with a language service whose server is missing or dies: an answer all the same, and soon.
import { tmpdir } from "node:os";
import { afterEach, expect, test } from "vitest";
import { completeCell } from "../../../kernel/assist/complete.ts";
import { ExportIndex } from "../../../kernel/assist/export-index.ts";
import { inspectCell } from "../../../kernel/assist/inspect.ts";
import type { AssistSources } from "../../../kernel/assist/language.ts";
import { LanguageServerError } from "../../../kernel/language/errors.ts";
import {
  LanguageService,
  type LanguageServiceOptions,
} from "../../../kernel/language/language-service.ts";

/** The longest that a front end waits, with room for a busy machine. */
const SOON_MS = 8000;
let language: LanguageService;
afterEach(() => language.close());

function sourcesWith(findServer: LanguageServiceOptions["findServer"]): AssistSources {
  language = new LanguageService({
    folder: tmpdir(),
    moduleFolders: [],
    ...(findServer && { findServer }),
  });
  return {
    language,
    live: {
      names: [{ name: "kettle", kind: "const" }],
      look: async () => ({
        type: "Kettle",
        text: "Kettle",
        isFunction: false,
        preview: [],
        properties: [{ name: "litres", isFunction: false, isOwn: true }],
      }),
    },
    commands: [],
    exports: new ExportIndex(),
  };
}

async function offered(code: string, sources: AssistSources): Promise<string[]> {
  return (await completeCell(code, code.length, sources)).items.map(({ text }) => text);
}

const program = (script: string): LanguageServiceOptions["findServer"] => {
  return () => [process.execPath, "-e", script];
};

test.each([
  [
    "is not installed",
    () => {
      throw new LanguageServerError("LANGUAGE_SERVER_MISSING", "not here");
    },
  ],
  ["ends at once", program("process.exit(1)")],
  ["says nothing", program("setInterval(() => undefined, 1000)")],
  ["talks nonsense", program("console.log('Content-Length: 3\\r\\n\\r\\n{]}')")],
])("with a server that %s, values and names answer soon", async (_what, findServer) => {
  const sources = sourcesWith(findServer);
  const started = performance.now();
  expect(await offered("ket", sources)).toEqual(["kettle"]);
  expect(await offered("kettle.", sources)).toEqual(["litres"]);
  const place = { code: "kettle", offset: 2, wantsSource: true };
  expect(await inspectCell(place, sources)).toEqual({ code: "kettle: Kettle", text: "" });
  expect(performance.now() - started).toBeLessThan(SOON_MS);
});
