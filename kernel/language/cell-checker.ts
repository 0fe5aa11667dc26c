// Checks cells before they run, never longer than a moment, and remembers what it found.
import {
  cellDiagnostic,
  relevantDiagnostics,
  type CellDiagnostic,
  type LspDiagnostic,
} from "./cell-diagnostics.ts";
import { LanguageServerError } from "./errors.ts";
import type { LanguageServer } from "./language-server.ts";
import type { LspClient } from "./lsp-client.ts";
import type { CellFile } from "./cell-file.ts";
import type { NotebookModel } from "./notebook-model.ts";
import { quickFix } from "./quick-fixes.ts";
import type { ServerDocuments } from "./server-documents.ts";

/** How long a cell waits for its verdict before it runs without. */
const CELL_WAIT_MS = 1000;
/** How long it waits while the server is still busy with an earlier one. */
const BUSY_WAIT_MS = 50;
/** A server that needs longer for one cell hangs. */
const HANG_MS = 15_000;
/** How long what a cell did is worth a late verdict. */
const LATE_LIMIT_MS = 30_000;
const FIX_WAIT_MS = 300;
const MOST_FIXES = 5;
const MOST_VERDICTS = 200;

/** Why a cell was not checked before it ran. */
export type UncheckedReason =
  | "off"
  | "unreadable"
  | "starting"
  | "missing"
  | "slow"
  | "interrupted";

/** What is known of a cell before it runs. */
export interface CellVerdict {
  /** For `remember`. */
  readonly file: CellFile;
  readonly diagnostics: readonly CellDiagnostic[];
  /** Present when the cell was not checked. */
  readonly unchecked?: UncheckedReason;
  /** What a check finds that comes after the cell has started; undefined when none comes. */
  readonly later?: Promise<readonly CellDiagnostic[] | undefined>;
}

/** What a checker works with. */
export interface CheckerParts {
  readonly server: LanguageServer;
  readonly model: NotebookModel;
  /** The documents of the server that runs now. */
  readonly documents: () => ServerDocuments | undefined;
  /** What packages export that a cell may import. */
  readonly exports: () => Promise<ReadonlyMap<string, ReadonlySet<string>>>;
  /** Tells the server of changed modules. @returns text that changes when anything outside of cells does */
  readonly refresh: (client: LspClient, code: string) => string;
}

/** The answer to a wait that was interrupted. */
const INTERRUPTED = Symbol("interrupted");

/** TypeScript's own comment stands at the top of a file, where the cell's first line is not. */
const NO_CHECK = /^(?:\s*\/\/.*\n)*\s*\/\/\s*@ts-nocheck\b/;

/** Numbers and signs alone make no mistakes of type. */
const LITERALS_ONLY = /^[\d\s.+*/%()-]*;?\s*$/;

/** Checks cells of one notebook. */
export class CellChecker {
  readonly #parts: CheckerParts;
  readonly #verdicts = new Map<string, CellVerdict>();
  readonly #waits = new Set<() => void>();
  #lateVerdicts = 0;

  constructor(parts: CheckerParts) {
    this.#parts = parts;
  }

