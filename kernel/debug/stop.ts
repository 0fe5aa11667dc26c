// Where and why the program stands still: its frames as the user knows them, and their scopes.
import type { Debugger, Runtime } from "node:inspector";
import type { Place } from "../compile/positions.ts";
import type { Scope, StackFrame } from "./adapter-protocol.ts";
import { DebugError } from "./debug-error.ts";
import type { Script, ScriptTable } from "./script-table.ts";

/** What the inspector says of a stop. */
export type Pause = Debugger.PausedEventDataType;

/** What a front end had asked for before the stop. */
export type Asked = "step" | "pause" | undefined;

/** Why the program stopped, in the words of the debug adapter protocol. */
export interface StopReason {
  readonly reason: "breakpoint" | "exception" | "step" | "pause";
  readonly description?: string;
  /** The error, where one is the reason. */
  readonly text?: string;
}

/** Why the program stopped. */
export function stopReason({ reason, data, hitBreakpoints }: Pause, asked: Asked): StopReason {
  if (isError(reason)) {
    const { description = "", value } = (data ?? {}) as Runtime.RemoteObject;
    const text = (description || String(value)).split("\n    at ")[0] ?? "";
    return { reason: "exception", description: "Stopped at an error", text };
  }
  if ((hitBreakpoints ?? []).length > 0) return { reason: "breakpoint" };
  return asked ? { reason: asked } : { reason: "breakpoint", description: "debugger statement" };
}

const isError = (reason: string): boolean =>
  reason === "exception" || reason === "promiseRejection";

/** A frame of the user's code. */
interface ShownFrame {
  readonly id: number;
  readonly frame: Debugger.CallFrame;
  readonly script: Script;
  readonly at: Place;
}

/** Variables that are shown as one scope. */
export interface ScopeGroup {
  readonly name: string;
  readonly hint?: string;
  /** Numbers of the scopes in the frame's chain, and the objects that list their variables. */
  readonly scopes: readonly { readonly number: number; readonly objectId: string }[];
}

/** A stop of the program. */
export class Stop {
  static #lastFrameId = 0;
  readonly pause: Pause;
  #frames: readonly ShownFrame[];
  readonly #byId = new Map<number, ShownFrame>();

  private constructor(pause: Pause, frames: readonly ShownFrame[]) {
    this.pause = pause;
    this.#frames = frames;
    for (const frame of frames) this.#byId.set(frame.id, frame);
  }

