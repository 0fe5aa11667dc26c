// A language server as a child process: requests with a time limit, notifications, and a death that rejects all.
import { spawn, type ChildProcess } from "node:child_process";
import { LanguageServerError } from "./errors.ts";
import { encodeRpc, RpcDecoder, type RpcMessage } from "./rpc-frames.ts";

const METHOD_NOT_FOUND = -32601;
const LONGEST_LAST_WORDS = 2000;

/** How the server is started. */
export interface LspCommand {
  /** The program, then its arguments. */
  readonly command: readonly [string, ...string[]];
  readonly folder: string;
}

interface WaitingRequest {
  readonly method: string;
  readonly resolve: (result: unknown) => void;
  readonly reject: (error: Error) => void;
  readonly timer: NodeJS.Timeout;
}

/** Speaks to one language server. */
export class LspClient {
  readonly #child: ChildProcess;
  readonly #waiting = new Map<number, WaitingRequest>();
  readonly #ended: Promise<void>;
  #lastId = 0;
  #lastWords = "";
  #isGone = false;
  #finish = (): void => undefined;

  constructor({ command: [program, ...args], folder }: LspCommand) {
    this.#ended = new Promise((resolve) => {
      this.#finish = resolve;
    });
    this.#child = spawn(program, args, { cwd: folder, stdio: ["pipe", "pipe", "pipe"] });
    this.#listen();
  }

  /** Process id; undefined when the program could not be started. */
  get processId(): number | undefined {
    return this.#child.pid;
  }

  /** Whether the process has ended. */
  get isGone(): boolean {
    return this.#isGone;
  }

  /** Resolves when the process has ended, for whatever reason. */
  get ended(): Promise<void> {
    return this.#ended;
  }

  /**
   * Asks and waits for the answer.
   *
   * @param timeoutMs - after this many milliseconds the request is cancelled
   * @throws {LanguageServerError} when the server refuses, is too slow or ends
   */
  request(method: string, params: unknown, timeoutMs: number): Promise<unknown> {
    if (this.#isGone) return Promise.reject(this.#gone());
    const id = ++this.#lastId;
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => this.#giveUp(id, timeoutMs), timeoutMs);
      this.#waiting.set(id, { method, resolve, reject, timer });
      this.#send({ id, method, params });
    });
  }

  /** Tells the server something. */
  notify(method: string, params: unknown): void {
    if (!this.#isGone) this.#send({ method, params });
  }

  /** Ends the process now. */
  kill(): void {
    this.#child.kill("SIGKILL");
    this.#bury();
  }

  #send(message: object): void {
    this.#child.stdin?.write(encodeRpc({ jsonrpc: "2.0", ...message }));
  }

  #listen(): void {
    const decoder = new RpcDecoder();
    this.#child.stdout?.on("data", (chunk: Buffer) => {
      if (this.#isGone) return;
      try {
        for (const message of decoder.push(chunk)) this.#receive(message);
      } catch (error) {
        this.#lastWords = (error as Error).message;
        this.kill();
      }
    });
    this.#child.stderr?.on("data", (chunk: Buffer) => {
      this.#lastWords = (this.#lastWords + chunk.toString()).slice(-LONGEST_LAST_WORDS);
    });
    for (const stream of [this.#child.stdin, this.#child.stdout, this.#child.stderr]) {
      stream?.on("error", () => undefined);
    }
    this.#child.on("error", (error) => {
      this.#lastWords = error.message;
      this.#bury();
    });
    this.#child.on("exit", () => this.#bury());
  }

  #receive(message: RpcMessage): void {
    const { id, method, result, error } = message;
    if (typeof method === "string") {
      if (id !== undefined) this.#answer(id, method);
      return;
    }
    const request = this.#waiting.get(id as number);
    if (!request) return;
    this.#forget(id as number, request);
    if (error === undefined) request.resolve(result);
    else request.reject(refused(request.method, error));
  }

  /** Requests of the server: it may register what it likes, it asks for nothing that we have. */
  #answer(id: unknown, method: string): void {
    const isKnown = /^(client\/|window\/workDoneProgress\/|workspace\/.*refresh$)/i.test(method);
    const error = { code: METHOD_NOT_FOUND, message: `${method} is not available` };
    this.#send(isKnown ? { id, result: null } : { id, error });
  }

  #giveUp(id: number, timeoutMs: number): void {
    const request = this.#waiting.get(id);
    if (!request) return;
    this.#forget(id, request);
    this.notify("$/cancelRequest", { id });
    request.reject(
      new LanguageServerError(
        "LANGUAGE_SERVER_TIMEOUT",
        `the language server must answer ${request.method} within ${timeoutMs} ms, but did not. ` +
          "The machine may be busy; the kernel goes on without this answer.",
      ),
    );
  }

  #forget(id: number, request: WaitingRequest): void {
    clearTimeout(request.timer);
    this.#waiting.delete(id);
  }

  #bury(): void {
    if (this.#isGone) return;
    this.#isGone = true;
    for (const [id, request] of this.#waiting) {
      this.#forget(id, request);
      request.reject(this.#gone());
    }
    this.#finish();
  }

  #gone(): LanguageServerError {
    const words = this.#lastWords.trim();
    return new LanguageServerError(
      "LANGUAGE_SERVER_GONE",
      `the language server must be running, but its process has ended${words && `: ${words}`}. ` +
        "The kernel starts another; types are back in a moment.",
    );
  }
}

function refused(method: string, error: unknown): LanguageServerError {
  const { message } = error as { message?: unknown };
  return new LanguageServerError(
    "LANGUAGE_SERVER_REFUSED",
    `the language server must answer ${method}, but refused: ${String(message)}. Change the code and try again.`,
  );
}