  /**
   * Checks a cell; after a moment without a verdict the cell may run.
   *
   * @param startWaitMs - how long to wait for a server that does not run yet
   */
  async check(code: string, startWaitMs: number): Promise<CellVerdict> {
    const { server, model } = this.#parts;
    const file = model.draft(code);
    if (!file.syntax.isReadable) return { file, diagnostics: [], unchecked: "unreadable" };
    if (NO_CHECK.test(code)) return { file, diagnostics: [], unchecked: "off" };
    if (LITERALS_ONLY.test(code)) return { file, diagnostics: [] };
    // The second server is for a cell that finds the first one dead.
    for (let attempt = 0; attempt < 2; attempt++) {
      const ready = this.#inTime(server.whenReady(startWaitMs), startWaitMs);
      const client = server.use() ?? (await ready);
      if (client === INTERRUPTED) return { file, diagnostics: [], unchecked: "interrupted" };
      const verdict = client && (await this.#checkWith(client, file));
      if (verdict) return verdict;
      if (startWaitMs === 0) break;
    }
    if (server.state === "missing") return { file, diagnostics: [], unchecked: "missing" };
    return { file, diagnostics: [], unchecked: "starting", later: this.#checkLater(file) };
  }

  /** Ends the waiting for verdicts: these cells are not to run. */
  interrupt(): void {
    for (const end of this.#waits) end();
  }

  /** What was found is out of date. */
  forget(): void {
    this.#verdicts.clear();
  }

  /** Checks with one server; undefined when it ends over it. */
  async #checkWith(client: LspClient, file: CellFile): Promise<CellVerdict | undefined> {
    const key = `${this.#parts.refresh(client, file.code)}\n${file.name.split(".").at(-1)}\n${file.text}`;
    const known = this.#verdicts.get(key);
    if (known) return known;
    const pulling = this.#pull(client, file).then((diagnostics) => {
      if (diagnostics) this.#keep(key, { file, diagnostics });
      return diagnostics;
    });
    const limitMs = this.#lateVerdicts > 0 ? BUSY_WAIT_MS : CELL_WAIT_MS;
    const diagnostics = await this.#inTime(pulling, limitMs);
    if (diagnostics === INTERRUPTED) return { file, diagnostics: [], unchecked: "interrupted" };
    if (diagnostics) return { file, diagnostics };
    if (client.isGone) return undefined;
    this.#lateVerdicts++;
    const later = pulling.finally(() => this.#lateVerdicts--);
    return { file, diagnostics: [], unchecked: "slow", later };
  }

  async #checkLater(file: CellFile): Promise<readonly CellDiagnostic[] | undefined> {
    const client = await this.#parts.server.whenReady(LATE_LIMIT_MS);
    return client && this.#pull(client, file);
  }

  /** Asks the server; undefined when it ends before it has answered. */
  async #pull(client: LspClient, file: CellFile): Promise<readonly CellDiagnostic[] | undefined> {
    const documents = this.#parts.documents();
    if (!documents) return undefined;
    try {
      documents.putCell(file);
      const uri = documents.uriOf(file.name);
      const params = { textDocument: { uri } };
      const answer = await client.request("textDocument/diagnostic", params, HANG_MS);
      const { items = [] } = (answer ?? {}) as { items?: LspDiagnostic[] };
      return await this.#explain(client, { file, uri, items });
    } catch (error) {
      if (!(error instanceof LanguageServerError)) throw error;
      if (error.code === "LANGUAGE_SERVER_TIMEOUT") this.#parts.server.restart();
      return undefined;
    }
  }

  async #explain(
    client: LspClient,
    { file, uri, items }: { file: CellFile; uri: string; items: readonly LspDiagnostic[] },
  ): Promise<CellDiagnostic[]> {
    const { model, exports } = this.#parts;
    const context = {
      file,
      isGlobal: (name: string) => model.isGlobal(name) || file.syntax.globals.includes(name),
      cellOf: (address: string) => model.cellOf(address.split("/").at(-1)!),
    };
    const relevant = relevantDiagnostics(items, context);
    const ask = (method: string, params: object): Promise<unknown> =>
      client.request(method, params, FIX_WAIT_MS).catch(() => undefined);
    const fixes = relevant
      .slice(0, MOST_FIXES)
      .map((item) => quickFix(item, { uri, lineShift: file.lineShift, ask, exports }));
    const found = await Promise.all(fixes);
    return relevant.map((item, index) => cellDiagnostic(item, context, found[index]));
  }

  #keep(key: string, verdict: CellVerdict): void {
    this.#verdicts.set(key, verdict);
    const [oldest] = this.#verdicts.keys();
    if (this.#verdicts.size > MOST_VERDICTS && oldest !== undefined) this.#verdicts.delete(oldest);
  }

  /** The value of a promise; undefined when it does not come in time. */
  async #inTime<Value>(
    value: Promise<Value>,
    limitMs: number,
  ): Promise<Value | undefined | typeof INTERRUPTED> {
    let timer: NodeJS.Timeout | undefined;
    let end = (): void => undefined;
    const limit = new Promise<undefined | typeof INTERRUPTED>((resolve) => {
      timer = setTimeout(() => resolve(undefined), limitMs);
      end = () => resolve(INTERRUPTED);
    });
    this.#waits.add(end);
    try {
      return await Promise.race([value, limit]);
    } finally {
      clearTimeout(timer);
      this.#waits.delete(end);
    }
  }
}
