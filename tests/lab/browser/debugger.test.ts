// JupyterLab's debugger on our kernel: the bug button, a breakpoint in the gutter, a stop, its panel, steps.
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Browser, Locator } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { BROWSER_PATH, launchBrowser } from "../../support/browser.ts";
import { BrowserLab } from "../../support/browser-lab.ts";
import type { LabPage } from "../../support/lab-browser-page.ts";

/** Screenshots for people to look at. */
const PICTURES = fileURLToPath(new URL("../../../results/browser", import.meta.url));
const LIMIT_MS = 120_000;

const CELLS = {
  data: 'import { tensor } from "gradlab";\nconst inputs = tensor([[1, 2.5], [3, 4]]);',
  cell: `interface Score { name: string; points: number }
function total(scores: readonly Score[]): number {
  let sum = 0;
  for (const { points } of scores) {
    sum += points;
  }
  return sum;
}
const scores: Score[] = [{ name: "a", points: 40 }, { name: "b", points: 2 }];
total(scores);`,
  after: "scores.length;",
};

/** What a person does in the debugger, and sees there. */
class Panel {
  readonly notebook: LabPage;

  constructor(notebook: LabPage) {
    this.notebook = notebook;
  }

  /** Presses the bug button, and waits until the notebook is debugged. */
  async switchOn(): Promise<void> {
    await this.#page.locator(".jp-DebuggerBugButton").click();
    await this.#page.locator("[data-jp-debugger=true]").waitFor();
  }

  /** Clicks into the gutter beside a line. */
  async breakAt(id: string, line: number): Promise<void> {
    const cell = await this.notebook.cell(id);
    await cell.locator(".cm-breakpoint-gutter .cm-gutterElement").nth(line).click();
    await this.#page.locator(".jp-DebuggerBreakpoint").waitFor();
  }

  /** The text of a part of the panel. */
  text(part: "Callstack" | "Variables"): Promise<string> {
    return this.#page.locator(`.jp-Debugger${part}-body`).first().innerText();
  }

  /** The line of a cell that is marked as the one to run next. */
  async line(id: string): Promise<string | null> {
    const cell = await this.notebook.cell(id);
    return cell.locator(".jp-DebuggerEditor-highlight").textContent();
  }

  /** A variable in the tree. */
  variable(name: string): Locator {
    return this.#page.locator(".jp-DebuggerVariables-body .jp-TreeItem", { hasText: name }).first();
  }

  /** Chooses a scope. */
  async choose(scope: string): Promise<void> {
    await this.#page.locator(".jp-DebuggerVariables-toolbar select").selectOption(scope);
  }

  get #page(): LabPage["page"] {
    return this.notebook.page;
  }
}

describe.skipIf(!BROWSER_PATH)("the debugger in the lab (needs Chromium)", () => {
  let browser: Browser;
  let lab: BrowserLab;
  let notebook: LabPage;

  beforeAll(async () => {
    mkdirSync(PICTURES, { recursive: true });
    [lab, browser] = await Promise.all([BrowserLab.start(), launchBrowser()]);
    await lab.writeNotebook("debugger.ipynb", CELLS);
  }, 240_000);
  afterEach(async () => {
    await notebook.close();
    await lab.endKernels();
  });
  afterAll(async () => {
    await browser.close();
    await lab.stop();
  });

  test.each([
    { theme: "light", width: 1280 },
    { theme: "dark", width: 700 },
  ] as const)(
    "stops at a breakpoint in the gutter, shows where and what, steps and goes on ($theme, $width pixels wide)",
    async ({ theme, width }) => {
      const look = { theme, width, workspace: `debugger-${theme}` };
      notebook = await lab.open(browser, "debugger.ipynb", look);
      const panel = new Panel(notebook);
      const { page } = notebook;
      page.setDefaultTimeout(LIMIT_MS / 4);
      const picture = (name: string): Promise<Buffer> =>
        page.screenshot({ path: join(PICTURES, `debugger-${name}-${theme}-${width}.png`) });

      await notebook.run("data");
      await panel.switchOn();
      await expectSoon(
        () => panel.text("Variables"),
        /inputs\s+Tensor float32 \[2, 2\] = \[\[1, 2\.5\], \[3, 4\]\]/,
      );
      await picture("on");
      await panel.breakAt("cell", 5);
      await notebook.begin("cell");
      await expectSoon(() => panel.line("cell"), /sum \+= points;/);
      await expectSoon(
        () => panel.text("Callstack"),
        /total\s+Cell \[.\]:5\s+cell \[2\]\s+Cell \[.\]:10/,
      );
      await expectSoon(() => panel.text("Variables"), /points\s+40\s+scores\s+.*\s+sum\s+0/);
      await picture("stopped");
      await notebook.command("debugger:next");
      await expectSoon(() => panel.line("cell"), /for \(const/);
      await expectSoon(() => panel.text("Variables"), /sum\s+40/);
      await panel.choose("Globals");
      await expectSoon(() => panel.text("Variables"), /inputs\s+Tensor/);
      await panel.variable("inputs").hover();
      await page.locator(".jp-DebuggerVariables-renderVariable").first().click();
      await page.locator(".jp-VariableRendererPanel-renderer table").waitFor();
      await picture("rich");
      await notebook.command("debugger:continue");
      await expectSoon(() => panel.line("cell"), /sum \+= points;/);
      await notebook.command("debugger:continue");
      await notebook.untilIdle();
      expect((await notebook.outputs("cell")).map(({ data }) => data)).toEqual([
        { "text/plain": "42" },
      ]);
      await notebook.run("after");
      await picture("off");
      expect(notebook.problems).toEqual([]);
    },
    LIMIT_MS,
  );
});

async function expectSoon(text: () => Promise<string | null>, wanted: RegExp): Promise<void> {
  await expect.poll(text, { timeout: LIMIT_MS / 4 }).toMatch(wanted);
}
