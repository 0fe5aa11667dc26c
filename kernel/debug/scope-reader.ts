// The variables of a scope with their values of now: what the inspector lists is as old as the stop.
import type { Debugger, Runtime } from "node:inspector";
import type { InspectorClient } from "../execute/inspector-client.ts";
import type { ScopeGroup } from "./stop.ts";
import { shownName } from "./value-children.ts";

/** A variable of a scope. */
export interface ScopeBinding {
  /** The name in the running JavaScript. */
  readonly binding: string;
  readonly value: Runtime.RemoteObject;
  /** The number of its scope in the frame's chain; undefined for a variable of the cells. */
  readonly scope: number | undefined;
}

/** What is read of a frame. */
export interface ScopeRequest {
  readonly frame: Debugger.CallFrame;
  readonly group: ScopeGroup;
  /** Groups further in: their names hide the same names of this one. */
  readonly inner: readonly ScopeGroup[];
}

/** The variables of a group of scopes; an inner name hides an outer one. */
export async function readScopes(
  inspector: InspectorClient,
  { frame, group, inner }: ScopeRequest,
): Promise<ScopeBinding[]> {
  const hidden = new Set<string>();
  for (const { scopes } of inner) {
    for (const { objectId } of scopes) {
      for (const { name } of await propertiesOf(inspector, objectId)) hidden.add(name);
    }
  }
  const found = new Map<string, ScopeBinding>();
  for (const { number, objectId } of group.scopes) {
    for (const { name: binding, value } of await propertiesOf(inspector, objectId)) {
      if (shownName(binding) === undefined || found.has(binding) || !value) continue;
      found.set(binding, { binding, value, scope: number });
    }
  }
  const names = [...found.keys()].filter((name) => !hidden.has(name));
  const { callFrameId } = frame;
  const now = await inspector.post<Runtime.EvaluateReturnType>("Debugger.evaluateOnCallFrame", {
    callFrameId,
    ...collecting(names),
  });
  for (const { name, value } of await propertiesOf(inspector, now.result.objectId)) {
    const known = found.get(name);
    if (known && value) found.set(name, { ...known, value });
  }
  const self = group.hint === "locals" && frame.this.type === "object" ? frame.this : undefined;
  const isOwn = self?.objectId !== undefined && self.className !== "global";
  return [
    ...(isOwn ? [{ binding: "this", value: self, scope: undefined }] : []),
    ...found.values(),
  ];
}

/** The variables of the cells, whether or not anything is stopped. */
export async function readGlobals(
  inspector: InspectorClient,
  objectGroup: string,
): Promise<ScopeBinding[]> {
  const { names } = await inspector.post<Runtime.GlobalLexicalScopeNamesReturnType>(
    "Runtime.globalLexicalScopeNames",
  );
  const shown = names.filter((name) => shownName(name) !== undefined);
  const { result } = await inspector.post<Runtime.EvaluateReturnType>("Runtime.evaluate", {
    ...collecting(shown),
    objectGroup,
    disableBreaks: true,
  });
  const bindings: ScopeBinding[] = [];
  for (const { name, value } of await propertiesOf(inspector, result.objectId)) {
    if (value) bindings.push({ binding: name, value, scope: undefined });
  }
  return bindings;
}

/** A command that makes an object of variables; one without a value yet is left out. */
function collecting(names: readonly string[]): object {
  const copies = names.map((name) => `try{all[${JSON.stringify(name)}]=${name}}catch{}`);
  const expression = `(()=>{const all=Object.create(null);${copies.join("")}return all})()`;
  return { expression, objectGroup: "debug", silent: true };
}

async function propertiesOf(
  inspector: InspectorClient,
  objectId: string | undefined,
): Promise<Runtime.PropertyDescriptor[]> {
  if (objectId === undefined) return [];
  const { result } = await inspector.post<Runtime.GetPropertiesReturnType>(
    "Runtime.getProperties",
    { objectId, ownProperties: true, generatePreview: true },
  );
  return result;
}
