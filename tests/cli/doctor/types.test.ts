// The doctor says whether cells are checked, and calls it no failure when they are not.
import { expect, test } from "vitest";
import { checkTypes } from "../../../cli/doctor/types.ts";
import { LanguageServerError } from "../../../kernel/language/errors.ts";

test("a language server that finds a mistake is fine", async () => {
  expect(await checkTypes()).toMatchObject({ name: "types", state: "ok", fix: "" });
});

test("a missing language server is a warning with a fix", async () => {
  const find = () => {
    throw new LanguageServerError("LANGUAGE_SERVER_MISSING", "types need a package. Install it.");
  };
  expect(await checkTypes({ find })).toEqual({
    name: "types",
    state: "warning",
    detail: "cells run unchecked: types need a package",
    fix: "run npm ci again in gradlab's folder, without --omit=optional",
  });
});

test("a language server that never answers is a warning", async () => {
  const silent = [process.execPath, "-e", "setInterval(() => {}, 1000)"] as const;
  const { state, detail } = await checkTypes({ limitMs: 100, find: () => [...silent] });
  expect(state).toBe("warning");
  expect(detail).toContain("did not start within 0.1 s");
});
