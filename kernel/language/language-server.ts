// The life of the language server: started on first need, started again when it dies, ended when nobody needs it.
import { pathToFileURL } from "node:url";
import { LspClient } from "./lsp-client.ts";
import type { ServerCommand } from "./server-program.ts";

const START_LIMIT_MS = 30_000;
/** How long to wait before a start, after so many failures in a row. */
const RESTART_DELAYS_MS: readonly number[] = [0, 1000, 5000, 30_000];
/** A server that never became ready is given up after so many starts. */
const MOST_FAILED_STARTS = 3;
/** A server that has lived so long has not failed to start. */
const HEALTHY_AFTER_MS = 60_000;

/** What a language server is started with. */
export interface LanguageServerParts {
  /** Finds the program. @throws {LanguageServerError} when it is not installed */
  readonly find: () => ServerCommand;
  /** The notebook's folder. */
  readonly folder: string;
  /** After so many milliseconds without a request the process is ended. */
  readonly idleMs: number;
  /** Tells a new server what it must know, and waits until it has understood. */
  readonly teach: (client: LspClient) => Promise<void>;
}

/** Where the server is in its life. */
export type ServerState = "stopped" | "starting" | "ready" | "missing";

/** Keeps one language server at hand. */
export class LanguageServer {
  readonly #parts: LanguageServerParts;
  #state: ServerState = "stopped";
  #client: LspClient | undefined;
  #problem: Error | undefined;
  #failures = 0;
  #readySince = 0;
  #wasEverReady = false;
  #isClosed = false;
  #idleTimer: NodeJS.Timeout | undefined;
  #restartTimer: NodeJS.Timeout | undefined;
  #waiters: (() => void)[] = [];

  constructor(parts: LanguageServerParts) {
    this.#parts = parts;
  }

  /** Where it is in its life. */
  get state(): ServerState {
    return this.#state;
  }

  /** Why it last failed. */
  get problem(): Error | undefined {
    return this.#problem;
  }

  /** Process id of the running server. */
  get processId(): number | undefined {
    return this.#client?.processId;
  }

  /** The server if it is ready, for one request; it is started when it is not. */
  use(): LspClient | undefined {
    this.#startIfStopped();
    this.#stayAwake();
    return this.#state === "ready" ? this.#client : undefined;
  }

  /** The server, for which is waited. @returns undefined when it is not ready in time */
  async whenReady(timeoutMs: number): Promise<LspClient | undefined> {
    const client = this.use();
    if (client || timeoutMs <= 0 || this.#state === "missing" || this.#isClosed) return client;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, timeoutMs);
      this.#waiters.push(() => {
        clearTimeout(timer);
        resolve();
      });
    });
    return this.#state === "ready" ? this.#client : undefined;
  }

  /** Ends a server that does not answer any more; another one is started. */
  restart(): void {
    this.#client?.kill();
  }

  /** Has another server started, which knows nothing of what was. */
  renew(): void {
    this.#failures = 0;
    this.restart();
  }

  /** Ends the server for good. */
  close(): void {
    this.#isClosed = true;
    this.#stop();
    this.#wakeWaiters();
  }

  #startIfStopped(): void {
    if (this.#state !== "stopped" || this.#isClosed) return;
    this.#state = "starting";
    void this.#start();
  }

  async #start(): Promise<void> {
    let client: LspClient | undefined;
    try {
      client = new LspClient({ command: this.#parts.find(), folder: this.#parts.folder });
      this.#client = client;
      void client.ended.then(() => this.#bury(client));
      await client.request("initialize", initialization(this.#parts.folder), START_LIMIT_MS);
      client.notify("initialized", {});
      await this.#parts.teach(client);
      if (client !== this.#client) return;
      this.#state = "ready";
      this.#wasEverReady = true;
      this.#readySince = performance.now();
      this.#wakeWaiters();
    } catch (error) {
      this.#problem = error as Error;
      if (client) client.kill();
      else this.#giveUp();
    }
  }

  #giveUp(): void {
    this.#state = "missing";
    this.#wakeWaiters();
  }

  #bury(client: LspClient | undefined): void {
    if (client !== this.#client || this.#isClosed) return;
    this.#client = undefined;
    const wasHealthy =
      this.#state === "ready" && performance.now() - this.#readySince > HEALTHY_AFTER_MS;
    this.#failures = wasHealthy ? 1 : this.#failures + 1;
    if (!this.#wasEverReady && this.#failures >= MOST_FAILED_STARTS) {
      this.#giveUp();
      return;
    }
    this.#state = "starting";
    const delay = RESTART_DELAYS_MS[Math.min(this.#failures, RESTART_DELAYS_MS.length) - 1];
    this.#restartTimer = setTimeout(() => void this.#start(), delay).unref();
  }

  #stayAwake(): void {
    clearTimeout(this.#idleTimer);
    const rest = (): void => (this.#state === "starting" ? this.#stayAwake() : this.#stop());
    this.#idleTimer = setTimeout(rest, this.#parts.idleMs).unref();
  }

  #stop(): void {
    clearTimeout(this.#idleTimer);
    clearTimeout(this.#restartTimer);
    const client = this.#client;
    this.#client = undefined;
    if (this.#state !== "missing") this.#state = "stopped";
    client?.kill();
  }

  #wakeWaiters(): void {
    for (const wake of this.#waiters.splice(0)) wake();
  }
}

function initialization(folder: string): object {
  const uri = pathToFileURL(folder).href;
  return {
    processId: process.pid,
    // The server would run npm by itself, to fetch types of packages that have none.
    initializationOptions: {
      userPreferences: {
        disableAutomaticTypeAcquisition: true,
        automaticTypeAcquisitionEnabled: false,
      },
    },
    rootUri: uri,
    workspaceFolders: [{ uri, name: "notebook" }],
    capabilities: {
      general: { positionEncodings: ["utf-16"] },
      textDocument: {
        diagnostic: { relatedInformation: true },
        hover: { contentFormat: ["markdown"] },
        completion: {
          contextSupport: true,
          completionItem: {
            snippetSupport: false,
            documentationFormat: ["markdown"],
            labelDetailsSupport: true,
            resolveSupport: { properties: ["documentation", "detail", "additionalTextEdits"] },
          },
          completionList: { itemDefaults: ["commitCharacters", "editRange"] },
        },
        signatureHelp: {
          signatureInformation: {
            documentationFormat: ["markdown"],
            parameterInformation: { labelOffsetSupport: true },
            activeParameterSupport: true,
          },
        },
        definition: { linkSupport: true },
        codeAction: {
          codeActionLiteralSupport: { codeActionKind: { valueSet: ["quickfix"] } },
        },
      },
    },
  };
}
