// Where a place in a running script stands in its source, and back: for cells, for compiled modules and for plain JavaScript.
import {
  allGeneratedPositionsFor,
  GREATEST_LOWER_BOUND,
  LEAST_UPPER_BOUND,
  originalPositionFor,
  TraceMap,
} from "@jridgewell/trace-mapping";
import type { Place } from "../compile/positions.ts";

/** Translates places of one script; lines and columns count from 0. */
export interface SourcePositions {
  /** The place in the source; undefined for code that a compiler added. */
  toTypeScript(line: number, column: number): Place | undefined;
  /** The first place in the script made from this place in the source or, on its line, from what follows. */
  toJavaScript(line: number, column: number): Place | undefined;
}

/** For a script that is its own source. */
export const SAME_PLACES: SourcePositions = {
  toTypeScript: (line, column) => ({ line, column }),
  toJavaScript: (line, column) => ({ line, column }),
};

/** What a source map says about a module. */
export interface MappedModule {
  readonly positions: SourcePositions;
  /** As the map names it, relative to the map. */
  readonly source: string;
  /** The text of the source, where the map carries it. */
  readonly content: string | undefined;
}

/** Reads the source map of a module with one source; undefined for any other. */
export function readSourceMap(text: string): MappedModule | undefined {
  let map: TraceMap;
  try {
    map = new TraceMap(text);
  } catch {
    return undefined;
  }
  const [source] = map.sources;
  if (map.sources.length !== 1 || !source) return undefined;
  return {
    positions: positionsOf(map, source),
    source,
    content: map.sourcesContent?.[0] ?? undefined,
  };
}

function positionsOf(map: TraceMap, source: string): SourcePositions {
  return {
    toTypeScript(line, column) {
      for (const bias of [GREATEST_LOWER_BOUND, LEAST_UPPER_BOUND] as const) {
        const found = originalPositionFor(map, { line: line + 1, column, bias });
        if (found.line !== null) return { line: found.line - 1, column: found.column };
      }
      return undefined;
    },
    toJavaScript(line, column) {
      const needle = { source, line: line + 1, column, bias: LEAST_UPPER_BOUND } as const;
      const found = allGeneratedPositionsFor(map, needle).filter((one) => one.line !== null);
      const [first] = found.toSorted((a, b) => a.line - b.line || a.column - b.column);
      return first && { line: first.line - 1, column: first.column };
    },
  };
}
