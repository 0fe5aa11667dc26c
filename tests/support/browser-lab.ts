// A course folder, the real server with the real kernel on it, and the real page in a browser.
import { mkdtemp, realpath, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Browser } from "playwright-core";
import { readChapters } from "../../cli/course/chapters.ts";
import { copyChapters } from "../../cli/course/copy-chapters.ts";
import { startServer, type RunningServer } from "../../lab/server/start-server.ts";
import { buildPage } from "../../lab/ui/build/build-page.ts";
import { pageFolder } from "../../lab/ui/build/page-folder.ts";
import { freePorts } from "./free-ports.ts";
import { LabPage } from "./lab-browser-page.ts";
import { TOKEN } from "./lab-server.ts";

const PROJECT = fileURLToPath(new URL("../..", import.meta.url));

/** The first chapter, as it lies in a course. */
export const CHAPTER = "part-1/p1-01-single-layer.ipynb";

/** How a page is opened. */
export interface LookOptions {
  readonly width?: number;
  readonly height?: number;
  readonly theme?: "light" | "dark";
  /** A layout of its own; by default all pages of a lab share one, as they do for a learner. */
  readonly workspace?: string;
}

/** A lab that learners would have, on folders that vanish with it. */
export class BrowserLab {
  /** The course folder. */
  readonly root: string;
  readonly #folder: string;
  readonly #env: Readonly<Record<string, string>>;
  #server: RunningServer | undefined;

  private constructor(folder: string, env: Readonly<Record<string, string>>) {
    this.#folder = folder;
    this.#env = env;
    this.root = join(folder, "course");
  }

  /** Makes a course and starts a server on it; kernels learn from little data unless `env` says otherwise. */
  static async start(
    env: Readonly<Record<string, string>> = { GRADLAB_FAST: "1" },
  ): Promise<BrowserLab> {
    await buildPage({ project: PROJECT, output: pageFolder(PROJECT) });
    const folder = await realpath(await mkdtemp(join(tmpdir(), "gradlab-browser-")));
    const lab = new BrowserLab(folder, env);
    await copyChapters(await readChapters(join(PROJECT, "notebooks")), lab.root);
    await lab.startServer();
    return lab;
  }

  /** Address of the server with a slash at the end. */
  get url(): string {
    return this.#server?.url ?? "";
  }

  /** The link to a notebook that needs no login. */
  link(path: string, workspace = "default"): string {
    return `${this.url}lab/workspaces/${workspace}/tree/${path}?token=${TOKEN}`;
  }

  /** Starts the server, again on the port that it had before: one that no connection is given while it is away. */
  async startServer(): Promise<void> {
    const port = this.#server?.port ?? (await freePorts(1))[0] ?? 0;
    this.#server = await startServer({
      root: this.root,
      token: TOKEN,
      port,
      stateFolder: join(this.#folder, "state"),
      kernelEnv: this.#env,
      defaultKernel: "gradlab",
    });
  }

  /** Stops the server and its kernels; the folders stay. */
  async stopServer(): Promise<void> {
    await this.#server?.close();
  }

  /** Ends all sessions with their kernels, so that the next page starts one of its own. */
  async endKernels(): Promise<void> {
    const headers = { Authorization: `token ${TOKEN}` };
    const answer = await fetch(`${this.url}api/sessions`, { headers });
    for (const { id } of (await answer.json()) as { id: string }[]) {
      await fetch(`${this.url}api/sessions/${id}`, { method: "DELETE", headers });
    }
  }

  /** Opens a notebook of the course in a browser profile of its own, logged in by the link that the lab prints. */
  async open(browser: Browser, path: string, look: LookOptions = {}): Promise<LabPage> {
    const { width = 1280, height = 900, theme = "light", workspace = "default" } = look;
    await this.#chooseTheme(theme);
    const context = await browser.newContext({ viewport: { width, height }, colorScheme: theme });
    const page = await context.newPage();
    const lab = new LabPage(page);
    await page.goto(this.link(path, workspace));
    await lab.untilReady();
    return lab;
  }

  /** Writes a notebook with these code cells, named by their ids, into the course. */
  async writeNotebook(path: string, cells: Readonly<Record<string, string>>): Promise<void> {
    const notebook = {
      cells: Object.entries(cells).map(([id, source]) => ({
        cell_type: "code",
        execution_count: null,
        id,
        metadata: {},
        outputs: [],
        source,
      })),
      metadata: {
        kernelspec: {
          display_name: "TypeScript (gradlab)",
          language: "typescript",
          name: "gradlab",
        },
      },
      nbformat: 4,
      nbformat_minor: 5,
    };
    await writeFile(join(this.root, path), JSON.stringify(notebook));
  }

  /** Stops the server and removes the folders. */
  async stop(): Promise<void> {
    await this.stopServer();
    await rm(this.#folder, { recursive: true, force: true });
  }

  async #chooseTheme(theme: "light" | "dark"): Promise<void> {
    const name = theme === "dark" ? "JupyterLab Dark" : "JupyterLab Light";
    const answer = await fetch(
      `${this.url}lab/api/settings/@jupyterlab/apputils-extension:themes`,
      {
        method: "PUT",
        headers: { Authorization: `token ${TOKEN}` },
        body: JSON.stringify({ raw: JSON.stringify({ theme: name }) }),
      },
    );
    if (!answer.ok) throw new TypeError(`the theme was refused: ${answer.status}`);
  }
}
