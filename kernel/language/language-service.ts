// Types for a notebook: completion, hover and the like for the next cell, and what is wrong with a cell.
//
// How the rest of the kernel uses it:
//   const language = new LanguageService({ folder, moduleFolders });
//   await language.complete(code, offset)    the LSP answer for the cell being typed, or undefined when there is no
//   await language.hover(code, offset)       server (starting, missing, busy). Offsets are UTF-16 units of `code`;
//   await language.request(method, code, offset, { params })     ranges in answers count from the cell's first line.
//   await language.resolve(item)             fills in documentation and edits of a completion item
//   const verdict = await language.check(code)       what is wrong with a cell, before it runs
//   language.remember(verdict.file, number)  it has run: later cells see what it declares
//   language.forget()                        the variables are gone
//   language.cellOf(uri)                     the cell behind an address in an answer: { number, code }
// Nothing here throws because of the server: without one, answers are undefined and cells are not checked.
import { ambientTypes, AMBIENT_FILE } from "./ambient-types.ts";
import { AnswerCache } from "./answer-cache.ts";
import { CellChecker, type CellVerdict } from "./cell-checker.ts";
import { LanguageServerError } from "./errors.ts";
import { LanguageServer, type ServerState } from "./language-server.ts";
import type { LspClient } from "./lsp-client.ts";
import { ModuleWatch } from "./module-watch.ts";
import { CELL_FILE_PREFIX, type CellFile } from "./cell-file.ts";
import { NotebookModel } from "./notebook-model.ts";
import type * as config from "./project-config.ts";
import type { TypesMode } from "./project-config.ts";
import { liftRanges, positionAt } from "./ranges.ts";
import { ServerDocuments } from "./server-documents.ts";
import { findServer, type ServerCommand } from "./server-program.ts";

const IDLE_MS = 10 * 60_000;
const REQUEST_LIMIT_MS = 3000;
const EXPORTS_LIMIT_MS = 500;
/** After so many cells, documents of no use are closed. */
const SWEEP_EVERY = 50;
const NEXT_CELL = `${CELL_FILE_PREFIX}next`;

/** What a language service is made of. */
export interface LanguageServiceOptions {
  /** The notebook's folder. */
  readonly folder: string;
  /** Folders that are searched for packages which the notebook's folder does not have. */
  readonly moduleFolders: readonly string[];
  /** How strictly cells are checked at first. */
  readonly mode?: TypesMode;
  /** Finds the server's program; the kernel's own installation when absent. */
  readonly findServer?: () => ServerCommand;
  /** After so many milliseconds without a request the server is ended. */
  readonly idleMs?: number;
}

/** More about one request. */
export interface RequestOptions {
  /** Further parameters beside the document and the position. */
  readonly params?: Readonly<Record<string, unknown>>;
  readonly timeoutMs?: number;
}

/** Types for one notebook. */
export class LanguageService {
  readonly #options: LanguageServiceOptions;
  readonly #server: LanguageServer;
  readonly #model = new NotebookModel();
  readonly #checker: CellChecker;
  readonly #modules: ModuleWatch;
  readonly #exports = new Map<string, ReadonlySet<string>>();
  #moduleVersion = 0;
  #hasGivenNotice = false;
  #documents: ServerDocuments | undefined;
  #answers = new AnswerCache();
  /** Loaded with the first server: the kernel starts sooner without. */
  #config: typeof config | undefined;
  #remembered = 0;
  #mode: TypesMode;

