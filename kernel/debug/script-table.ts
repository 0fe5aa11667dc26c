// The scripts of the runtime process: cells, files and what is hidden from the user, by the inspector's ids.
import type { Debugger } from "node:inspector";
import { existsSync, readFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { FIRST_COLUMN } from "../compile/compile-cell.ts";
import type { InspectorClient } from "../execute/inspector-client.ts";
import type { CellScript } from "../compile/stack-frames.ts";
import { cellPath, type CellFiles } from "./cell-files.ts";
import { readSourceMap, SAME_PLACES, type SourcePositions } from "./source-positions.ts";

/** A script that may be shown. */
export interface Script {
  readonly scriptId: string;
  readonly url: string;
  /** The path of its source. */
  readonly path: string;
  readonly positions: SourcePositions;
  readonly firstColumn: number;
  /** The number in front of a cell; undefined for a file. */
  readonly cell: number | undefined;
  /** The text of the source, where it is at hand. */
  readonly content: string | undefined;
}

/** What the inspector says of a new script. */
export interface ScriptEvent {
  readonly scriptId: string;
  readonly url: string;
  readonly sourceMapURL: string;
}

/** What a table needs. */
export interface ScriptTableParts {
  readonly inspector: InspectorClient;
  readonly files: CellFiles;
  /** Finds a cell by the name of its script. */
  readonly cellNamed: (name: string) => CellScript | undefined;
  /** URL of the folder whose scripts are the kernel's own. */
  readonly kernelUrl: string;
}

/** Knows the scripts of the runtime process. */
export class ScriptTable {
  readonly #parts: ScriptTableParts;
  readonly #events = new Map<string, ScriptEvent>();
  readonly #cells = new Map<string, Script>();
  readonly #files = new Map<string, Promise<Script>>();

  constructor(parts: ScriptTableParts) {
    this.#parts = parts;
  }

  /** Notes a new script. */
  add(event: ScriptEvent): void {
    if (event.url.startsWith(this.#parts.kernelUrl)) return;
    const cell = this.#parts.cellNamed(event.url);
    if (!cell && !isFile(event.url)) return;
    this.#events.set(event.scriptId, event);
    // The name may go to another cell later; now it is this one's.
    if (cell) this.#cells.set(event.scriptId, this.#cellScript(event, cell));
  }

  /** Forgets everything: the process is another one. */
  clear(): void {
    this.#events.clear();
    this.#cells.clear();
    this.#files.clear();
  }

  /** The script with this id; undefined when it is hidden. */
  async find(scriptId: string): Promise<Script | undefined> {
    const cell = this.#cells.get(scriptId);
    if (cell) return cell;
    const event = this.#events.get(scriptId);
    if (!event) return undefined;
    const known = this.#files.get(scriptId);
    const script = known ?? this.#fileScript(event);
    if (!known) this.#files.set(scriptId, script);
    return script;
  }

  /** The cells whose path is `path`. */
  cellsAt(path: string): Script[] {
    return [...this.#cells.values()].filter((script) => script.path === path);
  }

  /** The loaded files whose source is `path`. */
  async filesAt(path: string): Promise<Script[]> {
    return (await this.files()).filter((script) => script.path === path);
  }

  /** All loaded files. */
  async files(): Promise<Script[]> {
    const ids = [...this.#events.keys()].filter((id) => !this.#cells.has(id));
    const scripts = await Promise.all(ids.map((id) => this.find(id)));
    return scripts.filter((script) => script !== undefined);
  }

  #cellScript({ scriptId, url }: ScriptEvent, cell: CellScript): Script {
    return {
      scriptId,
      url,
      path: cellPath(cell.source, this.#parts.files),
      positions: cell.positions,
      firstColumn: FIRST_COLUMN,
      cell: cell.number,
      content: cell.source,
    };
  }

  async #fileScript({ scriptId, url, sourceMapURL }: ScriptEvent): Promise<Script> {
    const path = pathOf(url);
    const base = { scriptId, url, firstColumn: 0, cell: undefined };
    const plain: Script = { ...base, path, positions: SAME_PLACES, content: undefined };
    const text = await this.#sourceMap(scriptId, path, sourceMapURL);
    const mapped = text === undefined ? undefined : readSourceMap(text);
    if (!mapped) return plain;
    const source = resolve(dirname(path), mapped.source);
    // A package may carry maps without the sources that they lead to.
    if (mapped.content === undefined && !existsSync(source)) return plain;
    return { ...base, path: source, positions: mapped.positions, content: mapped.content };
  }

  async #sourceMap(scriptId: string, path: string, mapUrl: string): Promise<string | undefined> {
    try {
      if (mapUrl === "") return undefined;
      if (mapUrl !== "data:") return readFileSync(resolve(dirname(path), mapUrl), "utf8");
      const { scriptSource } = await this.#parts.inspector.post<Debugger.GetScriptSourceReturnType>(
        "Debugger.getScriptSource",
        { scriptId },
      );
      const encoded = /\/\/# sourceMappingURL=data:[^,]*;base64,(\S+)\s*$/.exec(scriptSource)?.[1];
      return encoded === undefined ? undefined : Buffer.from(encoded, "base64").toString("utf8");
    } catch {
      return undefined;
    }
  }
}

const isFile = (url: string): boolean => url.startsWith("file:") || url.startsWith("/");

/** The path of a file's script; each load of an edited file has a query of its own. */
function pathOf(url: string): string {
  const plain = url.replace(/\?.*$/, "");
  return plain.startsWith("file:") ? fileURLToPath(plain) : plain;
}
