// execute_request: runs a cell, publishes what it puts out, and answers how it ended.
import type { CellOutput } from "../execute/cell-listener.ts";
import type { ErrorReport } from "../compile/syntax-error.ts";
import { textOf, type JsonObject, type Message } from "../protocol/message.ts";
import { REPLY_METADATA, type Handler, type KernelContext } from "./handler.ts";
import { answerQuestion, readQuestion } from "./page.ts";
import { inputRefused, publishOutput } from "./publish-output.ts";
import { runTypedCell } from "./typed-cell.ts";

const LONGEST_START_WAIT_MS = 60_000;

/** The content of an execute request, with the defaults of the protocol filled in. */
export interface ExecuteContent {
  readonly code: string;
  readonly isSilent: boolean;
  /** Counts, and is kept in the history; a cell without any text never does. */
  readonly storesHistory: boolean;
  readonly userExpressions: Readonly<Record<string, string>>;
  readonly allowsInput: boolean;
  readonly stopsOnError: boolean;
}

/** Answers `execute_request`. */
export const execute: Handler = async (request, kernel) => {
  const content = readExecuteContent(request.content);
  const { session, publisher } = kernel;
  const count = content.storesHistory ? session.countCell() : session.executionCount + 1;
  // As in IPython: a cell that does not count shows the number of the next one, and replies with that of the last.
  const counted = content.storesHistory ? count : count - 1;
  if (content.storesHistory) kernel.history.add(count, content.code);
  if (!content.isSilent) {
    const input = { code: content.code, execution_count: count };
    publisher.send("execute_input", input, request.header);
  }
  const question = readQuestion(content.code);
  if (question) {
    const page = await answerQuestion(question, kernel);
    if (!page && !content.isSilent) {
      publisher.text("stdout", `Nothing is known of ${question.name}.\n`, request.header);
    }
    return { ...DONE, execution_count: counted, payload: page ? [page] : [] };
  }
  const cell = {
    code: content.code,
    number: count,
    name: `cell-${count}.ts`,
    onOutput: (output: CellOutput) => publish(output, { request, kernel, content, count }),
  };
  const startWaitMs = readWait(request.metadata["types_wait_ms"]);
  const running = runTypedCell({ ...cell, startWaitMs }, kernel);
  const { failure, types } = await session.comms.during(running);
  if (failure) {
    const { report, diagnostics } = failure;
    // Not in the content: what is there is saved with the notebook, whose format forbids it.
    const metadata = diagnostics.length > 0 ? { diagnostics } : {};
    if (!content.isSilent) publisher.send("error", report, request.header, { metadata });
    if (content.stopsOnError) kernel.abortWaitingCells(request);
    return {
      status: "error",
      execution_count: counted,
      user_expressions: {},
      payload: [],
      ...report,
      [REPLY_METADATA]: { types, ...metadata },
    };
  }
  const userExpressions = await evaluateExpressions(content.userExpressions, kernel);
  return {
    ...DONE,
    execution_count: counted,
    user_expressions: userExpressions,
    [REPLY_METADATA]: { types },
  };
};

/** The reply of a cell that has come to its end. */
const DONE = { status: "ok", user_expressions: {}, payload: [] } as const;

/** Reads the content of an execute request. */
export function readExecuteContent(content: JsonObject): ExecuteContent {
  const code = textOf(content, "code");
  const isSilent = content["silent"] === true;
  const expressions = (content["user_expressions"] ?? {}) as JsonObject;
  return {
    code,
    isSilent,
    storesHistory: !isSilent && content["store_history"] !== false && code.trim() !== "",
    userExpressions: Object.fromEntries(
      Object.keys(expressions).map((name) => [name, textOf(expressions, name)]),
    ),
    allowsInput: content["allow_stdin"] === true,
    stopsOnError: content["stop_on_error"] !== false,
  };
}

/** How long a client lets the cell wait for a language server that does not run yet. */
function readWait(value: unknown): number {
  return typeof value === "number" ? Math.min(Math.max(value, 0), LONGEST_START_WAIT_MS) : 0;
}

interface OutputTarget {
  readonly request: Message;
  readonly kernel: KernelContext;
  readonly content: ExecuteContent;
  readonly count: number;
}

function publish(output: CellOutput, target: OutputTarget): void {
  const { request, kernel, content, count } = target;
  if (output.type === "input-request") {
    answerOrRefuse(output, target);
    return;
  }
  if (content.isSilent && output.type !== "comm") return;
  const { publisher } = kernel;
  const parent = request.header;
  if (output.type === "result") {
    const { bundle: data, metadata } = output;
    const text = data["text/plain"];
    if (content.storesHistory && typeof text === "string") kernel.history.addOutput(count, text);
    publisher.send("execute_result", { data, metadata, execution_count: count }, parent);
    return;
  }
  publishOutput(output, parent, publisher);
}

function answerOrRefuse(
  question: Extract<CellOutput, { type: "input-request" }>,
  { request, kernel, content }: OutputTarget,
): void {
  if (content.allowsInput) {
    kernel.publisher.flush();
    kernel.requestInput(request, question);
    return;
  }
  kernel.session.answer(inputRefused(question.cell));
}

async function evaluateExpressions(
  expressions: Readonly<Record<string, string>>,
  { session }: KernelContext,
): Promise<JsonObject> {
  const values: JsonObject = {};
  for (const [name, code] of Object.entries(expressions)) {
    let data: JsonObject = {};
    const report: ErrorReport | undefined = await session.run({
      code,
      number: session.executionCount,
      name: `expression-${name.replace(/[^\w-]/g, "-")}.ts`,
      onOutput: (output) => {
        if (output.type === "result") data = output.bundle;
      },
    });
    values[name] = report ? { status: "error", ...report } : { status: "ok", data, metadata: {} };
  }
  return values;
}
