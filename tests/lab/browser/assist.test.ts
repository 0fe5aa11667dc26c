// What a learner sees of types while writing: the list behind Tab, the tooltip behind Shift-Tab, the inspector.
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { BROWSER_PATH, launchBrowser } from "../../support/browser.ts";
import { BrowserLab } from "../../support/browser-lab.ts";
import type { LabPage } from "../../support/lab-browser-page.ts";

const LIMIT_MS = 120_000;

const CELLS = {
  boats: `/** A boat in the harbour. */
interface Boat {
  /** How many sails are set. */
  sails: number;
  name: string;
  /**
   * Turns the bow.
   *
   * @param degrees - to starboard; \`-90\` is a sharp turn to port
   * @returns whether the boat is still upright
   */
  turn(degrees: number, hard?: boolean): boolean;
}
const boat: Boat = { sails: 2, name: "Ida", turn: () => true };`,
  writing: "",
};

describe.skipIf(!BROWSER_PATH)("writing code in the lab (needs Chromium)", () => {
  let browser: Browser;
  let lab: BrowserLab;
  let notebook: LabPage;
  let page: Page;

  beforeAll(async () => {
    [lab, browser] = await Promise.all([BrowserLab.start(), launchBrowser()]);
    await lab.writeNotebook("boats.ipynb", CELLS);
    notebook = await lab.open(browser, "boats.ipynb");
    ({ page } = notebook);
  }, 240_000);
  afterAll(async () => {
    await browser.close();
    await lab.stop();
  });

  test(
    "Tab completes a typed member, and Shift-Tab shows how to call it",
    async () => {
      await notebook.run("boats");
      await write("boat.tu");
      await accept();
      await expect.poll(() => notebook.source("writing")).toBe("boat.turn");
      await page.keyboard.type("(");
      await page.keyboard.press("Shift+Tab");
      const tooltip = page.locator(".jp-Tooltip");
      await tooltip.waitFor();
      expect(await tooltip.innerText()).toMatch(
        /turn\(degrees: number, hard\?: boolean\): boolean\s+Turns the bow\.\s+@param degrees — to starboard/,
      );
      await page.keyboard.press("Escape");
    },
    LIMIT_MS,
  );

  test(
    "the list behind Tab tells kinds, and explains what is selected",
    async () => {
      await write("boat.");
      await page.keyboard.press("Tab");
      const list = page.locator(".jp-Completer");
      await list.waitFor();
      expect(await list.locator(".jp-Completer-item").allInnerTexts()).toEqual([
        expect.stringMatching(/name\s+property/),
        expect.stringMatching(/sails\s+property/),
        expect.stringMatching(/turn\s+function/),
      ]);
      await page.keyboard.press("ArrowDown");
      const panel = list.locator(".jp-Completer-docpanel");
      await expect.poll(() => panel.innerText()).toContain("How many sails are set.");
      await page.keyboard.press("Escape");
    },
    LIMIT_MS,
  );

  test(
    "accepting a name that is not imported yet writes the import, too",
    async () => {
      await write("const found = existsSyn");
      await accept();
      await expect
        .poll(() => notebook.source("writing"))
        .toBe('import { existsSync } from "node:fs";\nconst found = existsSync');
      await page.keyboard.type("(");
      expect(await notebook.source("writing")).toMatch(/existsSync\($/);
      expect(notebook.problems).toEqual([]);
    },
    LIMIT_MS,
  );

  /** Asks for the list, and takes what is selected. */
  async function accept(): Promise<void> {
    // The language server of a new kernel needs a moment on a busy machine; a person presses Tab again, too.
    await vi.waitFor(async () => {
      await page.keyboard.press("Tab");
      await page.locator(".jp-Completer").waitFor({ timeout: 2000 });
    }, 60_000);
    await page.keyboard.press("Enter");
  }

  /** Types into the second cell, the cursor at its end. */
  async function write(text: string): Promise<void> {
    await notebook.typeOver("writing", text);
    const cell = await notebook.cell("writing");
    await cell.locator(".cm-content").focus();
    await page.keyboard.press("Control+End");
  }
});
