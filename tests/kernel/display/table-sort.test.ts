// A table sorts by a click on a heading, in a page that trusts it.
// Covers: kernel/display/table-html.ts
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { htmlTable } from "../../../kernel/display/table-html.ts";
import { tableOf } from "../../../kernel/display/table.ts";
import { sanitizeHtml } from "../../../nbformat/html/sanitize.ts";
import { BROWSER_PATH, launchBrowser } from "../../support/browser.ts";

const records = [
  { name: "b", loss: 10 },
  { name: "a10", loss: 9.5 },
  { name: "a9", loss: -1 },
  { name: "c", loss: null },
];
const html = htmlTable(tableOf(records)!);

test("without trust it is the same table without the sorting", () => {
  const harmless = sanitizeHtml(html);
  expect(harmless).toContain(">a10</td>");
  expect(harmless).not.toContain("onclick");
});

describe.skipIf(!BROWSER_PATH)("in a browser (needs Chromium)", () => {
  let browser: Browser;
  let page: Page;
  beforeAll(async () => {
    browser = await launchBrowser();
    page = await browser.newPage();
  });
  afterAll(async () => {
    await browser.close();
  });

  const column = (at: number): Promise<string[]> =>
    page.locator(`tbody tr td:nth-child(${at})`).allTextContents();

  test("by number, by text with numbers in it, and back to the order of before", async () => {
    await page.setContent(html);
    const heading = (name: string) => page.locator("th", { hasText: name });
    await heading("loss").click();
    expect(await column(3)).toEqual(["-1", "9.5", "10", "null"]);
    await heading("loss").click();
    expect(await column(3)).toEqual(["10", "9.5", "-1", "null"]);
    expect(await heading("loss").getAttribute("aria-sort")).toBe("descending");
    await heading("name").press("Enter");
    expect(await column(2)).toEqual(["a9", "a10", "b", "c"]);
    expect(await heading("loss").getAttribute("aria-sort")).toBeNull();
    await page.locator("th").first().click();
    expect(await column(1)).toEqual(["0", "1", "2", "3"]);
  });
});
