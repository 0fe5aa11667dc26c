// A kernel process and a client on its sockets that checks every message it receives.
import { spawn, type ChildProcess } from "node:child_process";
import { randomUUID } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { Dealer, Request, Subscriber } from "zeromq";
import { decodeFrames, encodeMessage } from "../../kernel/protocol/frames.ts";
import { endpointOf, parseConnectionFile } from "../../kernel/protocol/connection-file.ts";
import type { ConnectionInfo } from "../../kernel/protocol/connection-file.ts";
import { createMessage } from "../../kernel/protocol/message.ts";
import type { JsonObject, Message } from "../../kernel/protocol/message.ts";
import { Signer } from "../../kernel/protocol/signature.ts";
import { freePorts } from "./free-ports.ts";
import { problemsOf } from "./message-rules.ts";

/** The Node that runs the kernel; another one than ours when the environment names it. */
const NODE = process.env["GRADLAB_TEST_NODE"] ?? process.execPath;
const PROGRAM = fileURLToPath(new URL("../../dist/cli/main.js", import.meta.url));
const LIMIT_MS = 20_000;
const OUTPUTS = new Set([
  "stream",
  "display_data",
  "update_display_data",
  "execute_result",
  "error",
  "clear_output",
]);

/** How a test kernel is started. */
export interface TestKernelOptions {
  readonly folder?: string;
  readonly environment?: Readonly<Record<string, string>>;
  /** The Node that runs it; ours when absent. */
  readonly node?: string;
  /** Arguments after `kernel start -f file`. */
  readonly arguments?: readonly string[];
  /** Fields of the connection file that are not the usual ones. */
  readonly connection?: JsonObject;
}

/** Everything that one cell caused. */
export interface CellRun {
  readonly reply: JsonObject;
  /** Messages on iopub between busy and idle, without the statuses. */
  readonly messages: readonly Message[];
  readonly stdout: string;
  readonly stderr: string;
  /** The bundle of `execute_result`. */
  readonly result: JsonObject | undefined;
  /** Content of the last `error` message. */
  readonly error: { ename: string; evalue: string; traceback: string[] } | undefined;
}

type RequestChannel = "shell" | "control";

/** A running kernel and its client. */
export class TestKernel {
  readonly connection: ConnectionInfo;
  readonly process: ChildProcess;
  readonly folder: string;
  /** All messages on iopub, in order. */
  readonly published: Message[] = [];
  /** What the kernel wrote to its log. */
  log = "";
  /** Breaches of the protocol; `stop` throws when there is one. */
  readonly problems: string[] = [];
  onInput: (request: JsonObject) => string = () => "";
  /** Messages of finished cells that may still come, by the id of their request. */
  readonly allowsLateOutput = new Set<string>();
  readonly #signer: Signer;
  readonly #session = randomUUID();
  readonly #sockets: { shell: Dealer; control: Dealer; stdin: Dealer; iopub: Subscriber };
  readonly #replies = new Map<string, (message: Message) => void>();
  readonly #watchers = new Set<() => void>();
  readonly #idle = new Set<string>();
  readonly exited: Promise<number | null>;

