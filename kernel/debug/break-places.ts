// At which lines of a source a script can stop: V8 knows the statements, the positions know their lines.
import type { Debugger, Runtime } from "node:inspector";
import { FIRST_COLUMN } from "../compile/compile-cell.ts";
import type { Place } from "../compile/positions.ts";
import type { InspectorClient } from "../execute/inspector-client.ts";
import type { SourcePositions } from "./source-positions.ts";

/** A statement where a script can stop. */
export interface BreakPlace {
  /** In the source. */
  readonly source: Place;
  /** In the running script. */
  readonly script: Place;
}

/** A script whose places are asked for. */
export interface PlacedScript {
  readonly scriptId: string;
  readonly positions: SourcePositions;
  /** Where the user's code begins on the first line. */
  readonly firstColumn: number;
}

/** All places where a script can stop, in the order of the source. */
export async function breakPlacesOf(
  inspector: InspectorClient,
  { scriptId, positions, firstColumn }: PlacedScript,
): Promise<BreakPlace[]> {
  const { locations } = await inspector.post<Debugger.GetPossibleBreakpointsReturnType>(
    "Debugger.getPossibleBreakpoints",
    { start: { scriptId, lineNumber: 0, columnNumber: 0 } },
  );
  return toBreakPlaces(locations, positions, firstColumn);
}

/** Makes a function of a cell: it is compiled and never called. */
const WRAPPER = "(async()=>{";
const READ_ONLY_GROUP = "break-places";

/** The places of a cell's compiled code, which is read for that but not run. */
export async function breakPlacesOfCode(
  inspector: InspectorClient,
  javascript: string,
  positions: SourcePositions,
): Promise<BreakPlace[]> {
  const body = javascript.replace(/\n\/\/# sourceURL=.*$/, "");
  const { result } = await inspector.post<Runtime.EvaluateReturnType>("Runtime.evaluate", {
    expression: `${WRAPPER}${body}\n})`,
    objectGroup: READ_ONLY_GROUP,
    silent: true,
  });
  const scriptId = await scriptOf(inspector, result);
  if (scriptId === undefined) return [];
  const { locations } = await inspector.post<Debugger.GetPossibleBreakpointsReturnType>(
    "Debugger.getPossibleBreakpoints",
    { start: { scriptId, lineNumber: 0, columnNumber: WRAPPER.length } },
  );
  inspector.tell("Runtime.releaseObjectGroup", { objectGroup: READ_ONLY_GROUP });
  const lastLine = body.split("\n").length;
  const unwrapped = locations
    .filter(({ lineNumber }) => lineNumber < lastLine)
    .map((one) => ({ ...one, columnNumber: unwrappedColumn(one) }));
  return toBreakPlaces(unwrapped, positions, FIRST_COLUMN);
}

/** The script that a function stands in. */
async function scriptOf(
  inspector: InspectorClient,
  { objectId }: Runtime.RemoteObject,
): Promise<string | undefined> {
  if (objectId === undefined) return undefined;
  const { internalProperties = [] } = await inspector.post<Runtime.GetPropertiesReturnType>(
    "Runtime.getProperties",
    { objectId, ownProperties: true },
  );
  const location = internalProperties.find(({ name }) => name === "[[FunctionLocation]]");
  return (location?.value?.value as Debugger.Location | undefined)?.scriptId;
}

const unwrappedColumn = ({ lineNumber, columnNumber = 0 }: Debugger.BreakLocation): number =>
  lineNumber === 0 ? columnNumber - WRAPPER.length : columnNumber;

function toBreakPlaces(
  locations: readonly Debugger.BreakLocation[],
  positions: SourcePositions,
  firstColumn: number,
): BreakPlace[] {
  const places: BreakPlace[] = [];
  for (const { lineNumber, columnNumber = 0 } of locations) {
    if (lineNumber === 0 && columnNumber < firstColumn) continue;
    const source = positions.toTypeScript(lineNumber, columnNumber);
    if (source) places.push({ source, script: { line: lineNumber, column: columnNumber } });
  }
  return places.sort((a, b) => a.source.line - b.source.line || a.source.column - b.source.column);
}

/** The place where a breakpoint on `line` takes hold: the first statement there or below. */
export function placeForLine(places: readonly BreakPlace[], line: number): BreakPlace | undefined {
  return places.find(({ source }) => source.line >= line);
}
