// The page is built once, again only after a change, and never half.
// Covers: lab/ui/build/page-folder.ts, lab/ui/build/bundle.ts, lab/ui/build/build-error.ts, lab/ui/build/compress.ts
// Covers: lab/ui/page/lab.ts, lab/ui/page/start.ts
import { spawnSync } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { gunzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { buildPage } from "../../../../lab/ui/build/build-page.ts";
import { hashInputs } from "../../../../lab/ui/build/inputs.ts";
import { canBuildPage, pageFolder, readPage } from "../../../../lab/ui/build/page-folder.ts";
import { compressFiles } from "../../../../lab/ui/build/compress.ts";

const PROJECT = fileURLToPath(new URL("../../../..", import.meta.url));

describe("building the page", () => {
  const output = pageFolder(PROJECT);
  const shares: number[] = [];
  beforeAll(
    () => buildPage({ project: PROJECT, output, onProgress: (share) => shares.push(share) }),
    180_000,
  );

  test("the page names scripts that are there, beside compressed copies", () => {
    const page = readPage(output);
    expect(page?.scripts.length).toBeGreaterThan(0);
    for (const script of page?.scripts ?? [])
      expect(existsSync(join(output, "static", script))).toBe(true);
    expect(readdirSync(join(output, "static")).some((name) => name.endsWith(".js.gz"))).toBe(true);
  });

  test("settings, themes and licences of JupyterLab are there", () => {
    expect(existsSync(join(output, "schemas/@jupyterlab/notebook-extension/tracker.json"))).toBe(
      true,
    );
    expect(existsSync(join(output, "themes/@jupyterlab/theme-dark-extension/index.css"))).toBe(
      true,
    );
    const { packages } = JSON.parse(
      readFileSync(join(output, "third-party-licenses.json"), "utf8"),
    ) as {
      packages: { name: string }[];
    };
    expect(packages.map(({ name }) => name)).toContain("@jupyterlab/notebook");
  });

  test("a second build with nothing changed does nothing", async () => {
    expect(await buildPage({ project: PROJECT, output })).toBe(false);
  });

  test("progress only ever grows", () => {
    expect(shares).toEqual(shares.toSorted((a, b) => a - b));
  });

  test("the clone can build the page; a folder without its sources cannot", () => {
    expect(canBuildPage(PROJECT)).toBe(true);
    expect(canBuildPage(tmpdir())).toBe(false);
  });
});

describe("a page that is not whole", () => {
  const folder = mkdtempSync(join(tmpdir(), "gradlab-page-"));
  afterAll(() => rmSync(folder, { recursive: true }));

  test("what a killed build left is swept up, the draft of a running one is not", async () => {
    const output = join(folder, "page");
    mkdirSync(output);
    writeFileSync(join(output, "page.json"), JSON.stringify({ inputs: hashInputs(PROJECT) }));
    const ended = spawnSync(process.execPath, ["--version"]).pid;
    mkdirSync(`${output}.draft-${ended}`);
    mkdirSync(`${output}.draft-${process.ppid}`);
    expect(await buildPage({ project: PROJECT, output })).toBe(false);
    expect(readdirSync(folder).sort()).toEqual(["page", `page.draft-${process.ppid}`]);
  });

  test("counts as none when its description is missing or damaged", () => {
    expect(readPage(folder)).toBeUndefined();
    writeFileSync(join(folder, "page.json"), '{"inputs": "ab');
    expect(readPage(folder)).toBeUndefined();
  });

  test("a compressed copy holds the same bytes", async () => {
    writeFileSync(join(folder, "a.js"), "let a = 1;\n".repeat(500));
    await compressFiles(folder);
    const unpacked = gunzipSync(readFileSync(join(folder, "a.js.gz")));
    expect(unpacked.equals(readFileSync(join(folder, "a.js")))).toBe(true);
  });
});
