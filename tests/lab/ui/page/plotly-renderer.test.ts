// The Plotly renderer in a real browser: draws, redraws on update, follows the theme, resizes, cleans up.
// Covers: lab/ui/page/plotly-theme.ts
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { rspack } from "@rspack/core";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { BROWSER_PATH, launchBrowser } from "../../../support/browser.ts";

const PROJECT = fileURLToPath(new URL("../../../..", import.meta.url));
const MIME = "application/vnd.plotly.v1+json";

/** What the harness puts on the page's window. */
interface Harness {
  render(payload: unknown): Promise<void>;
  resize(width: number): void;
  dispose(): void;
}
declare const harness: Harness;
declare const document: {
  querySelector(
    selector: string,
  ): { getAttribute(name: string): string; style: Record<string, string> } | null;
  querySelectorAll(selector: string): { length: number };
  body: { setAttribute(name: string, value: string): void };
};
declare function getComputedStyle(element: unknown): Record<string, string>;

const HARNESS = `
import { plotlyExtension } from ${JSON.stringify(join(PROJECT, "lab/ui/page/plotly-renderer.ts"))};
import { Widget } from "@lumino/widgets";
const widget = plotlyExtension.rendererFactory.createRenderer({ mimeType: ${JSON.stringify(MIME)} });
Widget.attach(widget, document.querySelector("#host"));
window.harness = {
  render: (payload) => widget.renderModel({ data: { ${JSON.stringify(MIME)}: payload } }),
  resize: (width) => { document.querySelector("#host").style.width = width + "px"; widget.fit(); widget.processMessage({ type: "resize" }); },
  dispose: () => widget.dispose(),
};`;

const STYLE =
  "body { --jp-content-font-color1: rgb(10, 20, 30) } " +
  'body[data-jp-theme-light="false"] { --jp-content-font-color1: rgb(230, 231, 232) } #host { width: 900px }';

describe.skipIf(!BROWSER_PATH)("the Plotly renderer (needs Chromium)", () => {
  let browser: Browser;
  let page: Page;
  const folder = mkdtempSync(join(tmpdir(), "gradlab-plotly-"));
  const errors: string[] = [];

  beforeAll(async () => {
    const script = await bundleHarness(folder);
    browser = await launchBrowser();
    page = await browser.newPage();
    page.on("pageerror", (error) => errors.push(error.message));
    await page.setContent(
      `<style>${STYLE}</style><body data-jp-theme-light="true"><div id="host"></div>`,
    );
    await page.addScriptTag({ content: script });
  }, 120_000);
  afterAll(async () => {
    await browser.close();
    rmSync(folder, { recursive: true });
  });

  const draw = (payload: unknown) => page.evaluate((figure) => harness.render(figure), payload);
  const count = (selector: string) =>
    page.evaluate((wanted) => document.querySelectorAll(wanted).length, selector);
  const titleColor = () =>
    page.evaluate(() => getComputedStyle(document.querySelector(".gtitle"))["fill"]);

  test("draws a figure, with its alternative text for a screen reader", async () => {
    await draw({
      data: [{ y: [1, 3, 2] }],
      layout: { title: { text: "Loss" }, meta: { alt: "falls" } },
    });
    expect(await count(".scatterlayer .trace")).toBe(1);
    const alt = await page.evaluate(() =>
      document.querySelector('[role="img"]')?.getAttribute("aria-label"),
    );
    expect(alt).toBe("falls");
  });

  test("an update redraws in place", async () => {
    await draw({ data: [{ y: [1, 3] }, { y: [2, 1] }], layout: { title: { text: "Loss" } } });
    expect(await count(".scatterlayer .trace")).toBe(2);
    expect(await count(".main-svg")).toBeGreaterThan(0);
  });

  test("a payload that is a JSON string is drawn too", async () => {
    await draw(JSON.stringify({ data: [{ y: [1, 3] }], layout: { title: { text: "Loss" } } }));
    expect(await count(".scatterlayer .trace")).toBe(1);
  });

  test("text takes the theme's colour, and changes with the theme", async () => {
    expect(await titleColor()).toBe("rgb(10, 20, 30)");
    await page.evaluate(() => document.body.setAttribute("data-jp-theme-light", "false"));
    await expect.poll(titleColor).toBe("rgb(230, 231, 232)");
  });

  test("the figure takes the width of its cell, but never so little that its labels overlap", async () => {
    const width = () =>
      page.evaluate(() => Number(document.querySelector(".main-svg")?.getAttribute("width")));
    await page.evaluate(() => harness.resize(640));
    await expect.poll(width).toBe(640);
    await page.evaluate(() => harness.resize(300));
    await expect.poll(width).toBe(560);
  });

  test("frames make a slider that works without a kernel", async () => {
    const frames = [1, 2].map((height) => ({ name: `${height}`, data: [{ y: [height, height] }] }));
    const steps = frames.map(({ name }) => ({ label: name, method: "animate", args: [[name]] }));
    await draw({ data: [{ y: [1, 1] }], layout: { sliders: [{ steps }] }, frames });
    await draw({ data: [{ y: [1, 1] }], layout: { sliders: [{ steps }] }, frames });
    expect(await count(".slider-container")).toBe(1);
  });

  test("disposing leaves nothing behind, and nothing failed on the way", async () => {
    await page.evaluate(() => harness.dispose());
    expect(await count(".main-svg")).toBe(0);
    expect(errors).toEqual([]);
  });
});

async function bundleHarness(folder: string): Promise<string> {
  writeFileSync(join(folder, "harness.js"), HARNESS);
  const loader = {
    test: /\.ts$/,
    loader: "builtin:swc-loader",
    options: { jsc: { parser: { syntax: "typescript" }, target: "es2022" } },
    type: "javascript/auto" as const,
  };
  const compiler = rspack({
    mode: "development",
    devtool: false,
    entry: join(folder, "harness.js"),
    output: { path: folder, filename: "bundle.js", asyncChunks: false },
    resolve: { modules: [join(PROJECT, "node_modules")] },
    module: { rules: [loader] },
  });
  await new Promise<void>((resolve, reject) => {
    compiler.run((error, stats) => {
      if (error ?? stats?.hasErrors())
        reject(error ?? new TypeError(stats?.toString("errors-only")));
      else resolve();
    });
  });
  return readFileSync(join(folder, "bundle.js"), "utf8");
}
