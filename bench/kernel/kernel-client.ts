// A plain Jupyter client that measures: it starts a kernel, runs cells and notes when what arrives.
import { spawn, type ChildProcess } from "node:child_process";
import { randomUUID } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Dealer, Subscriber } from "zeromq";
import {
  CHANNELS,
  endpointOf,
  parseConnectionFile,
  type ConnectionInfo,
} from "../../kernel/protocol/connection-file.ts";
import { decodeFrames, encodeMessage } from "../../kernel/protocol/frames.ts";
import { createMessage, textOf, type Message } from "../../kernel/protocol/message.ts";
import { Signer } from "../../kernel/protocol/signature.ts";
import { memoryOf, type ProcessMemory } from "./process-memory.ts";

const LIMIT_MS = 60_000;
const UNTIL_LOOPING_MS = 300;

/** How a kernel is started and stopped in the middle of a cell. */
export interface KernelCommand {
  readonly program: string;
  /** Makes the arguments from the path of the connection file. */
  readonly parameters: (connectionFile: string) => readonly string[];
  readonly folder: string;
  readonly interruptMode: "message" | "signal";
}

/** A kernel did not do what was asked of it in time. */
export class KernelSilence extends Error {
  override readonly name = "KernelSilence";
  readonly code = "BENCH_SILENCE";
}

/** One running kernel. */
export class KernelClient {
  readonly #command: KernelCommand;
  readonly #process: ChildProcess;
  readonly #folder: string;
  readonly #signer: Signer;
  readonly #shell: Dealer = new Dealer({ linger: 0 });
  readonly #control: Dealer = new Dealer({ linger: 0 });
  readonly #iopub: Subscriber = new Subscriber({ linger: 0, receiveHighWaterMark: 0 });
  readonly #session = randomUUID();
  readonly #listeners = new Set<(message: Message) => void>();

