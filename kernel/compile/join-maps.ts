// Source maps of two steps become pairs of places; apart from them, because only the host needs a library for it.
import { TraceMap, traceSegment } from "@jridgewell/trace-mapping";
import type { SourceMapSegment, EncodedSourceMap } from "@jridgewell/trace-mapping";
import type { PositionData } from "./positions.ts";

/** Joins the map of the edits (final to transpiled) with the transpiler's map (transpiled to source). */
export function joinMaps(
  edits: SourceMapSegment[][],
  transpiled: EncodedSourceMap,
  firstLineShift: number,
): PositionData {
  const trace = new TraceMap(transpiled);
  const pairs: number[] = [];
  for (const [line, segments] of edits.entries()) {
    for (const segment of segments) {
      if (segment.length === 1) continue;
      const origin = traceSegment(trace, segment[2], segment[3]);
      if (!origin || origin.length === 1) continue;
      const shift = origin[2] === 0 ? firstLineShift : 0;
      pairs.push(line, segment[0], origin[2], Math.max(0, origin[3] - shift));
    }
  }
  return Int32Array.from(pairs);
}
