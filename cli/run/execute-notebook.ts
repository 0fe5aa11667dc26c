// Runs the code cells of a notebook one after another on a connected kernel, and records what they leave.
import type { Kernel, KernelMessage } from "@jupyterlab/services";
import type { CodeCell, Notebook } from "../../nbformat/types.ts";
import { OutputRecorder } from "./output-recorder.ts";

/** Why a run stopped before the last cell. */
export interface RunProblem {
  readonly kind: "error" | "timeout" | "interrupted" | "kernel died" | "connection lost";
  /** Which code cell, counted from 1 among the code cells. */
  readonly cell: number;
  readonly name: string;
  readonly message: string;
  /** Lines with ANSI colours; empty when no cell threw. */
  readonly traceback: readonly string[];
}

/** What a listener hears while a notebook runs. */
export interface RunListener {
  /** A cell starts: `cell` of `total`, counted from 1. */
  cellStarted(cell: number, total: number, source: string): void;
  /** The running cell printed something. */
  cellPrinted(text: string): void;
  cellFinished(cell: number, total: number, seconds: number): void;
  /** Cells ran although their types were not checked: `cells` of `total`. */
  ranUnchecked?(cells: number, total: number): void;
}

/** How to run a notebook. */
export interface ExecuteOptions {
  /** Longest time for one cell, in milliseconds; no limit when undefined. */
  readonly timeoutMs?: number | undefined;
  /** Aborted when the user presses Ctrl-C. */
  readonly signal: AbortSignal;
  readonly listener: RunListener;
}

/** How long the first cell waits for a language server that starts, in milliseconds; our kernel understands it. */
const TYPES_WAIT_MS = 10_000;

/** Why a cell of ours may run unchecked although types are wanted. */
const UNCHECKED: ReadonlySet<unknown> = new Set(["starting", "missing", "slow"]);

/** How long an interrupted cell may take to stop, in milliseconds. */
const GRACE_MS = 10_000;

type Ending =
  | { kind: "replied"; reply: KernelMessage.IExecuteReplyMsg["content"]; types: unknown }
  | { kind: "timeout" | "interrupted" | "kernel died" | "connection lost" };

/**
 * Runs all code cells in order, stops at the first failure, and leaves outputs and run counts in the notebook.
 *
 * @returns why it stopped early, or what code in the background threw; undefined when all went well
 */
export async function executeNotebook(
  notebook: Notebook,
  kernel: Kernel.IKernelConnection,
  options: ExecuteOptions,
): Promise<RunProblem | undefined> {
  const cells = codeCells(notebook);
  for (const cell of cells) Object.assign(cell, { outputs: [], execution_count: null });
  const recorder = new OutputRecorder();
  const route = new Map<string, CodeCell>();
  let uncaught: RunProblem | undefined;
  const onPublished = (_: unknown, message: KernelMessage.IIOPubMessage): void => {
    const cell = route.get((message.parent_header as { msg_id?: string }).msg_id ?? "");
    if (cell === undefined) return;
    recorder.record(cell, message);
    if (message.header.msg_type === "stream") {
      options.listener.cellPrinted((message.content as { text: string }).text);
    } else if (message.header.msg_type === "error" && !mayFail(cell)) {
      uncaught ??= errorProblem(message.content as ThrownError, cells.indexOf(cell) + 1);
    }
  };
  kernel.iopubMessage.connect(onPublished);
  const state: RunState = { kernel, options, recorder, route, total: cells.length, unchecked: 0 };
  try {
    for (const [index, cell] of cells.entries()) {
      const problem = await runCell(cell, index + 1, state);
      if (problem !== undefined) return problem;
    }
    // No cell has failed, but code that one has left behind: a timer, a promise.
    return uncaught;
  } finally {
    if (state.unchecked > 0) options.listener.ranUnchecked?.(state.unchecked, cells.length);
    kernel.iopubMessage.disconnect(onPublished);
  }
}

/** The cells that are run: code cells that are not blank. */
export function codeCells(notebook: Notebook): CodeCell[] {
  return notebook.cells.filter(
    (cell): cell is CodeCell => cell.cell_type === "code" && cell.source.trim() !== "",
  );
}

interface RunState {
  readonly kernel: Kernel.IKernelConnection;
  readonly options: ExecuteOptions;
  readonly recorder: OutputRecorder;
  /** Which cell a message belongs to, by the id of the request that caused it. */
  readonly route: Map<string, CodeCell>;
  readonly total: number;
  /** How many cells have run although their types were not checked. */
  unchecked: number;
}

async function runCell(
  cell: CodeCell,
  number: number,
  state: RunState,
): Promise<RunProblem | undefined> {
  const { kernel, options, recorder, route, total } = state;
  const started = performance.now();
  options.listener.cellStarted(number, total, cell.source);
  const content = {
    code: cell.source,
    allow_stdin: false,
    stop_on_error: true,
    store_history: true,
  };
  const metadata = { cellId: cell.id, types_wait_ms: number === 1 ? TYPES_WAIT_MS : 0 };
  const future = kernel.requestExecute(content, true, metadata);
  route.set(future.msg.header.msg_id, cell);
  const done = future.done.then(({ content: reply, metadata: { types } }): Ending => {
    return { kind: "replied", reply, types };
  });
  let ending = await firstEnding(done, kernel, options);
  if (ending.kind === "timeout" || ending.kind === "interrupted") {
    ending = await interrupt(done, kernel, ending);
  }
  options.listener.cellFinished(number, total, (performance.now() - started) / 1000);
  if (ending.kind !== "replied")
    return stoppedProblem(ending.kind, { cell, number, recorder, options });
  if (UNCHECKED.has(ending.types)) state.unchecked++;
  cell.execution_count = ending.reply.execution_count ?? cell.execution_count;
  if (ending.reply.status === "ok") {
    for (const page of ending.reply.payload ?? []) showPage(page, cell, recorder);
    return undefined;
  }
  if (mayFail(cell)) return undefined;
  return replyProblem(ending.reply, cell, number);
}