  private constructor(command: KernelCommand, connection: ConnectionInfo, file: string) {
    this.#command = command;
    this.#folder = file;
    this.#signer = new Signer(connection.key, connection.signatureScheme);
    this.#process = spawn(command.program, [...command.parameters(join(file, "kernel.json"))], {
      cwd: command.folder,
      stdio: "ignore",
    });
    this.#shell.connect(endpointOf(connection, "shell"));
    this.#control.connect(endpointOf(connection, "control"));
    this.#iopub.connect(endpointOf(connection, "iopub"));
    this.#iopub.subscribe();
    for (const socket of [this.#shell, this.#control, this.#iopub]) void this.#listen(socket);
  }

  /** Starts a kernel; it need not be ready yet. */
  static async start(command: KernelCommand): Promise<KernelClient> {
    const ports = await freePorts();
    const fields = CHANNELS.map((channel, index) => [`${channel}_port`, ports[index]]);
    const text = JSON.stringify({
      ...Object.fromEntries(fields),
      transport: "tcp",
      ip: "127.0.0.1",
      key: randomUUID(),
      signature_scheme: "hmac-sha256",
    });
    const folder = mkdtempSync(join(tmpdir(), "gradlab-bench-"));
    writeFileSync(join(folder, "kernel.json"), text);
    return new KernelClient(command, parseConnectionFile(text), folder);
  }

  /** Runs a cell to its reply. */
  async reply(code: string): Promise<void> {
    const id = this.#execute(code);
    let reply: Message | undefined;
    await this.#next((message) => {
      if (!isAbout(message, id, "execute_reply")) return false;
      reply = message;
      return true;
    }, "the reply");
    if (reply?.content["status"] === "ok") return;
    throw new KernelSilence(`a cell failed: ${JSON.stringify(reply?.content).slice(0, 300)}`);
  }

  /** Runs a cell to its reply and its idle. @returns the bytes of text that had arrived by then */
  async run(code: string): Promise<number> {
    const id = this.#execute(code);
    let bytes = 0;
    let missing = 2;
    await this.#next((message) => {
      if (isAbout(message, id, "stream")) bytes += textOf(message.content, "text").length;
      if (isAbout(message, id, "execute_reply") || isIdle(message, id)) missing--;
      return missing === 0;
    }, "reply and idle");
    return bytes;
  }

  /** Starts an endless cell and interrupts it. @returns milliseconds from the interrupt to idle */
  async interruptEndless(code: string): Promise<number> {
    const id = this.#execute(code);
    await this.#next((message) => isBusy(message, id), "busy");
    // Not every kernel can put out text from inside the loop, so that it has begun is not seen but waited for.
    await new Promise((resolve) => setTimeout(resolve, UNTIL_LOOPING_MS));
    const started = performance.now();
    this.#interrupt();
    await this.#next((message) => isIdle(message, id), "idle after the interrupt");
    return performance.now() - started;
  }

  /** Asks for completions at the end of `code`. @returns milliseconds to the reply */
  async complete(code: string): Promise<number> {
    const started = performance.now();
    const content = { code, cursor_pos: code.length };
    const id = this.#send(this.#shell, "complete_request", content);
    await this.#next((message) => isAbout(message, id, "complete_reply"), "the completions");
    return performance.now() - started;
  }

  /** The same in the middle of a cell. */
  async completeWhileBusy(busyCell: string, code: string): Promise<number> {
    const id = this.#execute(busyCell);
    const ended = this.#next((message) => isAbout(message, id, "execute_reply"), "the reply");
    await this.#next((message) => isBusy(message, id), "busy");
    await new Promise((resolve) => setTimeout(resolve, UNTIL_LOOPING_MS));
    const milliseconds = await this.complete(code);
    await ended;
    return milliseconds;
  }

  /** Memory of the kernel's processes now; nothing where the system does not say. */
  memory(): ProcessMemory {
    return memoryOf(this.#process.pid);
  }

  /** Ends the kernel. */
  stop(): void {
    for (const socket of [this.#shell, this.#control, this.#iopub]) socket.close();
    this.#process.kill("SIGKILL");
    rmSync(this.#folder, { recursive: true, force: true });
  }

  #execute(code: string): string {
    const content = {
      code,
      silent: false,
      store_history: true,
      user_expressions: {},
      allow_stdin: false,
      stop_on_error: false,
    };
    return this.#send(this.#shell, "execute_request", content);
  }

  #interrupt(): void {
    if (this.#command.interruptMode === "signal") this.#process.kill("SIGINT");
    else this.#send(this.#control, "interrupt_request", {});
  }

  #send(socket: Dealer, type: string, content: object): string {
    const message = createMessage({ type, session: this.#session, content, username: "bench" });
    void socket.send(encodeMessage(message, this.#signer));
    return message.header.msg_id;
  }

  async #listen(socket: Dealer | Subscriber): Promise<void> {
    for await (const frames of socket) {
      const message = decodeFrames(frames, this.#signer);
      for (const listener of this.#listeners) listener(message);
    }
  }

  async #next(isLast: (message: Message) => boolean, what: string): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    let listener: ((message: Message) => void) | undefined;
    try {
      await new Promise<void>((resolve, reject) => {
        listener = (message) => isLast(message) && resolve();
        this.#listeners.add(listener);
        timer = setTimeout(
          () => reject(new KernelSilence(`${what} did not come within ${LIMIT_MS / 1000} s`)),
          LIMIT_MS,
        );
      });
    } finally {
      clearTimeout(timer);
      if (listener) this.#listeners.delete(listener);
    }
  }
}

function isAbout(message: Message, id: string, type: string): boolean {
  const parent = message.parentHeader as { msg_id?: string };
  return parent.msg_id === id && message.header.msg_type === type;
}

function isBusy(message: Message, id: string): boolean {
  return isAbout(message, id, "status") && message.content["execution_state"] === "busy";
}

function isIdle(message: Message, id: string): boolean {
  return isAbout(message, id, "status") && message.content["execution_state"] === "idle";
}

async function freePorts(): Promise<number[]> {
  const servers = CHANNELS.map(() => createServer().listen(0, "127.0.0.1"));
  await Promise.all(servers.map((server) => new Promise((done) => server.once("listening", done))));
  const ports = servers.map((server) => (server.address() as AddressInfo).port);
  await Promise.all(servers.map((server) => new Promise((done) => server.close(done))));
  return ports;
}
