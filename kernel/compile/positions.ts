// Where a place in the compiled JavaScript came from in the learner's TypeScript, and back.
/** A place in a text: line and column count from 0, columns in UTF-16 units. */
export interface Place {
  line: number;
  column: number;
}

/** Pairs of places, four numbers each: JavaScript line, column, TypeScript line, column. */
export type PositionData = Int32Array;

/** Translates places of one compiled cell. Survives as plain data, so any process can use it. */
export class CellPositions {
  #make: (() => PositionData) | undefined;
  #pairs: PositionData | undefined;
  #bySource: number[] | undefined;

  /** @param pairs - the pairs in JavaScript order, or a function that makes them when first needed */
  constructor(pairs: PositionData | (() => PositionData)) {
    this.#make = typeof pairs === "function" ? pairs : () => pairs;
  }

  /** The pairs themselves, to send to another process. */
  toData(): PositionData {
    this.#pairs ??= this.#make?.() ?? new Int32Array(0);
    // What the pairs are made from is much larger than they are.
    this.#make = undefined;
    return this.#pairs;
  }

  /** The TypeScript place of a JavaScript place; undefined for code that the compiler added. */
  toTypeScript(line: number, column: number): Place | undefined {
    const pairs = this.toData();
    let low = 0;
    let high = pairs.length / 4;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (isAfter(pairs, middle * 4, line, column)) high = middle;
      else low = middle + 1;
    }
    // What the compiler put before a line's first token belongs to that token.
    const found = [low - 1, low].map((pair) => pair * 4).find((at) => pairs[at] === line);
    if (found === undefined) return undefined;
    return { line: pairs[found + 2]!, column: pairs[found + 3]! };
  }

  /** The first JavaScript place made from this TypeScript place or from code after it. */
  toJavaScript(line: number, column: number): Place | undefined {
    const pairs = this.toData();
    this.#bySource ??= sourceOrder(pairs);
    const found = this.#bySource.find(
      (at) => pairs[at + 2]! > line || (pairs[at + 2] === line && pairs[at + 3]! >= column),
    );
    return found === undefined ? undefined : { line: pairs[found]!, column: pairs[found + 1]! };
  }
}

/** An edited text whose characters know their place in the source. */
interface MovedText {
  readonly text: string;
  toSource(offset: number): number;
}

/** Pairs that lead to places of `moved.text` lead to places of `source` afterwards. */
export function movePairs(pairs: PositionData, moved: MovedText, source: string): PositionData {
  const from = lineStarts(moved.text);
  const to = lineStarts(source);
  const result = pairs.slice();
  for (let at = 0; at < pairs.length; at += 4) {
    const offset = moved.toSource((from[pairs[at + 2]!] ?? 0) + pairs[at + 3]!);
    const line = to.findLastIndex((start) => start <= offset);
    result[at + 2] = line;
    result[at + 3] = offset - to[line]!;
  }
  return result;
}

function lineStarts(text: string): number[] {
  return [0, ...[...text.matchAll(/\r\n|\r|\n/g)].map(({ 0: end, index }) => index + end.length)];
}

function isAfter(pairs: PositionData, at: number, line: number, column: number): boolean {
  return pairs[at]! > line || (pairs[at] === line && pairs[at + 1]! > column);
}

function sourceOrder(pairs: PositionData): number[] {
  const order = Array.from({ length: pairs.length / 4 }, (_, index) => index * 4);
  return order.sort((a, b) => pairs[a + 2]! - pairs[b + 2]! || pairs[a + 3]! - pairs[b + 3]!);
}