  /** Reads a stop; frames of Node and of the kernel are left out. */
  static async read(pause: Pause, scripts: ScriptTable): Promise<Stop> {
    const frames: ShownFrame[] = [];
    for (const frame of pause.callFrames) {
      const script = await scripts.find(frame.location.scriptId);
      const { lineNumber, columnNumber = 0 } = frame.location;
      const at = script?.positions.toTypeScript(lineNumber, columnNumber);
      if (script && at) frames.push({ id: ++Stop.#lastFrameId, frame, script, at });
    }
    return new Stop(pause, frames);
  }

  /** Whether there is code of the user on the stack. */
  get isShown(): boolean {
    return this.#frames.length > 0;
  }

  /** Whether the program stands in code of the user itself. */
  get isTopShown(): boolean {
    return this.#frames[0]?.frame === this.pause.callFrames[0];
  }

  /** Where the program stands, as text that is the same on the same line of the same call. */
  get position(): string {
    return this.#frames.map(({ script, at }) => `${script.scriptId}:${at.line}`).join();
  }

  /** Whether a breakpoint, an error or a `debugger` statement is the reason: that is shown wherever it is. */
  get isForced(): boolean {
    const [shown] = this.#frames;
    const line = shown?.script.content?.split("\n")[shown.at.line] ?? "";
    return stopReason(this.pause, "step").reason !== "step" || /\bdebugger\b/.test(line);
  }

  /** Whether a cell has been stopped before its first statement. */
  get isAtGate(): boolean {
    const [shown] = this.#frames;
    if (!shown || !this.isTopShown) return false;
    const { lineNumber, columnNumber = 0 } = shown.frame.location;
    return lineNumber === 0 && columnNumber < shown.script.firstColumn;
  }

  /** The error that the program stopped at. */
  get error(): Runtime.RemoteObject | undefined {
    return isError(this.pause.reason) ? (this.pause.data as Runtime.RemoteObject) : undefined;
  }

  /** The frames, innermost first. */
  stackFrames(): StackFrame[] {
    return this.#frames.map(({ id, frame, script, at }) => ({
      id,
      name: nameOf(frame, script),
      source: { name: sourceName(script), path: script.path },
      line: at.line + 1,
      column: at.column + 1,
    }));
  }

  /** The inspector's frame; the innermost without an id. */
  callFrame(frameId: number | undefined): Debugger.CallFrame | undefined {
    if (frameId === undefined) return this.#frames[0]?.frame;
    return this.#byId.get(frameId)?.frame;
  }

  /** Gives the frames new numbers, so that a front end reads their variables again; the old ones stay valid. */
  renumber(): void {
    this.#frames = this.#frames.map((frame) => ({ ...frame, id: ++Stop.#lastFrameId }));
    for (const frame of this.#frames) this.#byId.set(frame.id, frame);
  }

  /** The scopes of a frame, grouped as people think of them. */
  scopeGroups(frameId: number | undefined): ScopeGroup[] {
    const frame = this.callFrame(frameId);
    if (!frame) throw new DebugError("this frame is gone: the program has run on");
    return groupScopes(frame.scopeChain);
  }
}

/** A scope for the front end. */
export function toScope(group: ScopeGroup, variablesReference: number): Scope {
  const { name, hint } = group;
  return {
    name,
    ...(hint === undefined ? {} : { presentationHint: hint }),
    variablesReference,
    expensive: false,
  };
}

const GROUPS: Readonly<Record<string, { name: string; hint?: string }>> = {
  local: { name: "Locals", hint: "locals" },
  block: { name: "Locals", hint: "locals" },
  catch: { name: "Locals", hint: "locals" },
  with: { name: "Locals", hint: "locals" },
  eval: { name: "Locals", hint: "locals" },
  closure: { name: "Closure" },
  module: { name: "Module" },
  script: { name: "Globals" },
};

/** Blocks belong to the function around them; what every JavaScript program has is left out. */
export function groupScopes(chain: readonly Debugger.Scope[]): ScopeGroup[] {
  const groups = new Map<string, { hint?: string; scopes: ScopeGroup["scopes"][number][] }>();
  let isInside = true;
  for (const [number, { type, object }] of chain.entries()) {
    // A block around the function is part of what it closes over.
    const group = !isInside && type === "block" ? GROUPS["closure"] : GROUPS[type];
    if (type === "local") isInside = false;
    if (!group || object.objectId === undefined) continue;
    const { name, hint } = group;
    const known = groups.get(name) ?? { ...(hint === undefined ? {} : { hint }), scopes: [] };
    known.scopes.push({ number, objectId: object.objectId });
    groups.set(name, known);
  }
  return [...groups].map(([name, group]) => ({ name, ...group }));
}

function nameOf({ functionName, functionLocation }: Debugger.CallFrame, script: Script): string {
  if (functionName === "<instance_members_initializer>") return "(fields)";
  if (functionName !== "") return functionName;
  const isOutermost = functionLocation?.lineNumber === 0 && functionLocation.columnNumber === 0;
  if (!isOutermost) return "(anonymous)";
  return script.cell === undefined ? "(module)" : `cell [${script.cell}]`;
}

const sourceName = ({ cell, path }: Script): string =>
  cell === undefined ? (path.split(/[/\\]/).at(-1) ?? path) : `cell [${cell}]`;
