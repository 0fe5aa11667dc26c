// Widgets as a person has them: a slider that is dragged, a button, a plot that follows, a page that is loaded again.
// Covers: lab/ui/page/plugins/style.ts
import type { Browser, Locator } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { BROWSER_PATH, launchBrowser } from "../../support/browser.ts";
import { BrowserLab } from "../../support/browser-lab.ts";
import type { LabPage } from "../../support/lab-browser-page.ts";
import type { LabWindow } from "../../support/lab-page-types.ts";

const LIMIT_MS = 120_000;

interface PageNode {
  readonly parentElement: PageNode | null;
}
declare function getComputedStyle(node: PageNode): { readonly backgroundImage: string };
declare const window: LabWindow;

const CELLS = {
  slider: `import { Button, interact, IntSlider, VBox } from "gradlab/kernel";
const size = new IntSlider({ description: "size", value: 3, max: 50 });
const press = new Button({ description: "Press", buttonStyle: "primary", icon: "check" });
let clicks = 0;
press.onClick(() => console.log("clicks", ++clicks));
new VBox([size, press])`,
  value: "console.log(size.value, clicks);",
  set: "size.value = 42;",
  plot: `interact(({ rate, kind }) => {
  const x = Array.from({ length: 50 }, (_, index) => index / 10);
  const y = x.map((one) => kind === "exp" ? Math.exp(-rate * one) : Math.cos(rate * one));
  console.log("rate", rate);
  display.plotly({ data: [{ x, y }], layout: { title: { text: kind + " " + rate }, height: 260 } });
}, { rate: [0, 2, 0.1], kind: ["exp", "cos"] })`,
};
type CellName = keyof typeof CELLS;

describe.skipIf(!BROWSER_PATH)("widgets in the lab (needs Chromium)", () => {
  let browser: Browser;
  let lab: BrowserLab;
  let notebook: LabPage;
  const text = (id: CellName): Promise<string> => notebook.text(id);
  const inCell = async (id: CellName, selector: string): Promise<Locator> =>
    (await notebook.cell(id)).locator(selector).first();
  const readout = async (id: CellName): Promise<string | null> =>
    (await inCell(id, ".widget-readout")).textContent();

  // While the kernel is busy, the page keeps the last of many values back: what comes first may still be an older one.
  async function valueInKernel(): Promise<string> {
    await notebook.run("value");
    return text("value");
  }

  /** Drags a slider's handle to a share of its way. */
  async function drag(id: CellName, share: number): Promise<void> {
    const handle = await (await inCell(id, ".noUi-handle")).boundingBox();
    const way = await (await inCell(id, ".noUi-target")).boundingBox();
    if (!handle || !way) throw new TypeError(`no slider in ${id}`);
    const { mouse } = notebook.page;
    await mouse.move(handle.x + handle.width / 2, handle.y + handle.height / 2);
    await mouse.down();
    await mouse.move(way.x + way.width * share, handle.y + handle.height / 2, { steps: 4 });
    await mouse.up();
  }

  beforeAll(async () => {
    [lab, browser] = await Promise.all([BrowserLab.start(), launchBrowser()]);
    await lab.writeNotebook("widgets.ipynb", CELLS);
    notebook = await lab.open(browser, "widgets.ipynb");
  }, 240_000);
  afterAll(async () => {
    await browser.close();
    await lab.stop();
  });

  test(
    "a slider that is dragged tells the kernel, and one that the kernel sets moves",
    async () => {
      await notebook.run("slider");
      await drag("slider", 0.5);
      await (await inCell("slider", "button.widget-button")).click();
      await expect.poll(() => readout("slider")).toBe("25");
      await expect.poll(valueInKernel).toBe("25 1\n");
      await notebook.run("set");
      await expect.poll(() => readout("slider")).toBe("42");
    },
    LIMIT_MS,
  );

  test(
    "a plot below controls follows them",
    async () => {
      await notebook.run("plot");
      const title = async (): Promise<string | null> =>
        (await inCell("plot", ".gtitle")).textContent();
      await expect.poll(title).toBe("exp 1");
      await drag("plot", 0.25);
      await expect.poll(title).toBe("exp 0.5");
      await (await inCell("plot", "select")).selectOption("cos");
      await expect.poll(title).toBe("cos 0.5");
    },
    LIMIT_MS,
  );

  test(
    "a page that is loaded again has the widgets as they were, and they live",
    async () => {
      await notebook.save();
      await notebook.reload();
      await expect.poll(() => readout("slider")).toBe("42");
      await expect
        .poll(async () => (await inCell("plot", ".gtitle")).textContent())
        .toBe("cos 0.5");
      await drag("slider", 0.5);
      await expect.poll(() => readout("slider")).toBe("25");
      await expect.poll(valueInKernel).toBe("25 1\n");
    },
    LIMIT_MS,
  );

  test(
    "the arrow of a menu is light in a dark theme",
    async () => {
      const arrow = async (): Promise<string> =>
        (await inCell("plot", "select")).evaluate(
          (menu) => getComputedStyle(menu as PageNode).backgroundImage,
        );
      expect(await arrow()).not.toContain("white");
      await notebook.page.evaluate(() =>
        window.jupyterapp.commands.execute("apputils:change-theme", { theme: "JupyterLab Dark" }),
      );
      await expect.poll(arrow).toContain("white");
    },
    LIMIT_MS,
  );

  test("nothing failed on the way: no error in the console, no refused request", () => {
    expect(notebook.problems).toEqual([]);
  });
});
