// The process that runs user code, seen from the host: started, spoken to, listened to, ended.
import type { ChildProcess } from "node:child_process";
import type { Duplex, Readable } from "node:stream";
import { StringDecoder } from "node:string_decoder";
import { farewellStart, type ProcessEnd } from "./crash-report.ts";
import { FrameDecoder, writeFrame } from "./frame-codec.ts";
import { countMemoryKills } from "./memory-kills.ts";
import { groupBelow, signalAll } from "./runtime/process-tree.ts";
import type { HostMessage, RuntimeMessage, StreamName } from "./runtime-messages.ts";

const HOST_PIPE = 3;
const LONGEST_LAST_WORDS = 16_384;

/** What the host is told by a runtime process. */
export interface RuntimeEvents {
  readonly onMessage: (message: RuntimeMessage) => void;
  /** Text that came around `console`: from native code or a child process. */
  readonly onRawText: (name: StreamName, text: string) => void;
  readonly onExit: (end: ProcessEnd) => void;
}

/** One runtime process. */
export class RuntimeProcess {
  readonly #child: ChildProcess;
  readonly #pipe: Duplex;
  readonly #killsBefore = countMemoryKills();
  #lastWords = "";

  /** @param child - as `spawnRuntime` has made it */
  constructor(child: ChildProcess, events: RuntimeEvents) {
    this.#child = child;
    this.#pipe = child.stdio[HOST_PIPE] as Duplex;
    this.#listen(events);
  }

  /** Process id, for reports. */
  get processId(): number | undefined {
    return this.#child.pid;
  }

  /** Sends one message; lost when the process is gone. */
  send(message: HostMessage): void {
    writeFrame(this.#pipe, message);
  }

  /** Stops or goes on with reading: a runtime that nobody reads from comes to wait. */
  setPaused(isPaused: boolean): void {
    const streams = [this.#pipe, this.#child.stdout, this.#child.stderr];
    for (const stream of streams) {
      if (isPaused) stream?.pause();
      else stream?.resume();
    }
  }

  /** Ends the process now, whatever it does, and asks the programs that it has started to end. */
  kill(): void {
    const programs = this.#child.pid === undefined ? [] : groupBelow(this.#child.pid);
    signalAll(programs, "SIGTERM");
    this.#child.kill("SIGKILL");
    // Those that do not care have had the time that the kernel itself took to end.
    if (programs.length > 0) process.once("exit", () => signalAll(programs, "SIGKILL"));
  }

  #listen(events: RuntimeEvents): void {
    const decoder = new FrameDecoder();
    this.#pipe.on("data", (chunk: Buffer) => {
      for (const message of decoder.push(chunk)) events.onMessage(message as RuntimeMessage);
    });
    this.#pipe.on("error", () => undefined);
    this.#listenToText(this.#child.stdout, (text) => events.onRawText("stdout", text));
    this.#listenToText(this.#child.stderr, (text) => {
      const spoken = this.#keepFarewell(text);
      if (spoken !== "") events.onRawText("stderr", spoken);
    });
    let hasEnded = false;
    const end = (exitCode: number | null, signal: NodeJS.Signals | null): void => {
      if (hasEnded) return;
      hasEnded = true;
      const wasMemoryShort = signal === "SIGKILL" && countMemoryKills() > this.#killsBefore;
      events.onExit({ exitCode, signal, lastWords: this.#lastWords, wasMemoryShort });
    };
    this.#child.on("close", end);
    // A grandchild may hold the pipes open for as long as it likes.
    this.#child.on("exit", (code, signal) => setTimeout(() => end(code, signal), 200));
    this.#child.on("error", (error) => {
      this.#lastWords = error.message;
      end(null, null);
    });
    // It may have ended before anybody listened.
    const { exitCode, signalCode } = this.#child;
    if (exitCode !== null || signalCode !== null) setImmediate(end, exitCode, signalCode);
  }

  #listenToText(stream: Readable | null, onText: (text: string) => void): void {
    const decoder = new StringDecoder("utf8");
    stream?.on("data", (chunk: Buffer) => {
      const text = decoder.write(chunk);
      if (text !== "") onText(text);
    });
    stream?.on("error", () => undefined);
  }

  /** Cuts V8's farewell out of the error output: it belongs into the crash report. */
  #keepFarewell(text: string): string {
    if (this.#lastWords === "") {
      const start = farewellStart(text);
      if (start < 0) return text;
      this.#lastWords = text.slice(start);
      return text.slice(0, start);
    }
    this.#lastWords = (this.#lastWords + text).slice(0, LONGEST_LAST_WORDS);
    return "";
  }
}