  private constructor(connection: ConnectionInfo, child: ChildProcess, folder: string) {
    this.connection = connection;
    this.process = child;
    this.folder = folder;
    this.#signer = new Signer(connection.key, connection.signatureScheme);
    const routingId = randomUUID();
    this.#sockets = {
      shell: new Dealer({ routingId, linger: 0 }),
      control: new Dealer({ routingId, linger: 0 }),
      stdin: new Dealer({ routingId, linger: 0 }),
      iopub: new Subscriber({ linger: 0, receiveHighWaterMark: 0 }),
    };
    this.exited = new Promise((resolve) => child.once("exit", (code) => resolve(code)));
    child.stderr?.on("data", (chunk: Buffer) => {
      this.log += chunk.toString();
    });
  }

  /** Starts a kernel and waits until its client hears it. */
  static async start(options: TestKernelOptions = {}): Promise<TestKernel> {
    const folder = options.folder ?? mkdtempSync(join(tmpdir(), "gradlab-kernel-"));
    const [shell, control, iopub, stdin, hb] = await freePorts(5);
    const text = JSON.stringify({
      transport: "tcp",
      ip: "127.0.0.1",
      shell_port: shell,
      control_port: control,
      iopub_port: iopub,
      stdin_port: stdin,
      hb_port: hb,
      key: randomUUID(),
      signature_scheme: "hmac-sha256",
      kernel_name: "gradlab",
      ...options.connection,
    });
    const file = join(mkdtempSync(join(tmpdir(), "gradlab-connection-")), "kernel.json");
    writeFileSync(file, text);
    const child = spawn(
      options.node ?? NODE,
      [PROGRAM, "kernel", "start", "-f", file, ...(options.arguments ?? [])],
      {
        cwd: folder,
        stdio: ["ignore", "inherit", "pipe"],
        // As Jupyter's own clients do: the terminal's Ctrl-C is not for the kernel.
        detached: true,
        // The user's own history is none of a test's business.
        env: {
          ...process.env,
          GRADLAB_HISTORY: "off",
          JPY_PARENT_PID: String(process.pid),
          ...options.environment,
        },
      },
    );
    const kernel = new TestKernel(parseConnectionFile(text), child, folder);
    await kernel.#connect();
    return kernel;
  }

  /** Connects one more client to the same kernel. */
  async connectAgain(): Promise<TestKernel> {
    const client = new TestKernel(this.connection, this.process, this.folder);
    await client.#connect();
    return client;
  }

  /** Ends this client, and throws when a message to it broke the protocol. */
  disconnect(): void {
    for (const socket of Object.values(this.#sockets)) socket.close();
    if (this.problems.length > 0) throw new ProtocolBreach(this.problems);
  }

  /** Runs a cell to its idle and its reply. */
  async execute(code: string, content: JsonObject = {}, header: JsonObject = {}): Promise<CellRun> {
    const asked = { ...EXECUTE, code, ...content };
    const { id, reply } = this.send("shell", "execute_request", asked, header);
    await this.idle(id);
    return this.#runOf(id, (await reply).content);
  }

  /** Sends a request, and gives its id and its reply. `header` adds fields to its header. */
  send(
    channel: RequestChannel,
    type: string,
    content: JsonObject,
    extras: { readonly header?: JsonObject; readonly metadata?: JsonObject } = {},
  ): { id: string; reply: Promise<Message> } {
    const { header = {}, metadata = {} } = extras;
    const session = this.#session;
    const plain = createMessage({ type, session, content, metadata, username: "test" });
    const message = { ...plain, header: { ...plain.header, ...header } };
    const id = message.header.msg_id;
    const reply = new Promise<Message>((resolve) => this.#replies.set(id, resolve));
    void this.#sockets[channel].send(encodeMessage(message, this.#signer));
    const limited = within(reply, `the reply to ${type}`);
    // Who does not wait for the reply of a cell that never ends does not want to hear of it either.
    limited.catch(() => undefined);
    return { id, reply: limited };
  }

  /** Sends a message that gets no reply. @returns its id */
  tell(type: string, content: JsonObject, buffers: readonly Uint8Array[] = []): string {
    const session = this.#session;
    const message = createMessage({ type, session, content, buffers, username: "test" });
    void this.#sockets.shell.send(encodeMessage(message, this.#signer));
    return message.header.msg_id;
  }

  /** Sends frames as they are. */
  async sendFrames(frames: Uint8Array[]): Promise<void> {
    await this.#sockets.shell.send(frames);
  }

  /** Sends a request and waits for its reply and its idle. */
  async request(channel: RequestChannel, type: string, content: JsonObject = {}): Promise<Message> {
    const { id, reply } = this.send(channel, type, content);
    const message = await reply;
    if (type !== "shutdown_request") await this.idle(id);
    return message;
  }

  /** Asks for an interrupt of the running cell. */
  async interrupt(): Promise<void> {
    await this.request("control", "interrupt_request");
  }

  /** Resolves when the request `id` is idle. */
  idle(id: string, limitMs = LIMIT_MS): Promise<void> {
    return this.until(() => this.#idle.has(id), `idle of ${id}`, limitMs);
  }

  /** Resolves when a message on iopub makes `condition` true. */
  async until(condition: () => boolean, what: string, limitMs = LIMIT_MS): Promise<void> {
    let watcher: (() => void) | undefined;
    const met = new Promise<void>((resolve) => {
      watcher = () => condition() && resolve();
      watcher();
      this.#watchers.add(watcher);
    });
    try {
      await within(met, what, limitMs, () => this.log);
    } finally {
      if (watcher) this.#watchers.delete(watcher);
    }
  }

  /** Text of a stream that the request `id` caused so far. */
  textOf(id: string, name = "stdout"): string {
    return this.messagesOf(id)
      .filter(({ header, content }) => header.msg_type === "stream" && content["name"] === name)
      .map(({ content }) => content["text"] as string)
      .join("");
  }

  /** Messages that the request `id` caused so far, without the statuses. */
  messagesOf(id: string): Message[] {
    return this.published.filter(
      ({ parentHeader, header }) =>
        (parentHeader as { msg_id?: string }).msg_id === id && header.msg_type !== "status",
    );
  }

  /** Sends `text` on the heartbeat socket and gives what comes back. */
  async heartbeat(text: string): Promise<string> {
    const socket = new Request({ linger: 0 });
    socket.connect(endpointOf(this.connection, "hb"));
    try {
      await socket.send(text);
      const [answer] = await within(socket.receive(), "the heartbeat");
      return String(answer);
    } finally {
      socket.close();
    }
  }

  /** Ends the kernel, and throws when a message broke the protocol. */
  async stop(): Promise<void> {
    for (const socket of Object.values(this.#sockets)) socket.close();
    if (this.process.exitCode === null) this.process.kill("SIGTERM");
    await within(this.exited, "the end of the kernel", LIMIT_MS, () => this.log);
    rmSync(this.folder, { recursive: true, force: true });
    if (this.problems.length > 0) throw new ProtocolBreach(this.problems);
  }

  async #connect(): Promise<void> {
    const { shell, control, stdin, iopub } = this.#sockets;
    iopub.connect(endpointOf(this.connection, "iopub"));
    iopub.subscribe();
    shell.connect(endpointOf(this.connection, "shell"));
    control.connect(endpointOf(this.connection, "control"));
    stdin.connect(endpointOf(this.connection, "stdin"));
    void this.#listen(shell, (message) => this.#receiveReply("shell", message));
    void this.#listen(control, (message) => this.#receiveReply("control", message));
    void this.#listen(stdin, (message) => this.#answer(message));
    void this.#listen(iopub, (message) => this.#receivePublished(message));
    await this.until(
      () => this.published.some(({ header }) => header.msg_type === "iopub_welcome"),
      "iopub_welcome",
    );
  }

  async #listen(
    socket: AsyncIterable<Buffer[]>,
    onMessage: (message: Message) => void,
  ): Promise<void> {
    try {
      for await (const frames of socket) onMessage(decodeFrames(frames, this.#signer));
    } catch (error) {
      this.problems.push(String(error));
    }
  }

  #receiveReply(channel: string, message: Message): void {
    this.problems.push(...problemsOf(message, channel));
    const id = (message.parentHeader as { msg_id?: string }).msg_id ?? "";
    const waiting = this.#replies.get(id);
    if (!waiting) this.problems.push(`a second or unasked reply: ${message.header.msg_type}`);
    this.#replies.delete(id);
    waiting?.(message);
  }

  #receivePublished(message: Message): void {
    this.problems.push(...problemsOf(message, "iopub"));
    const id = (message.parentHeader as { msg_id?: string }).msg_id ?? "";
    const type = message.header.msg_type;
    if (OUTPUTS.has(type) && this.#idle.has(id) && !this.allowsLateOutput.has(id)) {
      this.problems.push(`${type} after idle`);
    }
    if (type === "status" && message.content["execution_state"] === "idle") this.#idle.add(id);
    this.published.push(message);
    for (const watcher of this.#watchers) watcher();
  }

  #answer(message: Message): void {
    this.problems.push(...problemsOf(message, "stdin"));
    const content = { value: this.onInput(message.content) };
    const parent = message.header;
    const answer = createMessage({ type: "input_reply", session: this.#session, content, parent });
    void this.#sockets.stdin.send(encodeMessage(answer, this.#signer));
  }

  #runOf(id: string, reply: JsonObject): CellRun {
    const messages = this.messagesOf(id);
    const last = (type: string): Message | undefined =>
      messages.findLast(({ header }) => header.msg_type === type);
    return {
      reply,
      messages,
      stdout: this.textOf(id),
      stderr: this.textOf(id, "stderr"),
      result: last("execute_result")?.content["data"] as JsonObject | undefined,
      error: last("error")?.content as unknown as CellRun["error"],
    };
  }
}

const EXECUTE: JsonObject = {
  silent: false,
  store_history: true,
  user_expressions: {},
  allow_stdin: false,
  stop_on_error: true,
};

class ProtocolBreach extends Error {
  override readonly name = "ProtocolBreach";

  constructor(problems: readonly string[]) {
    super(`the kernel broke the protocol:\n${problems.join("\n")}`);
  }
}

class TookTooLong extends Error {
  override readonly name = "TookTooLong";
}

/** Waits for `promise`, but not longer than the limit. */
async function within<Value>(
  promise: Promise<Value>,
  what: string,
  limitMs = LIMIT_MS,
  details: () => string = () => "",
): Promise<Value> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => {
      reject(new TookTooLong(`${what} did not come within ${limitMs} ms. ${details()}`));
    }, limitMs);
  });
  try {
    return await Promise.race([promise, limit]);
  } finally {
    clearTimeout(timer);
  }
}
