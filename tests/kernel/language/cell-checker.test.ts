// A cell waits for its verdict only a moment, whatever the language server does.
import { tmpdir } from "node:os";
import { fileURLToPath } from "node:url";
import { afterEach, expect, test } from "vitest";
import { LanguageService } from "../../../kernel/language/language-service.ts";

const FAKE = fileURLToPath(new URL("../../support/fake-language-server.mjs", import.meta.url));
let language: LanguageService;

/** A service whose server misbehaves from the first cell on. */
async function serve(manner: string): Promise<void> {
  language = new LanguageService({
    folder: tmpdir(),
    moduleFolders: [],
    findServer: () => [process.execPath, FAKE, manner],
  });
  await language.whenReady(10_000);
}

afterEach(() => language.close());

test("a cell before the server is ready is not kept waiting, and hears later", async () => {
  language = new LanguageService({
    folder: tmpdir(),
    moduleFolders: [],
    findServer: () => [process.execPath, FAKE],
  });
  const verdict = await language.check("x");
  expect(verdict).toMatchObject({ unchecked: "starting", diagnostics: [] });
  expect(await verdict.later).toMatchObject([{ code: "TS2304" }]);
});

test("who says how long he waits for the server gets his verdict", async () => {
  language = new LanguageService({
    folder: tmpdir(),
    moduleFolders: [],
    findServer: () => [process.execPath, FAKE],
  });
  expect(await language.check("x", 10_000)).toMatchObject({ diagnostics: [{ code: "TS2304" }] });
});

test("a server that hangs costs the first cell a second and the next next to nothing", async () => {
  await serve("hangs");
  const first = await language.check("x");
  expect(first.unchecked).toBe("slow");
  const started = performance.now();
  expect((await language.check("x + 1")).unchecked).toBe("slow");
  expect(performance.now() - started).toBeLessThan(700);
});

test("a verdict that comes after the moment is told later", async () => {
  await serve("slow");
  const verdict = await language.check("x");
  expect(verdict.unchecked).toBe("slow");
  expect(await verdict.later).toMatchObject([{ code: "TS2304" }]);
});

test("a server that dies over a cell lets the cell run, and the next one starts", async () => {
  await serve("dies");
  const verdict = await language.check("x");
  expect(verdict).toMatchObject({ diagnostics: [] });
  expect(await verdict.later).toBeUndefined();
  expect(await language.whenReady(10_000)).toBe(true);
});

test("the same text with the same names before it is not asked about again", async () => {
  await serve("good");
  const { file } = await language.check("x");
  expect((await language.check("x")).file).toBe(file);
  language.remember(language.draft("const x = 1"), 1);
  expect((await language.check("x")).file).not.toBe(file);
});

test("an interrupt ends the waiting", async () => {
  await serve("hangs");
  const waiting = language.check("x");
  language.interrupt();
  expect((await waiting).unchecked).toBe("interrupted");
});

test("numbers alone are not worth a question, and start no server", async () => {
  language = new LanguageService({ folder: tmpdir(), moduleFolders: [] });
  expect(await language.check("(1 + 2) * 3;")).toMatchObject({ diagnostics: [] });
  expect(language.state).toBe("stopped");
});

test("with types off nothing is asked", async () => {
  language = new LanguageService({ folder: tmpdir(), moduleFolders: [], mode: "off" });
  expect((await language.check("x")).unchecked).toBe("off");
  expect(language.state).toBe("stopped");
});
