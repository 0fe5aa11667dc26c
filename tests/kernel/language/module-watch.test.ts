// A module that was edited is noticed at the next cell, wherever it is imported from.
import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, beforeEach, expect, test } from "vitest";
import { ModuleWatch } from "../../../kernel/language/module-watch.ts";

const folder = mkdtempSync(join(tmpdir(), "gradlab-watch-"));
let clock = Date.now();
let watch: ModuleWatch;

/** Writes a file with a time of its own, as fast tests write within one tick of the clock. */
function write(name: string, text: string): void {
  const path = join(folder, name);
  mkdirSync(join(path, ".."), { recursive: true });
  writeFileSync(path, text);
  clock += 1000;
  utimesSync(path, new Date(clock), new Date(clock));
}

const event = (name: string, type: number) => ({
  uri: pathToFileURL(join(folder, name)).href,
  type,
});

beforeEach(() => {
  watch = new ModuleWatch(folder);
});

afterAll(() => rmSync(folder, { recursive: true }));

test("what nobody has changed is not told", () => {
  write("still.ts", "export const a = 1");
  expect(watch.changes("import { a } from './still'")).toEqual([]);
  expect(watch.changes("import { a } from './still'")).toEqual([]);
});

test("an edited module is told once, also to cells that do not import it", () => {
  write("edited.ts", "export const a = 1");
  watch.changes("import { a } from './edited.ts'");
  write("edited.ts", "export const a = 'x'");
  expect(watch.changes("1")).toEqual([event("edited.ts", 2)]);
  expect(watch.changes("1")).toEqual([]);
});

test("a module that a module imports is watched, too", () => {
  write("inner/deep.ts", "export const b = 1");
  write("outer.ts", "export { b } from './inner/deep'");
  watch.changes("const { b } = await import('./outer.js')");
  write("inner/deep.ts", "export const b = 22");
  expect(watch.changes("b")).toEqual([event("inner/deep.ts", 2)]);
});

test("a module that comes or goes is told", () => {
  watch.changes("import x = require('./fleeting')");
  write("fleeting.ts", "export const c = 1");
  expect(watch.changes("")).toEqual([event("fleeting.ts", 1)]);
  rmSync(join(folder, "fleeting.ts"));
  expect(watch.changes("")).toEqual([event("fleeting.ts", 3)]);
});

test("packages are not looked at", () => {
  expect(watch.changes("import x from 'some-package'; import y from 'node:fs'")).toEqual([]);
});
