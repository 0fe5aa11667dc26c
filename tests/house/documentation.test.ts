// What the pages say can be followed: links lead somewhere, and every setting of the environment is explained.
import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { projectFiles } from "./support/project-files.ts";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const read = (path: string): string => readFileSync(join(ROOT, path), "utf8");

const PAGES = projectFiles(/\.md$/);
const NOTEBOOKS = projectFiles(/\.ipynb$/);
const SOURCES = projectFiles(/\.(ts|mjs|ipynb)$|^package\.json$/);

/** The targets of a page's links that are no addresses and lead to nothing. */
function deadLinks(path: string, text: string): string[] {
  const prose = text.replaceAll(/^```[\s\S]*?^```/gm, "").replaceAll(/`[^`\n]*`/g, "");
  const targets = [...prose.matchAll(/\]\(([^)\s]+)\)/g)].map(([, target]) => target!);
  return targets
    .filter((target) => !/^[a-z]+:/.test(target))
    .filter((target) => !leadsSomewhere(path, decodeURIComponent(target)))
    .map((target) => `${path} leads to ${target}`);
}

function leadsSomewhere(path: string, target: string): boolean {
  const [file = "", heading] = target.split("#");
  const found = file === "" ? path : join(dirname(path), file);
  if (!existsSync(join(ROOT, found))) return false;
  return heading === undefined || headingsOf(read(found)).includes(heading);
}

/** The names that GitHub gives to the headings of a page. */
function headingsOf(text: string): string[] {
  return [...text.matchAll(/^#+ (.+)$/gm)].map(([, title]) =>
    title!
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N} _-]/gu, "")
      .replaceAll(" ", "-"),
  );
}

/** Names of gradlab's own variables that a file reads from an environment, or sets in one. */
function settingsIn(text: string): string[] {
  const reads = /\benv(?:ironment)?(?:\.|\[\\?")(GRADLAB_[A-Z_]+)/gi;
  const sets = /\benv(?:ironment)?: \{[^}]*?\b(GRADLAB_[A-Z_]+):/gi;
  return [...text.matchAll(reads), ...text.matchAll(sets)].map(([, name]) => name!);
}

describe("links", () => {
  test("a link to nothing is found, one to a file, a heading or an address is not", () => {
    const wrong = "[a](docs/missing.md) [b](README.md#no-such-heading)";
    expect(deadLinks("README.md", wrong)).toHaveLength(2);
    const right = "[a](package.json) [b](README.md#reading-the-code) [c](https://a.example/b)";
    expect(deadLinks("README.md", `${right} \`[d](code)\``)).toEqual([]);
  });

  test("of every page and notebook lead somewhere", () => {
    expect(PAGES).toContain("docs/architecture.md");
    expect(PAGES.flatMap((path) => deadLinks(path, read(path)))).toEqual([]);
    const cells = (path: string): string =>
      (JSON.parse(read(path)) as { cells: { cell_type: string; source: string[] }[] }).cells
        .filter((cell) => cell.cell_type === "markdown")
        .map((cell) => cell.source.join(""))
        .join("\n\n");
    expect(NOTEBOOKS.flatMap((path) => deadLinks(path, cells(path)))).toEqual([]);
  });
});

describe("settings of the environment", () => {
  test("are found where they are read and where they are set", () => {
    expect(settingsIn('process.env["GRADLAB_A"] + environment["GRADLAB_B"]')).toHaveLength(2);
    expect(settingsIn("process.env.GRADLAB_A; kernelEnv: { GRADLAB_B: 1 }")).toEqual(["GRADLAB_A"]);
    expect(settingsIn("env: { ...process.env, GRADLAB_B: 1 }")).toEqual(["GRADLAB_B"]);
    expect(settingsIn('code = "GRADLAB_SHAPE"')).toEqual([]);
  });

  test("are those that the page of the kernel explains, no more and no fewer", () => {
    const used = SOURCES.filter((path) => !/^tests\/(?!support\/)/.test(path));
    const names = new Set(used.flatMap((path) => settingsIn(read(path))));
    const explained = [...read("docs/kernel.md").matchAll(/^\| `(GRADLAB_[A-Z_]+)`/gm)];
    expect([...names].sort()).toEqual(explained.map(([, name]) => name!).sort());
  });
});
