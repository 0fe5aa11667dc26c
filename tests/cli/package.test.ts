// What `npm pack` puts into the package: everything a learner needs, and nothing an instructor keeps.
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { beforeAll, describe, expect, test } from "vitest";
import { ensurePage } from "../../cli/lab/ensure-page.ts";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));

describe("the packed package", () => {
  let paths: string[] = [];

  beforeAll(async () => {
    await ensurePage({ installation: ROOT });
    const pack = spawnSync("npm", ["pack", "--dry-run", "--json", "--ignore-scripts"], {
      cwd: ROOT,
      encoding: "utf8",
      shell: process.platform === "win32",
    });
    const report = JSON.parse(pack.stdout) as
      | Record<string, { files: { path: string }[] }>
      | { files: { path: string }[] }[];
    paths = (Object.values(report)[0]?.files ?? []).map(({ path }) => path);
  }, 180_000);

  test.each([
    "dist/cli/main.js",
    "dist/lib/index.d.ts",
    "dist/lab/page/page.json",
    "dist/visible-checks/p1-01-e1.json",
    "lib/layers/linear.ts",
    "nbformat/schema/nbformat.v4.5.schema.json",
    "notebooks/00-welcome.ipynb",
    "LICENSE",
  ])("holds %s", (path) => {
    expect(paths).toContain(path);
  });

  test("holds the page's scripts and their compressed copies", () => {
    expect(
      paths.filter((path) => /^dist\/lab\/page\/static\/main\..*\.js(\.gz)?$/.test(path)),
    ).toHaveLength(2);
  });

  test("holds no exercise definition, no solution, no test and no benchmark", () => {
    expect(paths.filter((path) => /(^|\/)(exercises|solutions|tests|bench)\//.test(path))).toEqual(
      [],
    );
  });

  test("depends on no JupyterLab package but the client of its services", () => {
    const { dependencies } = JSON.parse(readFileSync(`${ROOT}/package.json`, "utf8")) as {
      dependencies: object;
    };
    const jupyterlab = Object.keys(dependencies).filter((name) =>
      /^@(jupyterlab|jupyter-widgets|lumino)\//.test(name),
    );
    expect(jupyterlab).toEqual(["@jupyterlab/services"]);
  });
});
