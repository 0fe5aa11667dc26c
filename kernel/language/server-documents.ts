// Which documents a language server has been told of, so that only what changed is sent.
import { pathToFileURL } from "node:url";
import { join } from "node:path";
import type { LspClient } from "./lsp-client.ts";
import type { CellFile } from "./cell-file.ts";

/** The newest documents stay: a late answer may still be about them. */
const NEWEST_KEPT = 20;

interface OpenDocument {
  readonly version: number;
  readonly text: string;
}

/** The open documents of one server process. */
export class ServerDocuments {
  readonly #client: LspClient;
  readonly #folder: string;
  readonly #open = new Map<string, OpenDocument>();

  constructor(client: LspClient, folder: string) {
    this.#client = client;
    this.#folder = folder;
  }

  /** Address of a file in the notebook's folder. */
  uriOf(name: string): string {
    return pathToFileURL(join(this.#folder, name)).href;
  }

  /** Makes the server see `text` under this name. */
  put(name: string, text: string, languageId: string): void {
    const before = this.#open.get(name);
    if (before?.text === text) return;
    const uri = this.uriOf(name);
    const version = (before?.version ?? 0) + 1;
    if (before) {
      const textDocument = { uri, version };
      this.#client.notify("textDocument/didChange", { textDocument, contentChanges: [{ text }] });
    } else {
      const textDocument = { uri, version, languageId, text };
      this.#client.notify("textDocument/didOpen", { textDocument });
    }
    this.#open.set(name, { version, text });
  }

  /** Makes the server see a cell, and the earlier cells from which it takes names. */
  putCell(file: CellFile): void {
    for (const one of [...this.#unknownImports(file), file]) this.#putOne(one);
  }

  #unknownImports(file: CellFile): Set<CellFile> {
    const found = new Set<CellFile>();
    const queue = [...file.imports];
    for (let one = queue.pop(); one; one = queue.pop()) {
      if (found.has(one) || this.#open.get(one.name)?.text === one.text) continue;
      found.add(one);
      queue.push(...one.imports);
    }
    return found;
  }

  #putOne(file: CellFile): void {
    this.put(file.name, file.text, file.syntax.isTsx ? "typescriptreact" : "typescript");
  }

  /** The server may forget this document. */
  drop(name: string): void {
    if (!this.#open.delete(name)) return;
    this.#client.notify("textDocument/didClose", { textDocument: { uri: this.uriOf(name) } });
  }

  /** Forgets documents of cells which are not among `wanted`. */
  keepOnly(wanted: ReadonlySet<string>, isCell: (name: string) => boolean): void {
    const names = [...this.#open.keys()].slice(0, -NEWEST_KEPT);
    for (const name of names) if (isCell(name) && !wanted.has(name)) this.drop(name);
  }
}
