// A batch of notebooks: each is read, run on a kernel of its own, saved and reported; one failure stops no other.
import { basename, dirname, join, relative, resolve, sep } from "node:path";
import { NotebookError } from "../../nbformat/errors.ts";
import { serializeNotebook } from "../../nbformat/format.ts";
import { renderPage } from "../../nbformat/html/page.ts";
import { readNotebook } from "../../nbformat/parse.ts";
import type { Notebook } from "../../nbformat/types.ts";
import { CommandError, EXIT } from "../exit-codes.ts";
import { chooseKernel } from "./choose-kernel.ts";
import { codeCells, executeNotebook, type RunProblem } from "./execute-notebook.ts";
import type { JupyterClient, StartedKernel } from "./jupyter-client.ts";
import { imageAddress } from "./image-address.ts";
import { writeWhole } from "../write-files.ts";
import type { Progress } from "./progress.ts";

/** What became of one notebook; the first four fields are the public JSON. */
export interface RunOutcome {
  readonly path: string;
  /** How many code cells it has. */
  readonly cells: number;
  /** How many of them failed: 0 or 1, because a failure ends the run. */
  readonly errors: number;
  readonly seconds: number;
  /** Files that were written. */
  readonly written: readonly string[];
  /** Why it failed, for people; undefined when it did not. */
  readonly failure: RunFailure | undefined;
}

/** A failure with the exit code it asks for. */
export interface RunFailure {
  readonly message: string;
  /** Lines with ANSI colours. */
  readonly traceback: readonly string[];
  readonly exitCode: number;
}

/** How a batch is run. */
export interface BatchOptions {
  readonly client: JupyterClient;
  readonly progress: Progress;
  readonly signal: AbortSignal;
  /** Where executed notebooks go; nothing is written when undefined. */
  readonly output: string | undefined;
  readonly html: boolean;
  readonly kernel: string | undefined;
  readonly timeoutMs: number | undefined;
  readonly parallel: number;
  /** The session path that a server is told for a notebook. */
  readonly sessionPath: (notebookPath: string) => string;
  /** Called as soon as a notebook is done. */
  readonly onOutcome: (outcome: RunOutcome) => void;
}

/** Runs the notebooks, at most `parallel` at a time; outcomes come back in the order of `paths`. */
export async function runNotebooks(
  paths: readonly string[],
  options: BatchOptions,
): Promise<RunOutcome[]> {
  const outcomes: RunOutcome[] = [];
  const waiting = [...paths.entries()];
  const worker = async (): Promise<void> => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      const [index, path] = next;
      if (options.signal.aborted) return;
      const outcome = await runOne(path, {
        ...options,
        target: targetOf(path, paths, options.output),
      });
      outcomes[index] = outcome;
      options.onOutcome(outcome);
    }
  };
  await Promise.all(Array.from({ length: Math.min(options.parallel, paths.length) }, worker));
  return outcomes.filter((outcome) => outcome !== undefined);
}

/** The deepest folder that holds all the files. */
export function commonFolder(paths: readonly string[]): string {
  const [first = [], ...others] = paths.map((path) => dirname(resolve(path)).split(sep));
  const differs = first.findIndex((part, at) => others.some((other) => other[at] !== part));
  return first.slice(0, differs === -1 ? first.length : differs).join(sep) || sep;
}

/** Where the executed copy goes: the output folder keeps the folders that tell the notebooks apart. */
function targetOf(
  path: string,
  all: readonly string[],
  output: string | undefined,
): string | undefined {
  return output === undefined
    ? undefined
    : join(output, relative(commonFolder(all), resolve(path)));
}

type OneOptions = BatchOptions & { readonly target: string | undefined };

async function runOne(path: string, options: OneOptions): Promise<RunOutcome> {
  const started = performance.now();
  const outcome = { path, cells: 0, errors: 0, written: [] as string[] };
  let failure: RunFailure | undefined;
  try {
    const notebook = await readNotebook(path);
    outcome.cells = codeCells(notebook).length;
    const problem = await execute(notebook, path, options);
    outcome.errors = problem === undefined ? 0 : 1;
    if (problem !== undefined) failure = explainProblem(problem, path, outcome.cells);
    outcome.written.push(...(await save(notebook, path, options)));
    if (failure !== undefined) failure = noteSaved(failure, outcome.written);
  } catch (error) {
    failure = addFailure(failure, explainError(error, path));
  }
  const seconds = Math.round(performance.now() - started) / 1000;
  return { ...outcome, seconds, failure };
}

