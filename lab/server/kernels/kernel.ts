// A kernel as its users know it: one id through all restarts, with a line for each session.
import { randomUUID } from "node:crypto";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import type { ConnectionInfo } from "../../../kernel/protocol/connection-file.ts";
import { createMessage } from "../../../kernel/protocol/message.ts";
import { HttpError } from "../errors.ts";
import { KernelLine } from "./kernel-line.ts";
import type { LineClient } from "./kernel-line.ts";
import type { LaunchOptions } from "./kernel-process.ts";
import { KernelRun } from "./kernel-run.ts";
import { peek } from "./relay-frames.ts";
import type { MessageFrames } from "./relay-frames.ts";

const MOST_RESTARTS = 5;
const RESTART_WINDOW_MS = 30_000;
/** A kernel that never answered gets two more attempts only: another program may have taken its ports. */
const MOST_FIRST_RESTARTS = 2;
/** Lines kept for sessions whose websocket is gone; of more than these the oldest is given up. */
const MOST_ABSENT_LINES = 2;

/** A kernel as clients of the REST API see it. */
export interface KernelModel {
  readonly id: string;
  readonly name: string;
  readonly last_activity: string;
  readonly execution_state: string;
  readonly connections: number;
  /** Why the kernel is dead. */
  readonly reason?: string;
}

/** What a kernel is made with. */
export interface KernelOptions extends Omit<LaunchOptions, "connectionFile"> {
  /** Private folder for the connection file. */
  readonly connectionFolder: string;
  /** Told in one line about deaths and restarts. */
  readonly log: (line: string) => void;
}

/** One kernel. */
export class Kernel {
  readonly id: string = randomUUID();
  readonly name: string;
  readonly #options: KernelOptions;
  readonly #connectionFile: string;
  readonly #lines = new Map<string, KernelLine>();
  #run: KernelRun | undefined;
  /** Where the present run listens, once it is ready. */
  #connection: ConnectionInfo | undefined;
  #ready: Promise<void> = Promise.resolve();
  #state = "starting";
  #reason: string | undefined;
  #lastActivity = new Date();
  #deaths: number[] = [];
  #hasEverBeenReady = false;
  /** True while the server itself ends the process, whose exit is then no accident. */
  #isStopping = false;
  #turn: Promise<void> = Promise.resolve();

  private constructor(options: KernelOptions) {
    this.name = options.kernel.name;
    this.#options = options;
    this.#connectionFile = join(options.connectionFolder, `kernel-${this.id}.json`);
  }

  /**
   * Launches a kernel; it need not be ready when this returns.
   *
   * @throws {HttpError} 500 when its program cannot be started
   */
  static async start(options: KernelOptions): Promise<Kernel> {
    const kernel = new Kernel(options);
    await kernel.#launch();
    return kernel;
  }

