// Breakpoints as a front end asks for them, and what they have become in the scripts that carry them.
import type { Debugger } from "node:inspector";
import { pathToFileURL } from "node:url";
import type { KnownNames } from "../compile/globals.ts";
import type { InspectorClient } from "../execute/inspector-client.ts";
import type { CompiledScript } from "../execute/session.ts";
import type { Place } from "../compile/positions.ts";
import { breakPlacesOf, breakPlacesOfCode, placeForLine, type BreakPlace } from "./break-places.ts";
import { stopCondition, type StopDemand } from "./expression.ts";
import type { Script, ScriptTable } from "./script-table.ts";
import type { CompiledSource } from "./source-compiler.ts";

/** How long busy native code may keep the inspector from telling where a script can stop. */
const PLACES_LIMIT_MS = 1000;

/** A breakpoint as a front end asks for it; the line counts from 1. */
export interface SourceBreakpoint extends StopDemand {
  readonly line: number;
}

/** A breakpoint as a front end is told of it. */
export interface Breakpoint {
  readonly id: number;
  readonly verified: boolean;
  readonly line: number;
  readonly source: { readonly path: string };
  readonly message?: string;
}

interface KeptBreakpoint {
  readonly id: number;
  readonly asked: SourceBreakpoint;
  /** The line in the source where it stops, from 0. */
  line: number;
  condition: string | undefined;
  problem: string | undefined;
}

/** What breakpoints need. */
export interface BreakpointParts {
  readonly inspector: InspectorClient;
  readonly scripts: ScriptTable;
  readonly names: KnownNames;
  /** Compiles the source at a path that no loaded script has. */
  readonly compile: (path: string) => CompiledSource | undefined;
}

/** All breakpoints of a client. */
export class Breakpoints {
  readonly #parts: BreakpointParts;
  readonly #byPath = new Map<string, KeptBreakpoint[]>();
  /** Ids of the inspector, by the path or the script name that they were set for. */
  readonly #set = new Map<string, Promise<string | undefined>[]>();
  #lastId = 0;

  constructor(parts: BreakpointParts) {
    this.#parts = parts;
  }

