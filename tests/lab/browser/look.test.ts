// The page in light and dark, wide and narrow: readable, nothing cut off, nothing complaining.
// Covers: lab/ui/page/plugins/narrow-window.ts, lab/ui/page/plugins/style.ts
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Browser, Locator } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { contrast, type Rgb } from "../../../lib/plot/colours.ts";
import { BROWSER_PATH, launchBrowser } from "../../support/browser.ts";
import { BrowserLab, CHAPTER } from "../../support/browser-lab.ts";
import type { LabPage } from "../../support/lab-browser-page.ts";

/** Screenshots for people to look at. */
const PICTURES = fileURLToPath(new URL("../../../results/browser", import.meta.url));
const LIMIT_MS = 120_000;

/** A grid of digits with what it needs, curves, an exercise and its card. */
const RUN = ["data", "score", "curves", "p1-01-e1-answer", "p1-01-e1-check"];

const LOOKS = (["light", "dark"] as const).flatMap((theme) =>
  [1280, 700].map((width) => ({ theme, width })),
);

interface PageNode {
  parentElement: PageNode | null;
  childNodes: Iterable<PageNode>;
  nodeValue: string | null;
}
declare const document: {
  createRange(): {
    setStart(node: PageNode, offset: number): void;
    setEnd(node: PageNode, offset: number): void;
    getClientRects(): { length: number };
  };
};
declare function getComputedStyle(
  node: PageNode,
): Readonly<Record<"color" | "fill" | "backgroundColor", string>>;

describe.skipIf(!BROWSER_PATH)("the look of the lab (needs Chromium)", () => {
  let browser: Browser;
  let lab: BrowserLab;

  beforeAll(async () => {
    mkdirSync(PICTURES, { recursive: true });
    [lab, browser] = await Promise.all([BrowserLab.start(), launchBrowser()]);
  }, 240_000);
  afterAll(async () => {
    await browser.close();
    await lab.stop();
  });

  test.each(LOOKS)(
    "a chapter can be read in the $theme theme, $width pixels wide",
    async ({ theme, width }) => {
      const notebook = await lab.open(browser, CHAPTER, {
        theme,
        width,
        workspace: `${theme}-${width}`,
      });
      const { page } = notebook;
      const picture = (name: string): string => join(PICTURES, `${name}-${theme}-${width}.png`);
      const sideBar = page.locator("#jp-left-stack");
      await expect.poll(() => sideBar.isVisible(), { timeout: 10_000 }).toBe(width === 1280);
      await page.screenshot({ path: picture("chapter") });

      for (const id of RUN) await notebook.run(id);
      const digits = await notebook.cell("data");
      await expectReadable(digits.locator(".gtitle"), "fill");
      await page.screenshot({ path: picture("digits") });
      const curves = await notebook.cell("curves");
      await expectReadable(curves.locator(".gtitle"), "fill");
      await expectReadable(curves.locator(".legendtext").first(), "fill");
      await expectReadable(curves.locator(".xtick text").first(), "fill");
      await page.screenshot({ path: picture("curves") });
      const card = (await notebook.cell("p1-01-e1-check")).locator("section");
      await expectReadable(card.locator("li > span").last(), "color");
      await expectReadable(card.locator("p").last(), "color");
      await page.screenshot({ path: picture("card") });

      await expectInside(notebook, curves.locator(".gtitle"));
      expect(notebook.problems).toEqual([]);
      await notebook.close();
    },
    LIMIT_MS,
  );

  test("a toolbar that has no room for the kernel's name folds it away", async () => {
    const notebook = await lab.open(browser, CHAPTER, { width: 600, workspace: "narrow" });
    const bar = notebook.page.locator(".jp-NotebookPanel-toolbar");
    await bar.locator(".jp-Toolbar-responsive-opener").waitFor();
    expect(await bar.locator(":scope > .jp-KernelName").count()).toBe(0);
    await notebook.close();
  });

  test("lines of an error end between words", async () => {
    const notebook = await lab.open(browser, CHAPTER, { width: 600, workspace: "words" });
    const sentence = "every call must do the same as the first one ".repeat(6);
    await notebook.typeOver("data", `throw new RangeError(${JSON.stringify(sentence)});`);
    await notebook.run("data");
    const output = (await notebook.cell("data")).locator(".jp-OutputArea-output pre").first();
    expect(await output.innerText()).toContain(sentence.trim());
    expect(await brokenWords(output)).toEqual([]);
    await notebook.close();
  });

  test("the page without its token asks for it, under the same logo", async () => {
    const context = await browser.newContext();
    const page = await context.newPage();
    await page.goto(`${lab.url}lab`);
    expect(await page.title()).toBe("Open the lab");
    const icon = await page.locator("link[rel=icon]").getAttribute("href");
    const answer = await page.request.get(new URL(icon ?? "", lab.url).href);
    expect(answer.headers()["content-type"]).toBe("image/svg+xml");
    expect(await answer.text()).toContain("<svg");
    await page.screenshot({ path: join(PICTURES, "login.png") });
    await context.close();
  });

  test("the launcher offers gradlab's kernel, and nothing pops up", async () => {
    const notebook = await lab.open(browser, "00-welcome.ipynb");
    await notebook.command("launcher:create");
    const { page } = notebook;
    await page.locator('.jp-LauncherCard[title*="gradlab"]').first().waitFor();
    expect(await page.locator(".jp-Dialog, .Toastify__toast").count()).toBe(0);
    await page.screenshot({ path: join(PICTURES, "launcher.png") });
    expect(notebook.problems).toEqual([]);
    await notebook.close();
  });
});

