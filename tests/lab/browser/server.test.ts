// The server goes away under an open page and comes back: the page says so, keeps what was typed, and goes on.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Browser, Locator, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { BROWSER_PATH, launchBrowser } from "../../support/browser.ts";
import { BrowserLab } from "../../support/browser-lab.ts";
import type { LabPage } from "../../support/lab-browser-page.ts";

const LIMIT_MS = 150_000;
const PRESS_LIMIT_MS = 5000;
const CONNECTION_LOST = "A connection to the Jupyter server could not be established.";

function dialogOf(page: Page, text: string): Locator {
  return page.locator(".jp-Dialog", { hasText: text }).first();
}

function closeDialog(dialog: Locator): Promise<void> {
  return dialog.locator(".jp-Dialog-button", { hasText: /^(Close|Dismiss|OK)$/ }).click();
}

describe.skipIf(!BROWSER_PATH)("a server that stops and starts again (needs Chromium)", () => {
  let browser: Browser;
  let lab: BrowserLab;
  let notebook: LabPage;

  beforeAll(async () => {
    [lab, browser] = await Promise.all([BrowserLab.start(), launchBrowser()]);
    await lab.writeNotebook("server.ipynb", {
      first: "const a = 1;",
      last: "console.log(40 + 2);",
    });
    notebook = await lab.open(browser, "server.ipynb");
  }, 240_000);
  afterAll(async () => {
    await browser.close();
    await lab.stop();
  });

  test(
    "runs without a complaint while the server is there",
    async () => {
      await notebook.run("last");
      await notebook.save();
      expect(notebook.problems).toEqual([]);
    },
    LIMIT_MS,
  );

  test(
    "the page says that the server is gone, and keeps what is typed meanwhile",
    async () => {
      await lab.stopServer();
      await notebook.typeOver("first", "const typed = 'while the server was away';");
      const dialog = dialogOf(notebook.page, CONNECTION_LOST);
      await dialog.waitFor({ timeout: 60_000 });
      // JupyterLab asks again and again: whenever such a dialog is in the way, it is closed.
      await notebook.page.addLocatorHandler(dialog, closeDialog);
      expect(await notebook.isDirty()).toBe(true);
    },
    LIMIT_MS,
  );

  test(
    "once the server is back the page asks for its new address, and saves when that was opened",
    async () => {
      const { page } = notebook;
      await lab.startServer();
      const dialog = dialogOf(page, "in a new tab");
      // The page saves by itself too: then its question is in the way of the button, or a press in vain.
      const saveUntilAsked = async (): Promise<boolean> => {
        if (await dialog.isVisible()) return true;
        await notebook.pressSave(PRESS_LIMIT_MS).catch(() => undefined);
        return dialog.isVisible();
      };
      await expect.poll(saveUntilAsked, { timeout: 60_000, interval: 500 }).toBe(true);
      await closeDialog(dialog);
      await page.addLocatorHandler(page.locator(".jp-Dialog").first(), closeDialog);

      const tab = await page.context().newPage();
      // The answer to the link carries the cookie; what is on the page does not matter.
      await tab.goto(lab.link("00-welcome.ipynb"), { waitUntil: "commit" });
      await tab.close();
      await notebook.save();
      const saved = readFileSync(join(lab.root, "server.ipynb"), "utf8");
      expect(saved.includes("while the server was away")).toBe(true);
    },
    LIMIT_MS,
  );

  test(
    "loaded again, the page has everything, and a new kernel",
    async () => {
      notebook.problems = [];
      await notebook.reload();
      expect(await notebook.source("first")).toContain("while the server was away");
      expect(await notebook.text("last")).toBe("42\n");
      await notebook.run("last");
      expect(await notebook.executionCount("last")).toBe(1);
      expect(notebook.problems).toEqual([]);
    },
    LIMIT_MS,
  );
});
