// A value of the stopped program on one line, from what the inspector says of it.
import type { Runtime } from "node:inspector";

type RemoteObject = Runtime.RemoteObject;

const LONGEST_TEXT = 200;
const LONGEST_PART = 60;

/** How a front end wants its types named: as JavaScript does, or so that JupyterLab shows the value beside the name. */
export type TypeStyle = "javascript" | "jupyterlab";

/** The value on one line. */
export function valueText(value: RemoteObject): string {
  return clip(textOf(value, LONGEST_TEXT), LONGEST_TEXT);
}

/** A name on one line that gives a value inside a map. */
export function keyText(value: RemoteObject): string {
  return clip(textOf(value, LONGEST_PART), LONGEST_PART);
}

/**
 * The type that is told with a value; undefined where none is.
 *
 * JupyterLab's tree shows the type in place of the value, but for types that it knows from Python.
 */
export function typeText(value: RemoteObject, style: TypeStyle): string | undefined {
  if (style === "javascript") return value.className ?? value.subtype ?? value.type;
  switch (value.type) {
    case "number":
      return Number.isSafeInteger(value.value) ? "int" : "float";
    case "string":
      return "str";
    case "boolean":
      return "bool";
    default:
      return undefined;
  }
}

/** How many elements an array, a typed array, a map or a set has; undefined for anything else. */
export function lengthOf({ subtype, description = "" }: RemoteObject): number | undefined {
  if (!COUNTED.has(subtype ?? "")) return undefined;
  const length = /\((\d+)\)$/.exec(description)?.[1];
  return length === undefined ? undefined : Number(length);
}

const COUNTED = new Set(["array", "typedarray", "map", "set"]);

function textOf(value: RemoteObject, longest: number): string {
  switch (value.type) {
    case "string":
      return quote(String(value.value), longest);
    case "number":
    case "bigint":
    case "boolean":
      return value.unserializableValue ?? String(value.value);
    case "undefined":
      return "undefined";
    case "function":
      return functionText(value.description ?? "");
    case "symbol":
      return value.description ?? "Symbol()";
    default:
      return objectText(value);
  }
}

function objectText({ subtype, className, description = "", preview }: RemoteObject): string {
  switch (subtype) {
    case "null":
      return "null";
    case "error":
      return description.split("\n    at ")[0] ?? description;
    case "regexp":
    case "date":
    case "node":
      return description;
    case "array":
      return `[${previewItems(preview)}]`;
    case "typedarray":
      return `${description} [${previewNumbers(preview)}]`;
    case "map":
    case "set":
      return `${description} {${previewEntries(preview)}}`;
    default: {
      const name = className === "Object" || className === undefined ? "" : `${description} `;
      const body = previewProperties(preview);
      return body === "" && name !== ""
        ? name.trim()
        : `${name}{${body === "" ? "" : ` ${body} `}}`;
    }
  }
}

function previewItems(preview: Runtime.ObjectPreview | undefined): string {
  if (!preview) return "…";
  const items = preview.properties.map((one) =>
    /^\d+$/.test(one.name) ? partText(one) : `${one.name}: ${partText(one)}`,
  );
  return joined(items, preview.overflow);
}

/** A typed array's own fields, such as its buffer, are of no interest. */
function previewNumbers(preview: Runtime.ObjectPreview | undefined): string {
  const items = preview?.properties.filter(({ name }) => /^\d+$/.test(name)).map(partText) ?? [];
  return joined(items, preview?.overflow ?? true);
}

function previewProperties(preview: Runtime.ObjectPreview | undefined): string {
  if (!preview) return "…";
  const shown = preview.properties.filter(({ type }) => type !== "function");
  const items = shown.map((one) => `${one.name}: ${partText(one)}`);
  return joined(items, preview.overflow || shown.length < preview.properties.length);
}

function previewEntries(preview: Runtime.ObjectPreview | undefined): string {
  const items = (preview?.entries ?? []).map(({ key, value }) => {
    const text = innerText(value);
    return key ? `${innerText(key)} → ${text}` : text;
  });
  return joined(items, preview?.overflow ?? false);
}

function joined(items: readonly string[], hasMore: boolean): string {
  return [...items, ...(hasMore ? ["…"] : [])].join(", ");
}

function partText({ type, subtype, value = "" }: Runtime.PropertyPreview): string {
  if (type === "string") return quote(value, LONGEST_PART);
  if (type === "accessor") return "(…)";
  if (type === "function") return "ƒ";
  if (type === "object" && subtype === undefined && value === "Object") return "{…}";
  return clip(value, LONGEST_PART);
}

function innerText({ type, description = "", ...rest }: Runtime.ObjectPreview): string {
  if (type === "string") return quote(description, LONGEST_PART);
  if (type === "object" && rest.subtype === undefined && description === "Object") return "{…}";
  return clip(description === "" ? type : description, LONGEST_PART);
}

/** `async function f(a, b) { ... }` becomes `ƒ f(a, b)`, a class `class Name extends Other`. */
function functionText(source: string): string {
  const isClass = /^class\b[^{]*/.exec(source)?.[0];
  if (isClass) return isClass.trim();
  const named = /^(?:async\s+)?(?:function\s*)?\*?\s*([\w$#[\].]*)\s*(\([^)]*\))/.exec(source);
  if (named) return `ƒ ${named[1]}${oneLine(named[2] ?? "")}`;
  const arrow = /^(?:async\s+)?(\w+)\s*=>/.exec(source)?.[1];
  return arrow ? `ƒ (${arrow})` : "ƒ";
}

function quote(text: string, longest: number): string {
  return JSON.stringify(text.length > longest ? `${text.slice(0, longest)}…` : text);
}

const oneLine = (text: string): string => text.replace(/\s+/g, " ");

function clip(text: string, longest: number): string {
  const line = oneLine(text);
  return line.length > longest ? `${line.slice(0, longest)}…` : line;
}