async function execute(
  notebook: Notebook,
  path: string,
  options: OneOptions,
): Promise<RunProblem | undefined> {
  const { client, signal, timeoutMs } = options;
  const name = chooseKernel(notebook, client.offered, { wanted: options.kernel, path });
  const kernel = await client.start(options.sessionPath(path), name, signal);
  try {
    describeKernel(notebook, name, { client, kernel });
    const listener = {
      ...options.progress.notebook(basename(path)),
      ranUnchecked: (cells: number, total: number) =>
        options.progress.note(uncheckedNote(path, cells, total)),
    };
    return await executeNotebook(notebook, kernel.connection, { timeoutMs, signal, listener });
  } finally {
    await kernel.stop();
  }
}

const uncheckedNote = (path: string, cells: number, total: number): string =>
  `${path}: ran unchecked: the types of ${cells} of ${total} code cells were not known in time. ` +
  'Run "gradlab doctor" to see why, or set GRADLAB_TYPES=off.';

/** Notes in the notebook which kernel ran it, as JupyterLab does. */
function describeKernel(
  notebook: Notebook,
  name: string,
  { client, kernel }: { client: JupyterClient; kernel: StartedKernel },
): void {
  const language = kernel.info.language_info;
  const display_name = client.offered.names.get(name) ?? name;
  notebook.metadata.kernelspec = { name, display_name, language: language.name };
  notebook.metadata.language_info = { ...language };
}

/** Writes the executed notebook, and its page when asked for; returns what was written. */
async function save(notebook: Notebook, path: string, options: OneOptions): Promise<string[]> {
  const { target, html } = options;
  if (target === undefined) return [];
  await writeWhole(target, serializeNotebook(notebook));
  if (!html) return [target];
  const page = `${target.replace(/\.ipynb$/, "")}.html`;
  const readImage = (name: string): string | undefined => imageAddress(join(dirname(path), name));
  await writeWhole(page, await renderPage(notebook, { name: basename(path, ".ipynb"), readImage }));
  return [target, page];
}

function explainProblem(problem: RunProblem, path: string, cells: number): RunFailure {
  const what =
    problem.kind === "error" ? `${problem.name}: ${firstLine(problem.message)}` : problem.message;
  return {
    message: `${path}: code cell ${problem.cell} of ${cells}: ${what}`,
    traceback: problem.traceback,
    exitCode: problem.kind === "interrupted" ? EXIT.interrupted : EXIT.materialFailed,
  };
}

function noteSaved(failure: RunFailure, [saved]: readonly string[]): RunFailure {
  if (saved === undefined) return failure;
  return { ...failure, message: `${failure.message}\n  What ran until then is saved in ${saved}` };
}

/** A cell failed, and then saving failed too: both are told. */
function addFailure(first: RunFailure | undefined, second: RunFailure): RunFailure {
  if (first === undefined) return second;
  return { ...first, message: `${first.message}\n${second.message}`, exitCode: second.exitCode };
}

function explainError(error: unknown, path: string): RunFailure {
  if (error instanceof CommandError)
    return { message: error.message, traceback: [], exitCode: error.exitCode };
  if (error instanceof NotebookError) {
    const exitCode = error.code === "NOTEBOOK_UNREADABLE" ? EXIT.wrongUse : EXIT.materialFailed;
    return { message: error.message, traceback: [], exitCode };
  }
  const reason = error instanceof Error ? error.message : String(error);
  const message = `${path}: expected the Jupyter server to run it, but: ${reason.replace(/\.$/, "")}. Run "gradlab doctor", then try again.`;
  return { message, traceback: [], exitCode: EXIT.machineLacks };
}

function firstLine(text: string): string {
  return text.split("\n")[0] ?? "";
}