  /** Replaces the breakpoints of one source. */
  async replace(path: string, asked: readonly SourceBreakpoint[]): Promise<Breakpoint[]> {
    await this.#remove(path);
    const kept = asked.map((one) => this.#keep(one));
    if (kept.length === 0) this.#byPath.delete(path);
    else this.#byPath.set(path, kept);
    if (kept.length > 0) await this.#place(path, kept);
    return kept.map(({ id, line, problem }) => ({
      id,
      verified: problem === undefined,
      line: line + 1,
      source: { path },
      ...(problem === undefined ? {} : { message: problem }),
    }));
  }

  /** All breakpoints by source. */
  list(): { source: string; breakpoints: SourceBreakpoint[] }[] {
    return [...this.#byPath].map(([source, kept]) => ({
      source,
      breakpoints: kept.map(({ asked, line }) => ({ ...asked, line: line + 1 })),
    }));
  }

  /** Sets the breakpoints of a cell that is about to run. */
  async prepare(path: string, script: CompiledScript): Promise<void> {
    const { inspector } = this.#parts;
    await this.#remove(script.name);
    const kept = this.#byPath.get(path);
    if (!kept) return;
    const places = await soon(breakPlacesOfCode(inspector, script.javascript, script.positions));
    for (const breakpoint of kept) {
      const at = places
        ? placeForLine(places, breakpoint.line)?.script
        : nextPlace(breakpoint, script)?.script;
      if (at) this.#setByUrl(script.name, { url: script.name }, { at, breakpoint });
    }
  }

  /** Sets all breakpoints anew, in a process that knows none of them. */
  async restore(): Promise<void> {
    this.#set.clear();
    for (const [path, kept] of this.#byPath) await this.#place(path, kept);
  }

  /** Forgets all breakpoints; the inspector forgets them when it is left. */
  clear(): void {
    this.#byPath.clear();
    this.#set.clear();
  }

  #keep(asked: SourceBreakpoint): KeptBreakpoint {
    const id = ++this.#lastId;
    try {
      const condition = stopCondition(asked, id, this.#parts.names);
      return { id, asked, line: asked.line - 1, condition, problem: undefined };
    } catch (error) {
      const problem = (error as Error).message;
      return { id, asked, line: asked.line - 1, condition: "false", problem };
    }
  }

  async #place(path: string, kept: readonly KeptBreakpoint[]): Promise<void> {
    const { inspector, scripts, compile } = this.#parts;
    const loaded = [...scripts.cellsAt(path), ...(await scripts.filesAt(path))];
    for (const script of loaded) await this.#placeInScript(path, script, kept);
    if (loaded.length > 0) return;
    const source = compile(path);
    if (!source) {
      for (const breakpoint of kept) breakpoint.problem ??= `there is no source at ${path}`;
      return;
    }
    const { positions } = source;
    const places = source.isCell
      ? await soon(breakPlacesOfCode(inspector, source.javascript, positions))
      : undefined;
    for (const breakpoint of kept) {
      const place = places ? placeForLine(places, breakpoint.line) : nextPlace(breakpoint, source);
      if (place) breakpoint.line = place.source.line;
      else breakpoint.problem ??= NOTHING_BELOW;
      // A cell gets its breakpoints when it runs.
      if (place && !source.isCell) this.#setForFile(path, { at: place.script, breakpoint });
    }
  }

  async #placeInScript(
    path: string,
    script: Script,
    kept: readonly KeptBreakpoint[],
  ): Promise<void> {
    const places = await soon(breakPlacesOf(this.#parts.inspector, script));
    for (const breakpoint of kept) {
      const place = places ? placeForLine(places, breakpoint.line) : nextPlace(breakpoint, script);
      if (!place) {
        breakpoint.problem ??= NOTHING_BELOW;
        continue;
      }
      breakpoint.line = place.source.line;
      if (script.cell === undefined && isOwnUrl(script)) {
        this.#setForFile(path, { at: place.script, breakpoint });
      } else {
        const location = asLocation(script.scriptId, place.script);
        const { condition } = breakpoint;
        this.#post(path, "Debugger.setBreakpoint", { location, condition });
      }
    }
  }

  /** For all versions of a file, those that are loaded and those to come. */
  #setForFile(path: string, what: { at: Place; breakpoint: KeptBreakpoint }): void {
    const url = [pathToFileURL(path).href, path].map(escapeRegExp).join("|");
    this.#setByUrl(path, { urlRegex: `^(?:${url})(?:\\?.*)?$` }, what);
  }

  #setByUrl(
    key: string,
    address: { url: string } | { urlRegex: string },
    { at, breakpoint }: { at: Place; breakpoint: KeptBreakpoint },
  ): void {
    const { condition } = breakpoint;
    const place = { lineNumber: at.line, columnNumber: at.column };
    this.#post(key, "Debugger.setBreakpointByUrl", { ...address, ...place, condition });
  }

  #post(key: string, method: string, parameters: object): void {
    const id = this.#parts.inspector
      .post<Debugger.SetBreakpointByUrlReturnType>(method, parameters)
      .then(({ breakpointId }) => breakpointId)
      // Two lines may lead to the same statement: the second finds the first there.
      .catch(() => undefined);
    this.#set.set(key, [...(this.#set.get(key) ?? []), id]);
  }

  async #remove(key: string): Promise<void> {
    const ids = this.#set.get(key) ?? [];
    this.#set.delete(key);
    for (const breakpointId of await Promise.all(ids)) {
      if (breakpointId !== undefined) {
        this.#parts.inspector.tell("Debugger.removeBreakpoint", { breakpointId });
      }
    }
  }
}

const NOTHING_BELOW = "there is no statement on this line or below it";

/** The place of a breakpoint as far as positions alone tell: V8 moves on to the next statement. */
function nextPlace(
  { line }: KeptBreakpoint,
  { positions }: Pick<Script, "positions">,
): BreakPlace | undefined {
  const at = positions.toJavaScript(line, 0);
  const source = at && positions.toTypeScript(at.line, at.column);
  if (!source) return undefined;
  // What the compiler wraps a statement in stands before its first token; the gate stands on the first line.
  const isWhole = at.line > 0 && positions.toTypeScript(at.line, 0)?.line === source.line;
  return { source, script: isWhole ? { line: at.line, column: 0 } : at };
}

const isOwnUrl = ({ url, path }: Script): boolean =>
  url.replace(/\?.*$/, "") === pathToFileURL(path).href;

const asLocation = (scriptId: string, { line, column }: Place): Debugger.Location => ({
  scriptId,
  lineNumber: line,
  columnNumber: column,
});

const escapeRegExp = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");

/** The value, or undefined when it does not come soon or at all. */
async function soon<Value>(promise: Promise<Value>): Promise<Value | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<undefined>((resolve) => {
    timer = setTimeout(resolve, PLACES_LIMIT_MS, undefined);
  });
  try {
    return await Promise.race([promise.catch(() => undefined), limit]);
  } finally {
    clearTimeout(timer);
  }
}
