// The server goes away under an open page and comes back: the page says so, keeps what was typed, and goes on.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { BROWSER_PATH, launchBrowser } from "../../support/browser.ts";
import { BrowserLab } from "../../support/browser-lab.ts";
import type { LabPage } from "../../support/lab-browser-page.ts";

const LIMIT_MS = 150_000;
const PRESS_LIMIT_MS = 5000;
// JupyterLab writes "Ok".
const CLOSES = /^(Close|Dismiss|Ok|Cancel)$/;
const CONNECTION_LOST = "A connection to the Jupyter server could not be established.";

/** Dialogs queue, the next appears where the last one was: they are closed one at a time, whenever they are seen. */
async function closeDialogs({ page }: LabPage): Promise<string[]> {
  const texts: string[] = [];
  const dialog = page.locator(".jp-Dialog").first();
  const button = dialog.locator(".jp-Dialog-button", { hasText: CLOSES }).first();
  while (await dialog.isVisible()) {
    texts.push(await dialog.innerText({ timeout: PRESS_LIMIT_MS }));
    if (!(await button.isVisible())) break;
    await button.click({ timeout: PRESS_LIMIT_MS });
  }
  return texts;
}

/** Presses "save" until that has the wanted end; what the page says meanwhile is read and closed. */
async function saveUntil(
  notebook: LabPage,
  isDone: (dialogs: readonly string[]) => boolean | Promise<boolean>,
): Promise<void> {
  const dialogs: string[] = [];
  const attempt = async (): Promise<true | readonly string[]> => {
    dialogs.push(...(await closeDialogs(notebook)));
    if (await isDone(dialogs)) return true;
    // The page saves by itself too: a press can be in vain, or find a new dialog in its way.
    await notebook.pressSave(PRESS_LIMIT_MS).catch(() => undefined);
    return dialogs;
  };
  await expect.poll(attempt, { timeout: 60_000, interval: 500 }).toBe(true);
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
      await notebook.page.locator(".jp-Dialog", { hasText: CONNECTION_LOST }).first().waitFor();
      expect(await notebook.isDirty()).toBe(true);
    },
    LIMIT_MS,
  );

  test(
    "once the server is back the page asks for its new address, and saves when that was opened",
    async () => {
      await lab.startServer();
      await saveUntil(notebook, (dialogs) => dialogs.some((text) => text.includes("in a new tab")));

      // The answer to the link carries the cookie. Not in a tab: one that is closed while it loads may never say so.
      const answer = await notebook.page.context().request.get(lab.link("00-welcome.ipynb"));
      expect(answer.ok()).toBe(true);
      await saveUntil(notebook, async () => !(await notebook.isDirty()));
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
