// Looks at values of the user's code without running any of it: property names, and a preview.
import type { Runtime } from "node:inspector";
import type { LiveLook, LiveProperty } from "../runtime-messages.ts";

const OBJECT_GROUP = "live-look";
/** V8 gives up on a look that takes longer, in milliseconds. */
const LONGEST_LOOK_MS = 100;
const MOST_PROPERTIES = 1000;

/** The line to the inspector of the main thread. */
export interface LiveInspector {
  post<Result>(method: string, parameters?: object): Promise<Result>;
  tell(method: string, parameters?: object): void;
}

/** A cell runs: the look would be taken somewhere in the middle of it. */
class CellRuns extends Error {
  override readonly name = "CellRuns";
}

/**
 * Evaluates `expression` only as far as it has no effect; undefined when that gives nothing.
 *
 * @param isIdle - whether no cell runs; the look ends where one begins
 */
export async function lookAt(
  devTools: LiveInspector,
  expression: string,
  isIdle: () => boolean,
): Promise<LiveLook | undefined> {
  const inspector: LiveInspector = {
    post: (method, parameters) =>
      isIdle() ? devTools.post(method, parameters) : Promise.reject(new CellRuns()),
    tell: (method, parameters) => devTools.tell(method, parameters),
  };
  try {
    const value = await evaluate(inspector, expression);
    if (!value) return undefined;
    // Primitives have the properties of their wrapper.
    const object = value.objectId ? value : await evaluate(inspector, `Object(${expression})`);
    const properties = object?.objectId ? await propertiesOf(inspector, object.objectId) : [];
    return {
      type: value.className ?? value.type,
      text: value.description ?? String(value.unserializableValue ?? value.value),
      isFunction: value.type === "function",
      preview: (value.preview?.properties ?? []).map(({ name, value: text = "…" }) => [name, text]),
      properties,
    };
  } catch {
    return undefined;
  } finally {
    inspector.tell("Runtime.releaseObjectGroup", { objectGroup: OBJECT_GROUP });
  }
}

async function evaluate(
  inspector: LiveInspector,
  expression: string,
): Promise<Runtime.RemoteObject | undefined> {
  const { result, exceptionDetails } = await inspector.post<Runtime.EvaluateReturnType>(
    "Runtime.evaluate",
    {
      expression,
      objectGroup: OBJECT_GROUP,
      throwOnSideEffect: true,
      generatePreview: true,
      silent: true,
      timeout: LONGEST_LOOK_MS,
    },
  );
  return exceptionDetails ? undefined : result;
}

async function propertiesOf(inspector: LiveInspector, objectId: string): Promise<LiveProperty[]> {
  const { result } = await inspector.post<Runtime.GetPropertiesReturnType>(
    "Runtime.getProperties",
    // A tensor's numbers are no names.
    { objectId, ownProperties: false, nonIndexedPropertiesOnly: true },
  );
  return result
    .filter(({ symbol }) => symbol === undefined)
    .slice(0, MOST_PROPERTIES)
    .map(({ name, value, isOwn }) => ({
      name,
      isFunction: value?.type === "function",
      isOwn: isOwn === true,
    }));
}
