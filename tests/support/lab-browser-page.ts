// One JupyterLab page in a browser, driven as a person would and watched for everything that goes wrong in it.
import type { ConsoleMessage, Locator, Page } from "playwright-core";
import type { LabWindow, PageCell, PageOutput } from "./lab-page-types.ts";

declare const window: LabWindow;
interface PageNode {
  textContent: string;
  querySelector(selector: string): PageNode | null;
}
declare const document: PageNode;
declare const performance: {
  getEntriesByType(
    type: "resource",
  ): { name: string; encodedBodySize: number; decodedBodySize: number }[];
};
declare const MutationObserver: new (callback: () => void) => {
  observe(target: object, options: object): void;
};

/** The longest that anything may take on a busy machine. */
const LIMIT_MS = 90_000;

/** JupyterLab's client connects anew after every restart of a kernel, and always warns of it. */
const RECONNECTS = "Connection lost, reconnecting in 0 seconds.";

/** JupyterLab with a notebook in front. */
export class LabPage {
  readonly page: Page;
  /** Errors and warnings of the console, exceptions, and requests that failed. */
  problems: string[] = [];
  #isLeaving = false;

  constructor(page: Page) {
    this.page = page;
    page.setDefaultTimeout(LIMIT_MS);
    page.on("console", (message) => this.#noteMessage(message));
    page.on("pageerror", (error) => this.#note(`exception: ${error.stack ?? error.message}`));
    page.on("requestfailed", (request) =>
      this.#note(`${request.failure()?.errorText}: ${request.method()} ${request.url()}`),
    );
    page.on("response", (response) => {
      if (response.status() >= 400)
        this.#note(`${response.status()}: ${response.request().method()} ${response.url()}`);
    });
  }

  /** Resolves when the notebook in front is open and its kernel is idle. */
  async untilReady(): Promise<void> {
    await this.page.waitForFunction(
      () =>
        window.jupyterapp?.shell.currentWidget?.sessionContext?.session?.kernel?.status === "idle",
    );
    await this.page.evaluate(async () => {
      await window.jupyterapp.shell.currentWidget?.context.ready;
    });
  }

  /** Resolves when the kernel has nothing to do, and every cell that was asked for has run. */
  async untilIdle(): Promise<void> {
    await this.page.waitForFunction(() => {
      const panel = window.jupyterapp.shell.currentWidget;
      const states = panel?.content.widgets.map(({ model }) => model.executionState ?? "idle");
      const isIdle = panel?.sessionContext.session?.kernel?.status === "idle";
      return isIdle && states?.every((state) => state === "idle");
    });
  }

  /** Runs a command of JupyterLab, as its menus do. */
  async command(id: string): Promise<void> {
    await this.page.evaluate(async (name) => {
      await window.jupyterapp.commands.execute(name);
    }, id);
  }

  /** Runs all cells and waits for them; a failed cell ends the run, as a person sees it. */
  async runAll(): Promise<void> {
    await this.command("notebook:run-all-cells");
    await this.untilIdle();
  }

  /** Runs a cell and waits for it. */
  async run(id: string): Promise<void> {
    await this.begin(id);
    await this.untilIdle();
  }

  /** Starts a cell without waiting for its end, with the keys that everybody uses. */
  async begin(id: string): Promise<void> {
    await this.select(id);
    await this.page.evaluate(
      (index) => {
        const cell = window.jupyterapp.shell.currentWidget?.content.widgets[index];
        window.hasBegun = false;
        cell?.model.stateChanged.connect((_model, { name }) => {
          if (name === "executionCount" || name === "executionState") window.hasBegun = true;
        });
      },
      await this.#index(id),
    );
    await this.page.keyboard.press("Control+Enter");
    await this.page.waitForFunction(() => window.hasBegun);
  }

  /** Selects a cell in command mode, in view. */
  async select(id: string): Promise<void> {
    const index = await this.#index(id);
    await this.page.evaluate(async (at) => {
      const content = window.jupyterapp.shell.currentWidget?.content;
      if (content === undefined) return;
      content.activeCellIndex = at;
      await content.scrollToItem(at, "start");
      await window.jupyterapp.commands.execute("notebook:enter-command-mode");
    }, index);
  }

  /** The cell on the page, scrolled into view. */
  async cell(id: string): Promise<Locator> {
    const index = await this.#index(id);
    const cell = this.page.locator(`.jp-Notebook .jp-Cell[data-windowed-list-index="${index}"]`);
    await this.page.evaluate(async (at) => {
      await window.jupyterapp.shell.currentWidget?.content.scrollToItem(at, "start");
    }, index);
    await cell.waitFor();
    return cell;
  }

  /** Scrolls a cell to the top edge; cells take their real height only in view, so that takes a few turns. */
  async showAtTop(id: string): Promise<void> {
    await this.select(id);
    const cell = await this.cell(id);
    const edge = async (): Promise<number> => {
      await cell.evaluate((node) =>
        (node as { scrollIntoView(options: object): void }).scrollIntoView({ block: "start" }),
      );
      return (await cell.boundingBox())?.y ?? 0;
    };
    let [before, now] = [await edge(), await edge()];
    while (before !== now) [before, now] = [now, await edge()];
  }

  /** Replaces a cell's text by typing over it. */
  async typeOver(id: string, text: string): Promise<void> {
    const cell = await this.cell(id);
    await cell.locator(".cm-content").fill(text);
    await this.page.waitForFunction(
      ([wanted, index]) => {
        const cell = window.jupyterapp.shell.currentWidget?.content.widgets[index];
        return cell?.model.sharedModel.getSource() === wanted;
      },
      [text, await this.#index(id)] as const,
    );
  }

  /** The text of a cell. */
  async source(id: string): Promise<string> {
    return this.#read(id, ({ model }) => model.sharedModel.getSource());
  }

  /** The number in brackets beside a cell. */
  async executionCount(id: string): Promise<number | null> {
    return this.#read(id, ({ model }) => model.executionCount);
  }

  /** Outputs of a cell, as they would be saved. */
  async outputs(id: string): Promise<PageOutput[]> {
    return this.#read(id, ({ model }) => model.outputs?.toJSON() ?? []);
  }

  /** Ids of the code cells, in order. */
  async codeCells(): Promise<string[]> {
    return this.page.evaluate(() => {
      const cells = window.jupyterapp.shell.currentWidget?.content.widgets ?? [];
      return cells.filter(({ model }) => model.type === "code").map(({ model }) => model.id);
    });
  }

  /** What a cell wrote, all streams together. */
  async text(id: string): Promise<string> {
    return (await this.outputs(id)).map(({ text = "" }) => text).join("");
  }

  /** From now on notes every text that a place of a cell shows; `seen` tells. */
  async watch(id: string, place: string): Promise<() => Promise<string[]>> {
    const index = await this.#index(id);
    await this.cell(id);
    const selector = `.jp-Cell[data-windowed-list-index="${index}"]`;
    await this.page.evaluate(
      ([cell, wanted]) => {
        const node = document.querySelector(cell);
        if (node === null) return;
        window.watched = [];
        const note = (): void => {
          const text = node.querySelector(wanted)?.textContent ?? "";
          if (text !== "" && !window.watched.includes(text)) window.watched.push(text);
        };
        const options = { childList: true, subtree: true, characterData: true };
        new MutationObserver(note).observe(node, options);
      },
      [selector, place] as const,
    );
    return () => this.page.evaluate(() => window.watched);
  }

  /** Whether JupyterLab says that there is something to save. */
  async isDirty(): Promise<boolean> {
    return this.page.evaluate(
      () => window.jupyterapp.shell.currentWidget?.context.model.dirty ?? false,
    );
  }

  /** Saves with the button; the checkpoint is the last thing that JupyterLab writes. */
  async save(): Promise<void> {
    const hasCheckpoint = this.page.waitForResponse(
      (response) =>
        response.request().method() === "POST" && response.url().includes("/checkpoints"),
    );
    // Together: what is not awaited when the press fails would fail later, in nobody's hands.
    await Promise.all([hasCheckpoint, this.pressSave()]);
    await this.page.waitForFunction(
      () => window.jupyterapp.shell.currentWidget?.context.model.dirty === false,
    );
  }

  /** How many scripts the page has loaded so far, and their bytes before and after unpacking. */
  async loadedScripts(): Promise<{ files: number; sent: number; unpacked: number }> {
    return this.page.evaluate(() => {
      const all = performance.getEntriesByType("resource");
      const scripts = all.filter(({ name }) => name.endsWith(".js"));
      const sum = (sizes: number[]): number => sizes.reduce((total, size) => total + size, 0);
      return {
        files: scripts.length,
        sent: sum(scripts.map(({ encodedBodySize }) => encodedBodySize)),
        unpacked: sum(scripts.map(({ decodedBodySize }) => decodedBodySize)),
      };
    });
  }

  /** Loads the page again, and waits until the notebook is open with an idle kernel. */
  async reload(): Promise<void> {
    await this.beginReload();
    await this.untilReady();
  }

  /** Loads the page again without waiting for what is in it. */
  async beginReload(): Promise<void> {
    this.#isLeaving = true; // requests of the page that goes are cut off, which is nobody's fault
    await this.page.reload({ waitUntil: "commit" });
    this.#isLeaving = false;
  }

  /** Presses the button that saves, whatever comes of it. */
  async pressSave(timeout: number = LIMIT_MS): Promise<void> {
    const button = this.page.locator('.jp-NotebookPanel-toolbar [data-command="docmanager:save"]');
    await button.click({ timeout });
  }

  /** Ends this browser profile. */
  async close(): Promise<void> {
    await this.page.context().close();
  }

  #noteMessage(message: ConsoleMessage): void {
    if (!["error", "warning"].includes(message.type())) return;
    if (message.text().startsWith(RECONNECTS)) return;
    this.#note(`${message.type()}: ${message.text()} (${message.location().url})`);
  }

  #note(problem: string): void {
    if (!this.#isLeaving) this.problems.push(problem);
  }

  async #index(id: string): Promise<number> {
    const index = await this.page.evaluate((wanted) => {
      const cells = window.jupyterapp.shell.currentWidget?.content.widgets ?? [];
      return cells.findIndex(({ model }) => model.id === wanted);
    }, id);
    if (index < 0) throw new TypeError(`the notebook in front has no cell "${id}"`);
    return index;
  }

  async #read<Result>(id: string, pick: (cell: PageCell) => Result): Promise<Result> {
    const cells = await this.page.evaluateHandle(
      (index) => window.jupyterapp.shell.currentWidget?.content.widgets[index] as PageCell,
      await this.#index(id),
    );
    try {
      return (await cells.evaluate(pick as (cell: PageCell) => unknown)) as Result;
    } finally {
      await cells.dispose();
    }
  }
}