  /** What the REST API says about this kernel. */
  describe(): KernelModel {
    return {
      id: this.id,
      name: this.name,
      last_activity: this.#lastActivity.toISOString(),
      execution_state: this.#state,
      connections: [...this.#lines.values()].filter((line) => line.hasClient).length,
      ...(this.#reason === undefined ? {} : { reason: this.#reason }),
    };
  }

  /** Puts a client on the line of its session, and on a new line when it has none. */
  attach(sessionId: string, client: LineClient): KernelLine {
    let line = this.#lines.get(sessionId);
    if (line === undefined) {
      line = new KernelLine(() => {
        this.#lastActivity = new Date();
      });
      if (this.#connection !== undefined) line.connect(this.#connection);
      this.#lines.set(sessionId, line);
    }
    line.attach(client);
    if (this.#state === "dead") client.send("iopub", statusMessage("dead"));
    return line;
  }

  /** Takes a client off its line; the line stays a while for its return. */
  detach(sessionId: string, client: LineClient): void {
    const line = this.#lines.get(sessionId);
    if (line === undefined) return;
    line.detach(client);
    // Put it at the end: the map then lists absent lines by how long they are gone.
    this.#lines.delete(sessionId);
    this.#lines.set(sessionId, line);
    const absent = [...this.#lines].filter(([, each]) => !each.hasClient);
    for (const [id, each] of absent.slice(0, -MOST_ABSENT_LINES)) {
      each.close("gone too long");
      this.#lines.delete(id);
    }
  }

  /** Asks the kernel to stop what it is doing; it goes on living. */
  interrupt(): void {
    if (this.#options.kernel.spec.interrupt_mode === "message") this.#run?.requestInterrupt();
    else this.#run?.process.signal("SIGINT");
  }

  /**
   * Ends the process and starts a new one; sessions and their lines stay.
   *
   * @throws {HttpError} 500 when the new process does not become ready
   */
  async restart(): Promise<void> {
    await this.#inTurn(async () => {
      await this.#stop(true);
      this.#deaths = [];
      this.#reason = undefined;
      await this.#launch();
    });
    await this.#ready;
    if (this.#connection !== undefined) return;
    throw new HttpError(
      500,
      `The kernel did not come back after its restart: ${this.#reason ?? "it was ended"}. Start a new kernel.`,
    );
  }

  /** Ends the process and all lines for good. */
  async shutdown(): Promise<void> {
    this.#isStopping = true;
    await this.#inTurn(async () => {
      await this.#stop(false);
      this.#isStopping = true;
      this.#state = "dead";
      for (const line of this.#lines.values()) line.close("the kernel was shut down");
      this.#lines.clear();
      await rm(this.#connectionFile, { force: true });
    });
  }

  /** Ends the process group at once, for when the server itself has no time left. */
  kill(): void {
    this.#isStopping = true;
    this.#run?.process.signal("SIGKILL");
  }

  async #launch(): Promise<void> {
    this.#state = "starting";
    const options = { ...this.#options, connectionFile: this.#connectionFile };
    const run = await KernelRun.launch(options, (parts) => this.#publish(parts));
    this.#run = run;
    void run.process.exited.then((how) => this.#afterExit(run, how));
    this.#ready = run.untilReady().then((isReady) => this.#afterStart(run, isReady));
  }

  async #afterStart(run: KernelRun, isReady: boolean): Promise<void> {
    if (this.#run !== run || this.#isStopping) return;
    if (!isReady) {
      await this.#inTurn(() => this.#stop(false));
      this.#die("it did not answer within a minute");
      return;
    }
    this.#hasEverBeenReady = true;
    this.#connection = run.connection;
    for (const line of this.#lines.values()) line.connect(run.connection);
  }

  #afterExit(run: KernelRun, how: string): void {
    if (this.#run !== run || this.#isStopping) return;
    this.#leave();
    const now = Date.now();
    this.#deaths = [...this.#deaths.filter((time) => now - time < RESTART_WINDOW_MS), now];
    const { lastWords } = run.process;
    const reason = `its process ended with ${how}${lastWords === "" ? "" : `: ${lastWords}`}`;
    const most = this.#hasEverBeenReady ? MOST_RESTARTS : MOST_FIRST_RESTARTS;
    if (this.#deaths.length > most) {
      this.#die(reason);
      return;
    }
    this.#say(`${reason}; restarting it`);
    // Clients that still wait for the first answer need not hear of the attempts.
    if (this.#hasEverBeenReady) this.#publish(statusMessage("restarting"));
    this.#ready = this.#inTurn(() => this.#launch())
      .then(() => this.#ready)
      .catch((error: Error) => this.#die(error.message));
  }

  async #stop(isRestart: boolean): Promise<void> {
    this.#isStopping = true;
    const run = this.#run;
    this.#connection = undefined;
    for (const line of this.#lines.values()) line.disconnect();
    await run?.stop(isRestart);
    this.#leave();
    this.#isStopping = false;
  }

  #leave(): void {
    this.#run = undefined;
    this.#connection = undefined;
    for (const line of this.#lines.values()) line.disconnect();
  }

  #die(reason: string): void {
    this.#reason = reason;
    this.#say(`${reason}; it stays dead`);
    this.#publish(statusMessage("dead"));
  }

  #publish(parts: MessageFrames): void {
    if (peek(parts[0])["msg_type"] === "status") {
      const state = peek(parts[3])["execution_state"];
      if (typeof state === "string") this.#state = state;
    }
    for (const line of this.#lines.values()) line.deliver("iopub", parts);
  }

  #say(text: string): void {
    this.#options.log(`kernel ${this.name} ${this.id}: ${text}`);
  }

  /** Starts and stops follow one another, never at the same time. */
  #inTurn(action: () => Promise<void>): Promise<void> {
    const result = this.#turn.then(action);
    this.#turn = result.catch(() => undefined);
    return result;
  }
}

/** A status that the server itself tells the clients of a kernel. */
function statusMessage(state: "restarting" | "dead"): MessageFrames {
  const content = { execution_state: state };
  const message = createMessage({ type: "status", session: randomUUID(), content });
  const { header, parentHeader, metadata } = message;
  return [header, parentHeader, metadata, content].map((part) => Buffer.from(JSON.stringify(part)));
}
