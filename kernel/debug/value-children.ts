// What is inside a value of the stopped program: properties, elements, entries, and what a tensor computes of itself.
import type { Runtime } from "node:inspector";
import type { InspectorClient } from "../execute/inspector-client.ts";
import { elementsOf, partOfEntries, partOfList, propertyOf, sourceOf } from "./in-process.ts";
import { keyText } from "./value-text.ts";

/** A value inside another. */
export interface Child {
  readonly name: string;
  readonly value: Runtime.RemoteObject;
  readonly evaluateName: string | undefined;
  /** Set when this stands for a part of the list `value`. */
  readonly range?: ChildRange;
  /** What to show in place of the value. */
  readonly text?: string;
}

/** Elements from `start` on, before `end`. */
export interface ChildRange {
  readonly start: number;
  readonly end: number;
}

interface Parent {
  readonly object: Runtime.RemoteObject;
  readonly evaluateName: string | undefined;
}

const MOST_GETTERS = 20;

/** The name that the user knows a variable by; undefined when it is the compiler's own. */
export function shownName(binding: string): string | undefined {
  if (binding.startsWith(".") || /^(?:__gradlab$|_usingCtx|babelHelpers)/.test(binding)) {
    return undefined;
  }
  return binding.replace(/^__cell_/, "");
}

/** What is inside a value, or in a part of it. */
export async function childrenOf(
  inspector: InspectorClient,
  parent: Parent,
  range?: ChildRange,
): Promise<Child[]> {
  const { objectId, subtype } = parent.object;
  if (objectId === undefined) return [];
  if (range && (subtype === "map" || subtype === "set")) {
    return entries(inspector, objectId, { ...range, isMap: subtype === "map" });
  }
  if (range) {
    const part = await call(inspector, objectId, {
      inProcess: partOfList,
      values: [range.start, range.end],
    });
    return part?.objectId === undefined ? [] : properties(inspector, parent, part.objectId);
  }
  const own = await properties(inspector, parent, objectId);
  return [...(await computed(inspector, parent, objectId)), ...own];
}

async function properties(
  inspector: InspectorClient,
  parent: Parent,
  objectId: string,
): Promise<Child[]> {
  const reply = await inspector.post<Runtime.GetPropertiesReturnType>("Runtime.getProperties", {
    objectId,
    ownProperties: true,
    generatePreview: true,
  });
  const children: Child[] = [];
  for (const { name, value, get, symbol } of reply.result) {
    if (name === "__proto__") continue;
    const shown = value ?? (get && (await getter(inspector, objectId, name)));
    const evaluateName = symbol ? undefined : memberName(parent.evaluateName, name);
    if (shown) children.push({ name, value: shown, evaluateName });
  }
  const { privateProperties = [] } = reply as { privateProperties?: NamedValue[] };
  for (const { name, value } of [...privateProperties, ...(reply.internalProperties ?? [])]) {
    const isShown = name.startsWith("#") || name.startsWith("[[Promise");
    if (value && isShown) children.push({ name, value, evaluateName: undefined });
  }
  return children;
}

type NamedValue = Pick<Runtime.InternalPropertyDescriptor, "name" | "value">;

/** What getters of the class say, and the elements of a tensor. */
async function computed(
  inspector: InspectorClient,
  parent: Parent,
  objectId: string,
): Promise<Child[]> {
  if (parent.object.subtype !== undefined || parent.object.className === "Object") return [];
  const { result } = await inspector.post<Runtime.GetPropertiesReturnType>(
    "Runtime.getProperties",
    { objectId, ownProperties: false, accessorPropertiesOnly: true },
  );
  const names = result
    .filter(({ name, get, isOwn }) => get?.objectId !== undefined && !isOwn && name !== "__proto__")
    .slice(0, MOST_GETTERS)
    .map(({ name }) => name);
  const values = await Promise.all(names.map((name) => getter(inspector, objectId, name)));
  const children: Child[] = [];
  for (const [index, name] of names.entries()) {
    const value = values[index];
    if (value) children.push({ name, value, evaluateName: memberName(parent.evaluateName, name) });
  }
  const elements = await call(inspector, objectId, { inProcess: elementsOf, values: [] });
  if (elements?.subtype === "typedarray") {
    const { evaluateName } = parent;
    const expression = evaluateName === undefined ? undefined : `${evaluateName}.toTypedArray()`;
    children.push({ name: "elements", value: elements, evaluateName: expression });
  }
  return children;
}

async function entries(
  inspector: InspectorClient,
  objectId: string,
  { start, end, isMap }: ChildRange & { isMap: boolean },
): Promise<Child[]> {
  const part = await call(inspector, objectId, { inProcess: partOfEntries, values: [start, end] });
  if (part?.objectId === undefined) return [];
  const flat = await properties(
    inspector,
    { object: part, evaluateName: undefined },
    part.objectId,
  );
  const values = flat.filter(({ name }) => /^\d+$/.test(name)).map(({ value }) => value);
  const children: Child[] = [];
  for (let at = 0; at + 1 < values.length; at += 2) {
    const name = isMap ? keyText(values[at]!) : String(start + at / 2);
    children.push({ name, value: values[at + 1]!, evaluateName: undefined });
  }
  return children;
}

const getter = (
  inspector: InspectorClient,
  objectId: string,
  name: string,
): Promise<Runtime.RemoteObject | undefined> =>
  call(inspector, objectId, { inProcess: propertyOf, values: [name] });

/** The result of a function that V8 lets change nothing; undefined when it fails. */
async function call(
  inspector: InspectorClient,
  objectId: string,
  { inProcess, values }: { inProcess: Parameters<typeof sourceOf>[0]; values: unknown[] },
): Promise<Runtime.RemoteObject | undefined> {
  try {
    const { result, exceptionDetails } = await inspector.post<Runtime.CallFunctionOnReturnType>(
      "Runtime.callFunctionOn",
      {
        objectId,
        functionDeclaration: sourceOf(inProcess),
        arguments: [{ objectId }, ...values.map((value) => ({ value }))],
        generatePreview: true,
        throwOnSideEffect: true,
        silent: true,
      },
    );
    return exceptionDetails ? undefined : result;
  } catch {
    return undefined;
  }
}

function memberName(parent: string | undefined, name: string): string | undefined {
  if (parent === undefined) return undefined;
  if (/^\d+$/.test(name)) return `${parent}[${name}]`;
  return /^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u.test(name)
    ? `${parent}.${name}`
    : `${parent}[${JSON.stringify(name)}]`;
}