/** Waits for the reply, the time limit, Ctrl-C, or the end of kernel or connection, whichever comes first. */
async function firstEnding(
  done: Promise<Ending>,
  kernel: Kernel.IKernelConnection,
  options: Pick<ExecuteOptions, "timeoutMs" | "signal">,
): Promise<Ending> {
  const cleanups: (() => void)[] = [];
  const stopped = new Promise<Ending>((resolve) => {
    const onStatus = (_: unknown, status: string): void => {
      if (status === "dead" || status.endsWith("restarting")) resolve({ kind: "kernel died" });
    };
    const onConnection = (_: unknown, status: string): void => {
      if (status === "disconnected") resolve({ kind: "connection lost" });
    };
    const onAbort = (): void => resolve({ kind: "interrupted" });
    kernel.statusChanged.connect(onStatus);
    kernel.connectionStatusChanged.connect(onConnection);
    options.signal.addEventListener("abort", onAbort, { once: true });
    if (options.signal.aborted) onAbort();
    const { timeoutMs } = options;
    const timer =
      timeoutMs === undefined
        ? undefined
        : setTimeout(() => resolve({ kind: "timeout" }), timeoutMs);
    cleanups.push(
      () => kernel.statusChanged.disconnect(onStatus),
      () => kernel.connectionStatusChanged.disconnect(onConnection),
      () => options.signal.removeEventListener("abort", onAbort),
      () => clearTimeout(timer),
    );
  });
  // A rejected reply means that the connection gave the request up; the status says why.
  const replied = done.catch(() => stopped);
  try {
    return await Promise.race([replied, stopped]);
  } finally {
    for (const clean of cleanups) clean();
  }
}

/** Asks the kernel to stop the cell, and waits until it did; what was asked for stays the reason. */
async function interrupt(
  done: Promise<Ending>,
  kernel: Kernel.IKernelConnection,
  asked: Ending,
): Promise<Ending> {
  try {
    await kernel.interrupt();
    const never = new AbortController().signal;
    const ending = await firstEnding(done, kernel, { timeoutMs: GRACE_MS, signal: never });
    return ending.kind === "kernel died" ? ending : asked;
  } catch {
    return asked;
  }
}

function stoppedProblem(
  kind: Exclude<RunProblem["kind"], "error">,
  at: { cell: CodeCell; number: number; recorder: OutputRecorder; options: ExecuteOptions },
): RunProblem {
  const seconds = (at.options.timeoutMs ?? 0) / 1000;
  const [name, message] = {
    timeout: [
      "TimeoutError",
      `The cell ran longer than ${seconds} s and was interrupted. Allow more with --timeout.`,
    ],
    interrupted: ["Interrupted", "The run was stopped by the user."],
    "kernel died": [
      "KernelDied",
      "The kernel stopped while this cell ran: it was killed, ended its own process, or ran out of memory.",
    ],
    "connection lost": [
      "ConnectionLost",
      "The connection to the Jupyter server broke while this cell ran.",
    ],
  }[kind] as [string, string];
  const said = at.cell.outputs.some((output) => output.output_type === "error");
  if (!said || kind !== "interrupted") {
    at.recorder.addError(at.cell, {
      ename: name,
      evalue: message,
      traceback: [`\u001b[31m${name}\u001b[0m: ${message}`],
    });
  }
  return { kind, cell: at.number, name, message, traceback: [] };
}

function replyProblem(
  reply: KernelMessage.IExecuteReplyMsg["content"],
  cell: CodeCell,
  number: number,
): RunProblem {
  const said = cell.outputs.findLast((output) => output.output_type === "error");
  const error =
    reply.status === "error"
      ? reply
      : { ename: "Aborted", evalue: "The kernel did not run the cell.", traceback: [] };
  return errorProblem(said ?? error, number);
}

type ThrownError = Pick<KernelMessage.IErrorMsg["content"], "ename" | "evalue" | "traceback">;

function errorProblem({ ename, evalue, traceback }: ThrownError, cell: number): RunProblem {
  return { kind: "error", cell, name: ename, message: evalue, traceback };
}

function mayFail(cell: CodeCell): boolean {
  return Array.isArray(cell.metadata.tags) && cell.metadata.tags.includes("raises-exception");
}

/** Help pages that a cell asked for are shown below it, as JupyterLab does. */
function showPage(payload: unknown, cell: CodeCell, recorder: OutputRecorder): void {
  const { source, data } = payload as { source?: string; data?: Record<string, unknown> };
  if (source !== "page" || data === undefined) return;
  recorder.record(cell, { header: { msg_type: "display_data" }, content: { data, metadata: {} } });
}
