// One run of a kernel: a process, its ports, and the server's own line to it, from launch to exit.
import { randomUUID } from "node:crypto";
import type { ConnectionInfo } from "../../../kernel/protocol/connection-file.ts";
import { createMessage } from "../../../kernel/protocol/message.ts";
import { createConnection, writeConnectionFile } from "./connection.ts";
import { KernelProcess } from "./kernel-process.ts";
import type { LaunchOptions } from "./kernel-process.ts";
import { PublicationSocket, RequestSocket } from "./kernel-socket.ts";
import { peek } from "./relay-frames.ts";
import type { MessageFrames } from "./relay-frames.ts";

const READY_MS = 60_000;
const ASK_AGAIN_MS = 500;
const PUBLICATION_MS = 50;
const POLITE_MS = 2_500;
const FIRM_MS = 1_000;

/** A kernel that was launched once. */
export class KernelRun {
  readonly connection: ConnectionInfo;
  readonly process: KernelProcess;
  readonly #session: string = randomUUID();
  readonly #publications: PublicationSocket;
  readonly #shell: RequestSocket;
  readonly #control: RequestSocket;
  readonly #waiting = new Map<unknown, () => void>();
  #hasPublished = false;

  private constructor(
    connection: ConnectionInfo,
    process: KernelProcess,
    onPublication: (parts: MessageFrames) => void,
  ) {
    this.connection = connection;
    this.process = process;
    this.#publications = new PublicationSocket(connection, (parts) => {
      this.#hasPublished = true;
      onPublication(parts);
    });
    const common = {
      connection,
      routingId: this.#session,
      onMessage: (parts: MessageFrames): void => this.#settle(parts),
    };
    this.#shell = new RequestSocket({ ...common, channel: "shell" });
    this.#control = new RequestSocket({ ...common, channel: "control" });
    void process.exited.then(() => this.#close());
  }

  /**
   * Launches the process on ports of its own.
   *
   * @param onPublication - told about every message on iopub
   * @throws {HttpError} 500 when the program cannot be started
   */
  static async launch(
    options: LaunchOptions,
    onPublication: (parts: MessageFrames) => void,
  ): Promise<KernelRun> {
    const connection = await createConnection();
    await writeConnectionFile(options.connectionFile, connection, options.kernel.name);
    return new KernelRun(connection, await KernelProcess.launch(options), onPublication);
  }

  /**
   * Waits until the kernel answers and is heard on iopub, so that no output of the first request is missed.
   *
   * @returns false when it ended first, or did not answer within a minute
   */
  async untilReady(): Promise<boolean> {
    const exit = this.process.exited.then(() => "exited" as const);
    const deadline = Date.now() + READY_MS;
    while (Date.now() < deadline) {
      const reply = this.#request(this.#shell, "kernel_info_request", {});
      const answer = await Promise.race([reply, exit, pause(ASK_AGAIN_MS, false)]);
      if (answer === "exited") return false;
      if (!answer) continue;
      if (!this.#hasPublished) await pause(PUBLICATION_MS, undefined);
      if (this.#hasPublished) return true;
    }
    return false;
  }

  /** Asks the kernel, by message, to stop what it is doing. */
  requestInterrupt(): void {
    void this.#request(this.#control, "interrupt_request", {});
  }

  /** Ends the run: asks first, then insists, and leaves no process of its group behind. */
  async stop(isRestart: boolean): Promise<void> {
    void this.#request(this.#control, "shutdown_request", { restart: isRestart });
    const { exited } = this.process;
    const hasExited = exited.then(() => true);
    if (!(await Promise.race([hasExited, pause(POLITE_MS, false)]))) {
      this.process.signal("SIGTERM");
      if (!(await Promise.race([hasExited, pause(FIRM_MS, false)]))) this.process.signal("SIGKILL");
    }
    await exited;
    this.#close();
  }

  #request(socket: RequestSocket, type: string, content: object): Promise<boolean> {
    const message = createMessage({ type, session: this.#session, content, username: "server" });
    const parts = [message.header, message.parentHeader, message.metadata, message.content];
    return new Promise((resolve) => {
      this.#waiting.set(message.header.msg_id, () => resolve(true));
      socket.send(parts.map((part) => Buffer.from(JSON.stringify(part))));
    });
  }

  #settle(parts: MessageFrames): void {
    const { msg_id: id } = peek(parts[1]);
    this.#waiting.get(id)?.();
    this.#waiting.delete(id);
  }

  #close(): void {
    this.#publications.close();
    this.#shell.close();
    this.#control.close();
  }
}

/** Resolves with a value after some time, without keeping the process alive. */
function pause<Value>(milliseconds: number, value: Value): Promise<Value> {
  return new Promise((resolve) => {
    setTimeout(resolve, milliseconds, value).unref();
  });
}
