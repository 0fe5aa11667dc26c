// The arguments of debug requests, read once: what is missing or of another type becomes a value that does no harm.
import type { SourceBreakpoint } from "./breakpoints.ts";
import type { VariablesQuery } from "./variables.ts";

/** All arguments that any request takes. */
export interface DebugArguments {
  readonly clientID: string;
  readonly code: string;
  /** Of `source`. */
  readonly path: string;
  readonly breakpoints: readonly SourceBreakpoint[];
  readonly filters: readonly string[];
  readonly frameId: number | undefined;
  readonly startFrame: number;
  readonly levels: number | undefined;
  readonly startModule: number;
  readonly moduleCount: number | undefined;
  readonly variablesReference: number;
  readonly query: VariablesQuery;
  readonly name: string;
  readonly value: string;
  readonly expression: string;
  /** Of `completions`. */
  readonly text: string;
  readonly column: number;
  readonly context: string;
  readonly variableName: string;
  readonly srcVariableName: string;
  readonly dstVariableName: string;
  readonly srcFrameId: number;
}

type Given = Readonly<Record<string, unknown>>;

/** Reads the arguments of a request. */
export function readArguments(given: Given): DebugArguments {
  const text = (name: string): string => textOf(given, name) ?? "";
  const number = (name: string): number | undefined => numberOf(given, name);
  return {
    clientID: text("clientID"),
    code: text("code"),
    path: textOf(asObject(given["source"]), "path") ?? "",
    breakpoints: asList(given["breakpoints"]).flatMap(readBreakpoint),
    filters: asList(given["filters"]).filter((filter) => typeof filter === "string"),
    frameId: number("frameId"),
    startFrame: number("startFrame") ?? 0,
    levels: number("levels"),
    startModule: number("startModule") ?? 0,
    moduleCount: number("moduleCount"),
    variablesReference: number("variablesReference") ?? 0,
    query: { start: number("start"), count: number("count"), filter: textOf(given, "filter") },
    name: text("name"),
    value: text("value"),
    expression: text("expression"),
    text: text("text"),
    column: number("column") ?? 1,
    context: text("context"),
    variableName: text("variableName"),
    srcVariableName: text("srcVariableName"),
    dstVariableName: text("dstVariableName"),
    srcFrameId: number("srcFrameId") ?? -1,
  };
}

function readBreakpoint(given: unknown): SourceBreakpoint[] {
  const fields = asObject(given);
  const line = numberOf(fields, "line");
  if (line === undefined) return [];
  const demand = ["condition", "hitCondition", "logMessage"].flatMap((name) => {
    const text = textOf(fields, name);
    return text === undefined ? [] : [[name, text]];
  });
  return [{ line, ...(Object.fromEntries(demand) as object) }];
}

const textOf = (given: Given, name: string): string | undefined =>
  typeof given[name] === "string" ? given[name] : undefined;

const numberOf = (given: Given, name: string): number | undefined =>
  typeof given[name] === "number" ? given[name] : undefined;

const asObject = (value: unknown): Given =>
  typeof value === "object" && value !== null ? (value as Given) : {};

const asList = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);
