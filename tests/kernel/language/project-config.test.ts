// Cells are checked under the user's own tsconfig, with what a notebook needs on top.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { projectConfig, type TypesMode } from "../../../kernel/language/project-config.ts";

interface Config {
  extends: string[];
  include: string[];
  compilerOptions: Record<string, unknown>;
}

let root: string;
let folder: string;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "gradlab-config-"));
  folder = join(root, "notebooks", "one");
  mkdirSync(folder, { recursive: true });
});

afterEach(() => rmSync(root, { recursive: true }));

function write(path: string, text: string): void {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), text);
}

function configOf(mode: TypesMode = "on", moduleFolders: string[] = []): Config {
  return JSON.parse(projectConfig({ folder, moduleFolders }, mode).text) as Config;
}

test("without a tsconfig cells are checked strictly", () => {
  const { compilerOptions, include } = configOf();
  expect(compilerOptions).toMatchObject({ strict: true, module: "preserve", noEmit: true });
  expect(include).toContain("__cell_*.ts");
});

test("the options of the folder's own tsconfig hold, comments and all", () => {
  write(
    "notebooks/one/tsconfig.json",
    '{ // lenient\n "compilerOptions": { "strict": false, "noImplicitAny": true, "target": "es5", }, }',
  );
  expect(configOf().compilerOptions).toMatchObject({
    strict: false,
    noImplicitAny: true,
    target: "esnext",
  });
});

test("a tsconfig above the folder is extended, and what it does not say keeps its default", () => {
  write("base.json", '{ "compilerOptions": { "strict": false } }');
  write(
    "tsconfig.json",
    '{ "extends": "./base", "compilerOptions": { "paths": { "my/*": ["./src/*"] } } }',
  );
  const config = configOf();
  expect(config.extends).toEqual(["../../tsconfig.json"]);
  expect(config.compilerOptions["strict"]).toBeUndefined();
  expect(config.compilerOptions["skipLibCheck"]).toBe(true);
  expect(config.compilerOptions["paths"]).toEqual({ "my/*": [join(root, "src/*")] });
});

test("%types strict takes nothing back", () => {
  write("tsconfig.json", '{ "compilerOptions": { "strict": false, "strictNullChecks": false } }');
  expect(configOf("strict").compilerOptions).toMatchObject({
    strict: true,
    strictNullChecks: true,
  });
});

test("a tsconfig that cannot be read is passed over", () => {
  write("notebooks/one/tsconfig.json", "{ nothing of the kind");
  expect(configOf().compilerOptions["strict"]).toBe(true);
});

test("packages of the kernel's own folders have types where the notebook has none of its own", () => {
  write(
    "own/package.json",
    '{ "name": "mine", "exports": { ".": { "types": "./a.d.ts" }, "./x": { "types": "./x.d.ts" } } }',
  );
  write("own/node_modules/@types/node/package.json", '{ "name": "@types/node" }');
  const own = join(root, "own");
  const { compilerOptions } = configOf("on", [own]);
  expect(compilerOptions["paths"]).toEqual({
    mine: [join(own, "a.d.ts")],
    "mine/x": [join(own, "x.d.ts")],
  });
  expect(compilerOptions["types"]).toEqual([join(own, "node_modules/@types/node")]);
  write("node_modules/mine/package.json", '{ "name": "mine" }');
  expect(configOf("on", [own]).compilerOptions["paths"]).toEqual({});
});

test("without types of Node, those of browsers stand in", () => {
  expect(configOf().compilerOptions["lib"]).toEqual(["esnext", "dom"]);
  expect(projectConfig({ folder, moduleFolders: [] }, "on").hasNodeTypes).toBe(false);
});
