// Builds the JupyterLab page once, and again only when something it depends on has changed.
import { createRequire } from "node:module";
import {
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import type { Configuration } from "@rspack/core";
import { BuildError } from "./build-error.ts";
import { bundlePage } from "./bundle.ts";
import { pageExtensions, writeEntry } from "./extensions.ts";
import { hashInputs } from "./inputs.ts";
import { compressFiles } from "./compress.ts";
import { collectLicenses } from "./licenses.ts";

const require = createRequire(import.meta.url);

/** The file that stands in a finished page; a page without it is not finished. */
export const PAGE_FILE = "page.json";

/** What `page.json` says. */
export interface PageDescription {
  /** Hash over everything the page was made from. */
  readonly inputs: string;
  /** The scripts that the page loads first, relative to `static/`. */
  readonly scripts: readonly string[];
  /** JupyterLab's version. */
  readonly version: string;
}

/** How a build is told to go, and how it tells of itself. */
export interface BuildPageOptions {
  /** The clone's folder. */
  readonly project: string;
  /** The folder that the finished page is put into, all at once. */
  readonly output: string;
  readonly onProgress?: (share: number, what: string) => void;
}

/**
 * Makes sure that `output` holds a page built from the present sources.
 *
 * A build goes into a folder beside `output` and is renamed when it is whole, so that an interrupted one leaves the
 * old page as it was.
 *
 * @returns whether anything had to be built
 * @throws {BuildError} when a module does not compile
 */
export async function buildPage({
  project,
  output,
  onProgress = () => {},
}: BuildPageOptions): Promise<boolean> {
  const inputs = hashInputs(project);
  if (readPage(output)?.inputs === inputs) return false;
  const draft = `${output}.draft-${process.pid}`;
  rmSync(draft, { recursive: true, force: true });
  mkdirSync(draft, { recursive: true });
  try {
    const scripts = await assemble(project, draft, onProgress);
    const { version } = require("@jupyterlab/application/package.json") as { version: string };
    const page: PageDescription = { inputs, scripts, version };
    writeFileSync(join(draft, PAGE_FILE), `${JSON.stringify(page, null, 2)}\n`);
    rmSync(output, { recursive: true, force: true });
    renameSync(draft, output);
  } finally {
    rmSync(draft, { recursive: true, force: true });
  }
  return true;
}

/** The description of a finished page, or undefined when there is none. */
export function readPage(folder: string): PageDescription | undefined {
  const file = join(folder, PAGE_FILE);
  if (!existsSync(file)) return undefined;
  try {
    return JSON.parse(readFileSync(file, "utf8")) as PageDescription;
  } catch {
    return undefined;
  }
}

async function assemble(
  project: string,
  draft: string,
  onProgress: (share: number, what: string) => void,
): Promise<string[]> {
  const extensions = pageExtensions();
  onProgress(0, "collecting settings and themes");
  const themes = copyAssets(project, extensions.packages, draft);
  const work = join(project, "lab/ui/generated");
  mkdirSync(work, { recursive: true });
  cpSync(join(draft, "style.js"), join(work, "style.js"));
  rmSync(join(draft, "style.js"));
  writeFileSync(join(work, "extensions.js"), writeEntry(extensions));
  let reached = 0;
  const scripts = await bundlePage({
    entry: join(project, "lab/ui/page/start.ts"),
    extensions: join(work, "extensions.js"),
    output: draft,
    themes,
    onProgress: (share) => {
      reached = Math.max(reached, share); // the themes' bundles report too, and start again from 0
      onProgress(reached * 0.9, "bundling JupyterLab");
    },
  });
  onProgress(0.9, "writing licences");
  writeFileSync(join(draft, "third-party-licenses.json"), collectLicenses(project));
  onProgress(0.95, "compressing");
  await compressFiles(join(draft, "static"));
  onProgress(1, "done");
  return scripts;
}

// The builder resolves packages from the current folder, so it has to run inside lab/ui.
function copyAssets(
  project: string,
  packageNames: readonly string[],
  output: string,
): Configuration[] {
  const { Build } = require("@jupyter/builder") as {
    Build: { ensureAssets: (options: object) => Configuration[] };
  };
  const before = process.cwd();
  process.chdir(join(project, "lab/ui"));
  try {
    return Build.ensureAssets({ packageNames, output });
  } catch (error) {
    throw new BuildError(error instanceof Error ? error.message : String(error), { cause: error });
  } finally {
    process.chdir(before);
  }
}

/** The folder of a page inside gradlab's installation. */
export function pageFolder(installation: string): string {
  return join(installation, "dist", "lab", "page");
}

/** Whether the sources of the page are here, so that it can be built; a packed gradlab carries only the built page. */
export function canBuildPage(installation: string): boolean {
  return existsSync(join(installation, "lab", "ui", "page", "start.ts"));
}
