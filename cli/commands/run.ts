// `gradlab run`: executes notebooks without a browser, and saves them with their outputs.
import { randomUUID } from "node:crypto";
import { basename, relative, resolve, sep } from "node:path";
import { stripVTControlCharacters } from "node:util";
import { Command, InvalidArgumentError } from "commander";
import { CommandError, EXIT } from "../exit-codes.ts";
import {
  connectClient,
  parseAddress,
  quietClient,
  type ServerAddress,
} from "../run/jupyter-client.ts";
import { startLocalServer } from "../run/local-server.ts";
import { prepareFolder } from "../write-files.ts";
import { createProgress, type Progress } from "../run/progress.ts";
import { commonFolder, runNotebooks, type RunOutcome } from "../run/run-notebooks.ts";

interface RunOptions {
  readonly output?: string;
  readonly html?: boolean;
  readonly timeout?: number;
  readonly parallel: number;
  readonly kernel?: string;
  readonly server?: string;
  readonly token?: string;
  readonly json?: boolean;
}

/** Builds the `run` command. */
export function runCommand(): Command {
  return new Command("run")
    .description("run notebooks without a browser and save them with their outputs")
    .argument("<notebooks...>", "paths of .ipynb files")
    .option(
      "-o, --output <folder>",
      "where the executed notebooks go; without it nothing is written",
    )
    .option("--html", "also write one self-contained HTML page per notebook")
    .option("--timeout <seconds>", "longest time for one cell (no limit)", positive)
    .option("--parallel <count>", "how many notebooks run at the same time", positiveInteger, 1)
    .option("--kernel <name>", "run on this kernel instead of the one the notebook names")
    .option("--server <url>", "a running Jupyter server, JupyterHub or Enterprise Gateway")
    .option("--token <token>", "its token (default: the environment variable JUPYTER_TOKEN)")
    .option("--json", "print one JSON object: {notebooks: [{path, cells, errors, seconds}]}")
    .addHelpText(
      "after",
      "\nExit codes: 0 every cell ran, 1 a cell or notebook failed, 2 wrong use, 3 the machine lacks something, 130 stopped with Ctrl-C.",
    )
    .action(run);
}

async function run(notebooks: string[], options: RunOptions): Promise<void> {
  await checkOutput(notebooks, options);
  const restoreConsole = quietClient();
  const progress = createProgress(process.stderr);
  const { signal, release } = stopOnSignals(progress);
  let close: (() => Promise<void>) | undefined;
  try {
    const server = await findServer(notebooks, options);
    close = server.close;
    const outcomes = await runNotebooks(notebooks, {
      client: await connectClient(server.address),
      progress,
      signal,
      output: options.output,
      html: options.html === true,
      kernel: options.kernel,
      timeoutMs: options.timeout === undefined ? undefined : options.timeout * 1000,
      parallel: options.parallel,
      sessionPath: server.sessionPath,
      onOutcome: (outcome) => reportOutcome(outcome, progress),
    });
    progress.end();
    if (options.json) console.log(JSON.stringify({ notebooks: outcomes.map(publicOutcome) }));
    else printSummary(outcomes);
    process.exitCode = exitCodeOf(outcomes, signal.aborted);
  } finally {
    progress.end();
    await close?.();
    release();
    restoreConsole();
  }
}

async function checkOutput(
  notebooks: readonly string[],
  { output, html }: RunOptions,
): Promise<void> {
  if (output === undefined) {
    if (!html) return;
    throw new CommandError(
      "--html: expected --output FOLDER for the pages, got none. Add --output results.",
      EXIT.wrongUse,
    );
  }
  if (resolve(output) === commonFolder(notebooks)) {
    throw new CommandError(
      `--output ${output}: expected another folder than the notebooks' own, because the executed copies would overwrite them. Choose for example --output results.`,
      EXIT.wrongUse,
    );
  }
  await prepareFolder(output);
}

interface FoundServer {
  readonly address: ServerAddress;
  readonly sessionPath: (notebookPath: string) => string;
  readonly close?: () => Promise<void>;
}

async function findServer(notebooks: readonly string[], options: RunOptions): Promise<FoundServer> {
  if (options.server !== undefined) {
    const address = parseAddress(options.server, options.token ?? process.env["JUPYTER_TOKEN"]);
    // A name of its own: with the notebook's path the server would hand out the kernel of someone who has it open.
    return {
      address,
      sessionPath: (path) => `${basename(path, ".ipynb")}-${randomUUID().slice(0, 8)}.ipynb`,
    };
  }
  const root = commonFolder(notebooks);
  const local = await startLocalServer(root);
  return {
    address: local,
    sessionPath: (path) => relative(root, resolve(path)).split(sep).join("/"),
    close: () => local.close(),
  };
}

/** The first Ctrl-C interrupts the running cells and saves; the second one ends at once. */
function stopOnSignals(progress: Progress): { signal: AbortSignal; release: () => void } {
  const controller = new AbortController();
  const onSignal = (): void => {
    if (controller.signal.aborted) process.exit(EXIT.interrupted);
    controller.abort();
    progress.note(
      "gradlab: stopping the running cell and saving; press Ctrl-C again to end at once",
    );
  };
  // SIGHUP: the terminal window was closed.
  const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
  for (const name of signals) process.on(name, onSignal);
  return {
    signal: controller.signal,
    release: () => {
      for (const name of signals) process.off(name, onSignal);
    },
  };
}

function reportOutcome({ failure }: RunOutcome, progress: Progress): void {
  if (failure === undefined) return;
  const traceback = failure.traceback.join("\n");
  const isPlain = !process.stderr.isTTY || process.env["NO_COLOR"] !== undefined;
  if (traceback !== "") progress.note(isPlain ? stripVTControlCharacters(traceback) : traceback);
  progress.note(`gradlab: ${failure.message}`);
}

function publicOutcome({ path, cells, errors, seconds, failure }: RunOutcome): unknown {
  return { path, cells, errors, seconds, ...(failure && { problem: failure.message }) };
}

function printSummary(outcomes: readonly RunOutcome[]): void {
  for (const { path, cells, seconds, failure, written } of outcomes) {
    if (failure === undefined)
      console.log(`${path}: all ${cells} code cells ran in ${seconds.toFixed(1)} s`);
    for (const file of written) {
      const label = file.endsWith(".html") ? "page    " : "notebook";
      console.log(`  ${label} ${resolve(file)}`);
    }
  }
}

function exitCodeOf(outcomes: readonly RunOutcome[], wasStopped: boolean): number {
  if (wasStopped) return EXIT.interrupted;
  return Math.max(EXIT.fine, ...outcomes.map(({ failure }) => failure?.exitCode ?? EXIT.fine));
}

function positive(text: string): number {
  const value = Number(text);
  if (!(value > 0)) throw new InvalidArgumentError("expected a number above 0.");
  return value;
}

function positiveInteger(text: string): number {
  const value = positive(text);
  if (!Number.isInteger(value)) throw new InvalidArgumentError("expected a whole number.");
  return value;
}
