// Rich output in the real page: a chart is drawn, a table sorts, a tensor has its picture.
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { BROWSER_PATH, launchBrowser } from "../../support/browser.ts";
import { BrowserLab } from "../../support/browser-lab.ts";
import type { LabPage } from "../../support/lab-browser-page.ts";

const CELLS = {
  vega: `const chart = {
  $schema: "https://vega.github.io/schema/vega-lite/v5.json",
  data: { values: [{ epoch: 1, loss: 2.1 }, { epoch: 2, loss: 1.4 }] },
  mark: "bar",
  encoding: { x: { field: "epoch" }, y: { field: "loss", type: "quantitative" } },
};
chart`,
  table: `Array.from({ length: 30 }, (_, n) => ({ name: "run " + n, loss: (n * 7) % 30 }))`,
  tensor: `import { arange, reshape } from "gradlab"; reshape(arange(64), [8, 8])`,
};

describe.skipIf(!BROWSER_PATH)("what cells show in the lab (needs Chromium)", () => {
  let browser: Browser;
  let lab: BrowserLab;
  let notebook: LabPage;
  beforeAll(async () => {
    [lab, browser] = await Promise.all([BrowserLab.start(), launchBrowser()]);
    await lab.writeNotebook("display.ipynb", CELLS);
    notebook = await lab.open(browser, "display.ipynb");
  }, 240_000);
  afterAll(async () => {
    await browser.close();
    await lab.stop();
  });

  test("a Vega-Lite chart is drawn", async () => {
    await notebook.run("vega");
    const drawing = notebook.page.locator(".vega-embed canvas, .vega-embed svg.marks");
    await drawing.first().waitFor({ timeout: 60_000 });
    expect(await drawing.count()).toBe(1);
  }, 120_000);

  test("a table of records is sorted by a click on its heading", async () => {
    await notebook.run("table");
    const table = notebook.page.locator(".jp-OutputArea-output table", { hasText: "run 0" });
    await table.locator("th", { hasText: "loss" }).click();
    const losses = await table.locator("tbody tr td:nth-child(3)").allTextContents();
    expect(losses.map(Number)).toEqual(Array.from({ length: 30 }, (_, n) => n));
  }, 120_000);

  test("a tensor has a small picture beside its numbers", async () => {
    await notebook.run("tensor");
    const picture = notebook.page.locator('.jp-OutputArea-output img[alt^="first matrix"]');
    expect(
      await picture.evaluate(
        (image) => (image as unknown as { naturalWidth: number }).naturalWidth,
      ),
    ).toBe(8);
  }, 120_000);
});
