// A debugging front end on a test kernel: requests on the control channel, events on iopub.
import type { JsonObject, Message } from "../../kernel/protocol/message.ts";
import type { TestKernel } from "./test-kernel.ts";

/** One call on the stack, as the kernel tells it. */
export interface Frame {
  readonly id: number;
  readonly name: string;
  readonly line: number;
  readonly column: number;
  readonly source: { readonly path: string; readonly name: string };
}

/** One variable, as the kernel tells it. */
export interface Shown {
  readonly name: string;
  readonly value: string;
  readonly type?: string;
  readonly variablesReference: number;
}

/** Only the values of variables, by name. */
export function valuesOf(
  variables: Readonly<Record<string, { readonly value: string }>>,
): Record<string, string> {
  return Object.fromEntries(Object.entries(variables).map(([name, { value }]) => [name, value]));
}

type Body = Record<string, never>;

/** Debugs a kernel as JupyterLab does. */
export class DebugClient {
  readonly kernel: TestKernel;
  #seq = 0;
  #heard = 0;

  constructor(kernel: TestKernel) {
    this.kernel = kernel;
  }

  /** Sends a request and gives its whole answer. */
  async ask(command: string, given: JsonObject = {}): Promise<JsonObject & { body: Body }> {
    const seq = ++this.#seq;
    const request = { type: "request", seq, command, arguments: given };
    const { content } = await this.kernel.request("control", "debug_request", request);
    if (content["request_seq"] !== seq || content["command"] !== command) {
      this.kernel.problems.push(`wrong answer to ${command}: ${JSON.stringify(content)}`);
    }
    return content as JsonObject & { body: Body };
  }

  /** Sends a request that must succeed, and gives the body of its answer. */
  async must<Result = JsonObject>(command: string, given: JsonObject = {}): Promise<Result> {
    const answer = await this.ask(command, given);
    if (answer["success"] !== true) throw new TypeError(`${command}: ${String(answer["message"])}`);
    return answer.body as Result;
  }

  /** Attaches, as the bug button does. */
  async attach(clientID = "jupyterlab"): Promise<void> {
    await this.must("initialize", { clientID });
    await this.must("attach");
  }

  /** Tells the kernel a cell and its breakpoints. @returns the path, and the lines that the kernel chose */
  async breakAt(
    code: string,
    breakpoints: readonly (number | JsonObject)[],
  ): Promise<{ path: string; lines: number[] }> {
    const { sourcePath: path } = await this.must<{ sourcePath: string }>("dumpCell", { code });
    return { path, lines: await this.breakInFile(path, breakpoints) };
  }

  /** Sets the breakpoints of a source. @returns the lines that the kernel chose */
  async breakInFile(
    path: string,
    breakpoints: readonly (number | JsonObject)[],
  ): Promise<number[]> {
    const asked = breakpoints.map((one) => (typeof one === "number" ? { line: one } : one));
    const body = await this.must<{ breakpoints: { line: number }[] }>("setBreakpoints", {
      source: { path },
      breakpoints: asked,
      sourceModified: false,
    });
    return body.breakpoints.map(({ line }) => line);
  }

  /** Starts a cell without waiting for its end. */
  begin(code: string, content: JsonObject = {}): ReturnType<TestKernel["send"]> {
    return this.kernel.send("shell", "execute_request", { code, ...content });
  }

  /** The next event of a kind, after those that were waited for before. */
  async event(kind: string): Promise<JsonObject> {
    const find = (): number =>
      this.#events().findIndex(
        ({ content }, index) => index >= this.#heard && content["event"] === kind,
      );
    await this.kernel.until(() => find() >= 0, `the event ${kind}`);
    const index = find();
    this.#heard = index + 1;
    return this.#events()[index]?.content["body"] as JsonObject;
  }

  /** Waits for the next stop, and gives its reason and its frames. */
  async stopped(): Promise<{ body: JsonObject; frames: Frame[] }> {
    const body = await this.event("stopped");
    const { stackFrames } = await this.must<{ stackFrames: Frame[] }>("stackTrace", {
      threadId: 1,
    });
    return { body, frames: stackFrames };
  }

  /** Names and lines of the frames at the next stop: `f:3`. */
  async stop(): Promise<string[]> {
    const { frames } = await this.stopped();
    return frames.map(({ name, line }) => `${name}:${line}`);
  }

  /** The scopes of a frame; of the innermost without one. */
  async scopes(frame?: Frame): Promise<Record<string, Record<string, Shown>>> {
    const { stackFrames } = await this.must<{ stackFrames: Frame[] }>("stackTrace");
    const frameId = (frame ?? stackFrames[0])?.id ?? -1;
    const body = await this.must<{ scopes: { name: string; variablesReference: number }[] }>(
      "scopes",
      { frameId },
    );
    const all: Record<string, Record<string, Shown>> = {};
    for (const { name, variablesReference } of body.scopes) {
      all[name] = await this.inside(variablesReference);
    }
    return all;
  }

  /** What is inside a scope or a value, by name. */
  async inside(variablesReference: number, query: object = {}): Promise<Record<string, Shown>> {
    const given = { variablesReference, ...query };
    const { variables } = await this.must<{ variables: Shown[] }>("variables", given);
    return Object.fromEntries(variables.map((variable) => [variable.name, variable]));
  }

  #events(): Message[] {
    return this.kernel.published.filter(({ header }) => header.msg_type === "debug_event");
  }
}
