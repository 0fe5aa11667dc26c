// The linter and the compiler are seen to refuse one wrong example of every rule that this house adds.
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const longFile = "export const a = [\n" + "  1,\n".repeat(401) + "];\n";
const longFunction =
  "export function f(): void {\n" + "  g();\n".repeat(61) + "}\nfunction g(): void {}\n";

/** Rule as the linter prints it, the file that breaks it, its text. */
const WRONG: readonly [rule: string, path: string, text: string][] = [
  ["folder-imports", "lib/ops/up.ts", 'import { a } from "../layers/a.ts";\nexport const b = a;\n'],
  [
    "no-value-reading",
    "lib/layers/a.ts",
    "export const a = (t: { item(): number }): number => t.item();\n",
  ],
  [
    "no-cycle",
    "nbformat/one.ts",
    'import { b } from "./two.ts";\nexport const a = (): number => b();\n',
  ],
  [
    "no-cycle",
    "nbformat/two.ts",
    'import { a } from "./one.ts";\nexport const b = (): number => a();\n',
  ],
  ["no-default-export", "nbformat/default.ts", "const a = 1;\nexport default a;\n"],
  ["filename-case", "nbformat/camelCase.ts", "export const a = 1;\n"],
  ["max-lines", "nbformat/long.ts", longFile],
  ["max-lines-per-function", "nbformat/long-function.ts", longFunction],
  [
    "max-params",
    "nbformat/parameters.ts",
    "export const f = (a: 1, b: 1, c: 1, d: 1, e: 1): number => a + b + c + d + e;\n",
  ],
  [
    "no-floating-promises",
    "nbformat/forgotten.ts",
    "export function f(): void {\n  Promise.resolve(1);\n}\n",
  ],
  ["no-explicit-any", "nbformat/any.ts", "export const f = (a: any): unknown => a;\n"],
  [
    "no-focused-tests",
    "tests/a.test.ts",
    'import { test } from "vitest";\ntest.only("a", () => {});\n',
  ],
];

/** Diagnostic code of the compiler, and a line that it must refuse. */
const WRONG_TYPES: readonly [code: string, text: string][] = [
  ["TS2322", "export const a: number = [1][0];"],
  ["TS2375", "export const a: { b?: number } = { b: undefined };"],
  ["TS9010", "export const a = Math.random() + 1 > 0 ? fetch : null;"],
  ["TS1294", "export enum A { B }"],
];

describe("the linter", () => {
  let folder = "";
  let output = "";
  beforeAll(() => {
    folder = makeProject(WRONG.map(([, path, text]) => [path, text]));
    const args = [join(ROOT, "node_modules/oxlint/bin/oxlint"), "--type-aware", "--format=unix"];
    output = spawnSync(process.execPath, args, { cwd: folder, encoding: "utf8" }).stdout;
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  test.each(WRONG)("%s is reported for %s", (rule, path) => {
    const lines = output.split("\n").filter((line) => line.includes(path) && line.includes(rule));
    expect(lines, output).not.toEqual([]);
  });
});

describe("the compiler", () => {
  test.each(WRONG_TYPES)("%s is reported for: %s", (code, text) => {
    const folder = makeProject([["nbformat/a.ts", `${text}\n`]]);
    const compiler = join(ROOT, "node_modules/typescript/bin/tsc");
    const { stdout } = spawnSync(process.execPath, [compiler, "--noEmit", "-p", folder], {
      encoding: "utf8",
    });
    rmSync(folder, { recursive: true });
    expect(stdout).toContain(code);
  });
});

// A small project of its own with this project's settings, since the rules here would refuse the wrong examples.
function makeProject(files: readonly (readonly [path: string, text: string])[]): string {
  const folder = mkdtempSync(join(tmpdir(), "gradlab-house-"));
  symlinkSync(join(ROOT, "node_modules"), join(folder, "node_modules"), "dir");
  const lint = JSON.parse(readFileSync(join(ROOT, ".oxlintrc.json"), "utf8")) as Record<
    string,
    unknown
  >;
  const plugin = join(ROOT, "tests/house/lint/plugin.mjs");
  const settings: [string, string][] = [
    [".oxlintrc.json", JSON.stringify({ ...lint, jsPlugins: [plugin] })],
    [".gitignore", "node_modules\n"],
    [
      "tsconfig.json",
      JSON.stringify({ extends: join(ROOT, "tsconfig.base.json"), include: ["**/*.ts"] }),
    ],
    ["package.json", '{"type":"module"}'],
  ];
  for (const [path, text] of [...settings, ...files]) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  return folder;
}