/** Text must stand out from what lies behind it, as the accessibility guidelines ask of normal text. */
async function expectReadable(text: Locator, property: "color" | "fill"): Promise<void> {
  await text.waitFor();
  const [ink, paper] = await text.evaluate((node, name) => {
    let behind: PageNode | null = node as PageNode;
    const isClear = (at: PageNode): boolean =>
      /^(?:transparent|rgba\(.*, 0\))$/.test(getComputedStyle(at).backgroundColor);
    while (behind?.parentElement && isClear(behind)) behind = behind.parentElement;
    return [
      getComputedStyle(node as PageNode)[name],
      behind === null ? "" : getComputedStyle(behind).backgroundColor,
    ];
  }, property);
  expect(contrast(rgb(ink), rgb(paper)), `${ink} on ${paper}`).toBeGreaterThan(4.5);
}

function rgb(colour: string | undefined): Rgb {
  const [red = 0, green = 0, blue = 0] = (colour ?? "").match(/[\d.]+/g)?.map(Number) ?? [];
  return [red, green, blue];
}

/** Words that stand on two lines. */
function brokenWords(text: Locator): Promise<string[]> {
  return text.evaluate((node) => {
    const textsIn = (at: PageNode): PageNode[] =>
      at.nodeValue === null ? [...at.childNodes].flatMap(textsIn) : [at];
    return textsIn(node as unknown as PageNode).flatMap((part) => {
      const words = [...(part.nodeValue ?? "").matchAll(/[a-z]+/gi)];
      const range = document.createRange();
      const isBroken = ({ index, 0: word }: RegExpExecArray): boolean => {
        range.setStart(part, index);
        range.setEnd(part, index + word.length);
        return range.getClientRects().length > 1;
      };
      return words.filter(isBroken).map(([word]) => word);
    });
  });
}

/** Nothing of the text may lie beyond the right edge of the window. */
async function expectInside(notebook: LabPage, text: Locator): Promise<void> {
  const box = await text.boundingBox();
  const width = notebook.page.viewportSize()?.width ?? 0;
  expect((box?.x ?? 0) + (box?.width ?? Infinity)).toBeLessThan(width);
}
