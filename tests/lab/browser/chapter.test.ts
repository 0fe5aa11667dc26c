// Chapter 1 in the real page, as a learner goes through it: run, watch, answer, save, come back.
// Covers: lab/ui/page/plugins/logo.ts, lab/ui/page/plugins/untouched-notebooks.ts
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { BROWSER_PATH, launchBrowser } from "../../support/browser.ts";
import { BrowserLab, CHAPTER } from "../../support/browser-lab.ts";
import type { LabPage } from "../../support/lab-browser-page.ts";

const PLOTLY = "application/vnd.plotly.v1+json";
const LIMIT_MS = 150_000;

/** Forgets to divide by the total. */
const WRONG = `function softmax(rows: number[][]): number[][] {
  return rows.map((row) => row.map((score) => Math.exp(score)));
}`;
const RIGHT = `function softmax(rows: number[][]): number[][] {
  return rows.map((row) => {
    const powers = row.map((score) => Math.exp(score - Math.max(...row)));
    const total = powers.reduce((sum, power) => sum + power, 0);
    return powers.map((power) => power / total);
  });
}`;

describe.skipIf(!BROWSER_PATH)("chapter 1 in the lab (needs Chromium)", () => {
  let browser: Browser;
  let lab: BrowserLab;
  let notebook: LabPage;
  let fileAtFirst: string;
  const saved = (): string => readFileSync(join(lab.root, CHAPTER), "utf8");

  beforeAll(async () => {
    [lab, browser] = await Promise.all([BrowserLab.start(), launchBrowser()]);
    fileAtFirst = saved();
    notebook = await lab.open(browser, CHAPTER);
  }, 240_000);
  afterAll(async () => {
    await browser.close();
    await lab.stop();
  });

  test("opens under gradlab's name and logo, asks nothing, and changes nothing", async () => {
    const { page } = notebook;
    expect(await page.title()).toMatch(/^p1-01.* - gradlab$/);
    expect(await page.locator("#jp-MainLogo img").getAttribute("alt")).toBe("gradlab");
    expect(await page.locator(".jp-Dialog, .Toastify__toast").count()).toBe(0);
    await page.locator(".jp-Notebook-ExecutionIndicator[data-status=idle]").waitFor();
    expect(await notebook.isDirty()).toBe(false);
    expect(saved()).toBe(fileAtFirst);
  });

  test(
    "runs from top to bottom, and the training curve moves while it trains",
    async () => {
      const seen = await notebook.watch("fit", ".gtitle");
      await notebook.runAll();
      const headlines = await seen();
      expect(headlines.filter((text) => text.startsWith("Epoch")).length).toBeGreaterThan(1);
      expect(headlines.at(-1)).toMatch(/^Trained 1 epoch/);
      for (const id of await notebook.codeCells()) {
        const outputs = await notebook.outputs(id);
        expect({
          id,
          errors: outputs.filter(({ output_type }) => output_type === "error"),
        }).toEqual({
          id,
          errors: [],
        });
      }
    },
    LIMIT_MS,
  );

  test(
    "every figure is drawn by Plotly, once, and its still picture is not shown beside it",
    async () => {
      for (const id of await notebook.codeCells()) {
        const figures = (await notebook.outputs(id)).filter(({ data }) => data?.[PLOTLY]);
        const cell = await notebook.cell(id);
        const drawn = cell.locator(".jp-OutputArea-output .js-plotly-plot");
        await expect.poll(() => drawn.count(), { timeout: 30_000 }).toBe(figures.length);
        expect(await cell.locator(".jp-OutputArea-output .jp-RenderedSVG").count()).toBe(0);
      }
    },
    LIMIT_MS,
  );

  test("a slider moves its figure without the kernel", async () => {
    const cell = await notebook.cell("diagram");
    const headline = cell.locator(".gtitle");
    expect(await headline.textContent()).toContain("784 - 8 - 10");
    const before = await notebook.executionCount("diagram");
    const rail = cell.locator(".slider-rail-touch-rect");
    const width = (await rail.boundingBox())?.width ?? 0;
    await rail.click({ position: { x: width - 2, y: 5 } });
    await expect.poll(() => headline.textContent()).toContain("784 - 1,024 - 10");
    expect(await notebook.executionCount("diagram")).toBe(before);
  });

  test(
    "a wrong answer gets a card that shows the first difference, a right one all points",
    async () => {
      await notebook.typeOver("p1-01-e2-answer", WRONG);
      await notebook.run("p1-01-e2-answer");
      await notebook.run("p1-01-e2-check");
      const card = (await notebook.cell("p1-01-e2-check")).locator("section");
      await card.locator('[aria-label="not passed"]').first().waitFor();
      expect(await card.getAttribute("aria-label")).toContain("p1-01-e2");
      expect(await card.textContent()).toContain("it returned 8.1662 at [0][0], expected 0.76886");

      await notebook.typeOver("p1-01-e2-answer", RIGHT);
      await notebook.run("p1-01-e2-answer");
      await notebook.run("p1-01-e2-check");
      await expect.poll(() => card.textContent()).toContain("All visible checks pass.");
      expect(await card.locator('[aria-label="not passed"]').count()).toBe(0);
    },
    LIMIT_MS,
  );

  test(
    "saved and loaded again, everything is there: text, outputs, layout, kernel",
    async () => {
      expect(await notebook.isDirty()).toBe(true);
      await notebook.save();
      expect(saved().includes("score - Math.max(...row)")).toBe(true);
      await notebook.reload();

      expect(await notebook.source("p1-01-e2-answer")).toBe(RIGHT);
      expect(await notebook.isDirty()).toBe(false);
      const card = (await notebook.cell("p1-01-e2-check")).locator("section");
      expect(await card.textContent()).toContain("All visible checks pass.");
      const headline = (await notebook.cell("fit")).locator(".gtitle");
      expect(await headline.textContent()).toMatch(/^Trained 1 epoch/);
      const tabs = notebook.page.locator(".lm-DockPanel-tabBar .lm-TabBar-tabLabel");
      expect(await tabs.allTextContents()).toEqual(["p1-01-single-layer.ipynb"]);
      // The same kernel still knows what was trained.
      await notebook.run("mistakes");
      expect((await notebook.outputs("mistakes")).map(({ output_type }) => output_type)).toEqual([
        "execute_result",
      ]);
    },
    LIMIT_MS,
  );

  test("nothing failed on the way: no error in the console, no refused request", () => {
    expect(notebook.problems).toEqual([]);
  });
});
