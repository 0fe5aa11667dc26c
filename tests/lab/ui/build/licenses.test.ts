// The licence list names every package that the page can contain, with its licence.
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { collectLicenses } from "../../../../lab/ui/build/licenses.ts";

test("plotly.js and JupyterLab are listed with licence and text; the test runner is not", () => {
  const { packages } = JSON.parse(
    collectLicenses(fileURLToPath(new URL("../../../..", import.meta.url))),
  ) as {
    packages: { name: string; license: string; text: string }[];
  };
  const find = (name: string) => packages.find((entry) => entry.name === name);
  expect(find("plotly.js-dist-min")).toMatchObject({
    license: "MIT",
    text: expect.stringContaining("Plotly"),
  });
  expect(find("@jupyterlab/application")?.license).toBe("BSD-3-Clause");
  expect(find("vitest")).toBeUndefined();
});
