// Builds the JupyterLab page once, and again only when something it depends on has changed.
import { createRequire } from "node:module";
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { basename, dirname, join } from "node:path";
import type { Configuration } from "@rspack/core";
import { BuildError } from "./build-error.ts";
import { bundlePage } from "./bundle.ts";
import { pageExtensions, writeEntry } from "./extensions.ts";
import { hashInputs } from "./inputs.ts";
import { compressFiles } from "./compress.ts";
import { collectLicenses } from "./licenses.ts";
import { PAGE_FILE, readPage, type PageDescription } from "./page-folder.ts";

const require = createRequire(import.meta.url);

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
  sweepDrafts(output);
  const inputs = hashInputs(project);
  if (readPage(output)?.inputs === inputs) return false;
  const draft = `${output}.draft-${process.pid}`;
  mkdirSync(draft, { recursive: true });
  try {
    const scripts = await assemble(project, draft, onProgress);
    const { version } = require("@jupyterlab/application/package.json") as { version: string };
    const page: PageDescription = { inputs, scripts, version };
    writeFileSync(join(draft, PAGE_FILE), `${JSON.stringify(page, null, 2)}\n`);
    putInPlace(draft, output, inputs);
  } finally {
    rmSync(draft, { recursive: true, force: true });
  }
  return true;
}

/** Removes what killed builds have left; the draft of one that still runs stays. */
function sweepDrafts(output: string): void {
  const start = `${basename(output)}.draft-`;
  const folder = dirname(output);
  if (!existsSync(folder)) return;
  for (const name of readdirSync(folder).filter((entry) => entry.startsWith(start))) {
    if (!isRunning(Number(name.slice(start.length))))
      rmSync(join(folder, name), { recursive: true, force: true });
  }
}

function isRunning(processId: number): boolean {
  if (processId === process.pid || !Number.isInteger(processId)) return false;
  try {
    return process.kill(processId, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

function putInPlace(draft: string, output: string, inputs: string): void {
  rmSync(output, { recursive: true, force: true });
  try {
    renameSync(draft, output);
  } catch (error) {
    // Another build of the same sources was a moment faster.
    if (readPage(output)?.inputs !== inputs) throw error;
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
    context: join(project, "lab/ui"),
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
  cpSync(join(project, "lab/ui/page/overrides.json"), join(draft, "overrides.json"));
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