  constructor(options: LanguageServiceOptions) {
    this.#options = options;
    this.#mode = options.mode ?? "on";
    this.#server = new LanguageServer({
      find: options.findServer ?? findServer,
      folder: options.folder,
      idleMs: options.idleMs ?? IDLE_MS,
      teach: (client) => this.#teach(client),
    });
    this.#modules = new ModuleWatch(options.folder);
    this.#checker = new CellChecker({
      server: this.#server,
      model: this.#model,
      documents: () => this.#documents,
      refresh: (client, code) => this.#refresh(client, code),
      exports: () => this.#packageExports(),
    });
  }

  /** Whether there is a server now. */
  get state(): ServerState {
    return this.#server.state;
  }

  /** Why there is no server, when there is none. */
  get problem(): Error | undefined {
    return this.#server.problem;
  }

  /** Starts the server if it does not run, and waits for it. @returns whether it is ready */
  async whenReady(timeoutMs: number): Promise<boolean> {
    return (await this.#server.whenReady(timeoutMs)) !== undefined;
  }

  /** `textDocument/completion` at an offset of the cell being typed. */
  complete(code: string, offset: number, options?: RequestOptions): Promise<unknown> {
    return this.request("textDocument/completion", code, offset, options);
  }

  /** `textDocument/hover`. */
  hover(code: string, offset: number, options?: RequestOptions): Promise<unknown> {
    return this.request("textDocument/hover", code, offset, options);
  }

  /** `textDocument/signatureHelp`. */
  signatureHelp(code: string, offset: number, options?: RequestOptions): Promise<unknown> {
    return this.request("textDocument/signatureHelp", code, offset, options);
  }

  /** `textDocument/definition`. */
  definition(code: string, offset: number, options?: RequestOptions): Promise<unknown> {
    return this.request("textDocument/definition", code, offset, options);
  }

  /**
   * Asks about a place of the cell being typed.
   *
   * @param offset - in UTF-16 units
   * @returns the server's answer with ranges of the cell; undefined when there is none
   */
  async request(
    method: string,
    code: string,
    offset: number,
    options: RequestOptions = {},
  ): Promise<unknown> {
    const client = this.#server.use();
    const documents = this.#documents;
    if (!client || !documents) return undefined;
    const version = this.#refresh(client, code);
    const file = this.#model.draft(code, NEXT_CELL);
    const asked = [version, method, offset, JSON.stringify(options.params), file.name, file.text];
    const question = asked.join("\n");
    const known = this.#answers.find(question);
    if (known !== undefined) return known;
    documents.putCell(file);
    const { line, character } = positionAt(code, offset);
    const params = {
      textDocument: { uri: documents.uriOf(file.name) },
      position: { line: line + file.lineShift, character },
      ...options.params,
    };
    const answers = this.#answers;
    const answer = await ask(client, method, params, options.timeoutMs);
    const lifted = liftRanges(answer ?? undefined, file.lineShift, isCellUri);
    answers.keep(question, lifted, file);
    return lifted;
  }

  /** `completionItem/resolve`: documentation and further edits of an item of `complete`. */
  async resolve(item: object, timeoutMs?: number): Promise<unknown> {
    const client = this.#server.use();
    const answers = this.#answers;
    const origin = answers.originOf(item);
    if (!client || !this.#documents || !origin) return undefined;
    const known = answers.detailsOf(item);
    if (known !== undefined) return known;
    // Another question may have come in between, about another text.
    this.#documents.putCell(origin);
    const answer = await ask(client, "completionItem/resolve", item, timeoutMs);
    const details = liftRanges(answer ?? undefined, origin.lineShift);
    answers.keepDetails(item, details);
    return details;
  }

  /**
   * What is wrong with a cell, before it runs; waits no longer than a moment.
   *
   * @param startWaitMs - how long to wait for a server that does not run yet
   */
  async check(code: string, startWaitMs = 0): Promise<CellVerdict> {
    if (this.#mode === "off") {
      return { file: this.#model.draft(code), diagnostics: [], unchecked: "off" };
    }
    return this.#checker.check(code, startWaitMs);
  }

  /** Ends the waiting for verdicts: these cells are not to run. */
  interrupt(): void {
    this.#checker.interrupt();
  }

  /** The module that a cell would be now; `remember` takes it. */
  draft(code: string): CellFile {
    return this.#model.draft(code);
  }

  /** A cell runs now: later cells see what it declares. */
  remember(file: CellFile, number: number): void {
    this.#model.keep(file, number);
    if (++this.#remembered % SWEEP_EVERY > 0) return;
    const wanted = this.#model.prune();
    this.#documents?.keepOnly(wanted, isCellName);
  }

  /** The cell that was remembered last has failed: some of what it declares may not have happened. */
  rememberFailure(file: CellFile): void {
    this.#model.keepBoth(file);
  }

  /** These variables are gone, and with them their names; all of them when none is named. */
  forget(names?: Iterable<string>): void {
    this.#model.forget(names);
  }

  /** Packages were installed or removed beside the notebook. */
  packagesChanged(): void {
    this.#checker.forget();
    // What could not be found is not looked for again by a server that runs.
    this.#server.renew();
  }

  /** What the user must be told once about types that are not there. */
  takeNotice(): string | undefined {
    if (this.#hasGivenNotice || this.#mode === "off" || this.#server.state !== "missing")
      return undefined;
    this.#hasGivenNotice = true;
    return `Cells run without a check of their types: ${this.#server.problem?.message}\n`;
  }

  /** The cell behind an address in an answer; undefined for files on disk. */
  cellOf(uri: string): { readonly number: number; readonly code: string } | undefined {
    return this.#model.cellOf(uri.slice(uri.lastIndexOf("/") + 1));
  }

  /** What a cell may import that lies in the kernel's own folders and not beside the notebook. */
  get packages(): readonly string[] {
    return this.#config?.ownPackages(this.#options) ?? [];
  }

  /** The names that earlier cells declare, of values and of types. */
  get names(): ReadonlySet<string> {
    return this.#model.names();
  }

  /** What to import the cell as that gave a value its name. */
  moduleOf(name: string): string | undefined {
    return this.#model.moduleOf(name);
  }

  /** How strictly cells are checked. */
  get mode(): TypesMode {
    return this.#mode;
  }

  /** Changes how strictly cells are checked, from the next one on. */
  setMode(mode: TypesMode): void {
    if (mode === this.#mode) return;
    this.#mode = mode;
    this.#checker.forget();
    this.#answers = new AnswerCache();
    this.#putConfig();
  }

  /** Ends the server. */
  close(): void {
    this.#server.close();
  }

  async #teach(client: LspClient): Promise<void> {
    this.#config = await import("./project-config.ts");
    this.#documents = new ServerDocuments(client, this.#options.folder);
    this.#answers = new AnswerCache();
    this.#putConfig();
    const file = this.#model.draft("", NEXT_CELL);
    this.#documents.putCell(file);
    const textDocument = { uri: this.#documents.uriOf(file.name) };
    // The first answer is slow: the server reads the libraries for it.
    await client.request("textDocument/diagnostic", { textDocument }, 30_000);
  }

  /** What the kernel's own packages export; asked once. */
  async #packageExports(): Promise<ReadonlyMap<string, ReadonlySet<string>>> {
    for (const name of this.packages) {
      if (this.#exports.has(name)) continue;
      const head = "import { ";
      const code = `${head} } from ${JSON.stringify(name)};`;
      const answer = (await this.complete(code, head.length, { timeoutMs: EXPORTS_LIMIT_MS })) as
        | { readonly items?: readonly { readonly label: string }[] }
        | undefined;
      if (answer?.items) this.#exports.set(name, new Set(answer.items.map(({ label }) => label)));
    }
    return this.#exports;
  }

  /** Tells the server which modules of the user have changed. */
  #refresh(client: LspClient, code: string): string {
    const changes = this.#modules.changes(code);
    if (changes.length > 0) {
      this.#moduleVersion++;
      client.notify("workspace/didChangeWatchedFiles", { changes });
    }
    return String(this.#moduleVersion);
  }

  #putConfig(): void {
    if (!this.#config || !this.#documents) return;
    const { text, hasNodeTypes } = this.#config.projectConfig(this.#options, this.#mode);
    this.#documents.put("tsconfig.json", text, "jsonc");
    this.#documents.put(AMBIENT_FILE, ambientTypes(hasNodeTypes), "typescript");
  }
}

const isCellName = (name: string): boolean => /^\d/.test(name.slice(CELL_FILE_PREFIX.length));

const isCellUri = (uri: string): boolean => uri.includes(`/${CELL_FILE_PREFIX}`);

async function ask(
  client: LspClient,
  method: string,
  params: unknown,
  timeoutMs: number = REQUEST_LIMIT_MS,
): Promise<unknown> {
  try {
    return await client.request(method, params, timeoutMs);
  } catch (error) {
    if (error instanceof LanguageServerError) return undefined;
    throw error;
  }
}
