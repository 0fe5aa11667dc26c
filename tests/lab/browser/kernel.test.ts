// What a learner does when a cell takes too long or a kernel dies: interrupt, restart, reload, go on.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { BROWSER_PATH, launchBrowser } from "../../support/browser.ts";
import { BrowserLab } from "../../support/browser-lab.ts";
import type { LabPage } from "../../support/lab-browser-page.ts";

const LIMIT_MS = 120_000;

const CELLS = {
  before: `import { CrossEntropyLoss, Generator, Linear, SGD, fit, loadMnist } from "gradlab";
const kept: number = 42;
const { train } = await loadMnist();
const random = new Generator(1);
const model = new Linear({ inFeatures: 784, outFeatures: 10, random });
const optimizer = new SGD(model.parameters(), { learningRate: 0.1 });`,
  training: `const history = await fit(model, {
  train: train.subset(4000), loss: new CrossEntropyLoss(), optimizer, epochs: 10_000, batchSize: 100, random,
});
console.log(history.stopped);`,
  after: "console.log(kept, optimizer === undefined);",
  waiting: `import { existsSync } from "node:fs";
console.log("waiting");
while (!existsSync("go-on")) await new Promise((resolve) => setTimeout(resolve, 20));
const waited = "waited";`,
  waited: "console.log(waited);",
  hosts: "console.log(process.ppid);",
  endless: 'console.log("running"); while (true) {}',
  asks: "console.log(typeof kept);",
};
type CellName = keyof typeof CELLS;

describe.skipIf(!BROWSER_PATH)("the kernel in the lab (needs Chromium)", () => {
  let browser: Browser;
  let lab: BrowserLab;
  let notebook: LabPage;
  const run = (id: CellName): Promise<void> => notebook.run(id);
  const text = (id: CellName): Promise<string> => notebook.text(id);
  const dialog = () => notebook.page.locator(".jp-Dialog");
  const answer = (label: string) =>
    dialog().locator(".jp-Dialog-button", { hasText: label }).click();

  beforeAll(async () => {
    [lab, browser] = await Promise.all([BrowserLab.start(), launchBrowser()]);
    await lab.writeNotebook("kernel.ipynb", CELLS);
    notebook = await lab.open(browser, "kernel.ipynb");
  }, 240_000);
  afterAll(async () => {
    await browser.close();
    await lab.stop();
  });

  test(
    "a training that is interrupted by the stop button stops, and its kernel goes on",
    async () => {
      await run("before");
      const seen = await notebook.watch("training", ".gtitle");
      await notebook.begin("training");
      await expect.poll(async () => (await seen()).length, { timeout: 60_000 }).toBeGreaterThan(2);
      await notebook.page.locator('[data-command="notebook:interrupt-kernel"]').click();
      await notebook.untilIdle();
      expect((await seen()).at(-1)).toMatch(/^Stopped after \d+ of 10,?000 epochs/);
      await run("after");
      expect(await text("after")).toBe("42 false\n");
    },
    LIMIT_MS,
  );

  test(
    "a page that is loaded again while a cell runs finds the kernel busy, and later its state",
    async () => {
      await notebook.save();
      await notebook.begin("waiting");
      await expect.poll(() => text("waiting")).toBe("waiting\n");
      await notebook.beginReload();
      await notebook.page
        .locator(".jp-Notebook-ExecutionIndicator[data-status=busy]")
        .waitFor({ timeout: LIMIT_MS });
      writeFileSync(join(lab.root, "go-on"), "");
      await notebook.untilReady();
      await run("waited");
      expect(await text("waited")).toBe("waited\n");
    },
    LIMIT_MS,
  );

  test(
    "a restart from the menu asks first, then forgets the variables and keeps the outputs",
    async () => {
      await notebook.page.locator('[data-command="notebook:restart-kernel"]').click();
      await answer("Restart");
      await notebook.untilReady();
      await run("asks");
      expect(await text("asks")).toBe("undefined\n");
      expect(await text("waited")).toBe("waited\n");
    },
    LIMIT_MS,
  );

  test(
    "a kernel that is killed while it runs is announced and replaced, and saved work stays",
    async () => {
      await run("hosts");
      const host = Number(await text("hosts"));
      await notebook.save();
      const saved = readFileSync(join(lab.root, "kernel.ipynb"), "utf8");
      await notebook.begin("endless");
      await expect.poll(() => text("endless")).toBe("running\n");
      process.kill(host, "SIGKILL");
      await expect
        .poll(() => dialog().textContent(), { timeout: 60_000 })
        .toContain("died. It will restart automatically");
      await answer("Ok");
      await notebook.untilReady();
      await run("hosts");
      expect(Number(await text("hosts"))).not.toBe(host);
      expect(readFileSync(join(lab.root, "kernel.ipynb"), "utf8")).toBe(saved);
    },
    LIMIT_MS,
  );

  test("nothing failed on the way: no error in the console, no refused request", () => {
    expect(notebook.problems).toEqual([]);
  });
});
