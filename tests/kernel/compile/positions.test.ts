// Places map from running JavaScript to the learner's TypeScript and back, also in another process.
import { expect, test } from "vitest";
import { compileCell } from "../../../kernel/compile/compile-cell.ts";
import type { CompiledCell } from "../../../kernel/compile/compile-cell.ts";
import { CellPositions } from "../../../kernel/compile/positions.ts";
import type { Place } from "../../../kernel/compile/positions.ts";
import { placeOf } from "../../../kernel/compile/syntax-error.ts";

const SOURCE = `import { readFileSync as rf, type Stats } from "node:fs";
interface Erased { x: number }
enum Color { Red, Green = 5 }
const first: Erased = { x: 1 };
export async function later<T>(x: T): Promise<T> {
  const doubled = (x as unknown as number) * 2; // "😀"
  throw new RangeError(String(doubled));
}
class Pair { constructor(private left: number) {} }
for await (const item of [first]) console.log(item.x);
await later(3);`;

function compiled(source: string): CompiledCell {
  const cell = compileCell(source, { number: 1, name: "cell-1.ts" });
  if (!cell.ok) throw new SyntaxError(cell.evalue);
  return cell;
}

/** The place of a text in JavaScript, mapped to TypeScript, as the source text that begins there. */
function sourceAt(cell: CompiledCell, source: string, needle: string): string {
  const at = placeOf(cell.javascript, cell.javascript.indexOf(needle));
  const place = cell.positions.toTypeScript(at.line, at.column);
  return place ? source.split("\n")[place.line]!.slice(place.column) : "";
}

test.each([
  ["RangeError(", "RangeError("],
  ["String(doubled)", "String(doubled)"],
  ["doubled = ", "doubled = "],
  ["Pair {", "Pair {"],
  ["console.log", "console.log"],
  ["later(3)", "later(3)"],
  ['E["Red"', ""],
])("%s in the JavaScript is found in the TypeScript", (needle, expected) => {
  const cell = compiled(SOURCE);
  expect(sourceAt(cell, SOURCE, needle).startsWith(expected)).toBe(true);
});

test("a breakpoint's line finds the first JavaScript made from it or from the next code", () => {
  const cell = compiled(SOURCE);
  const back = (place: Place | undefined): number | undefined =>
    place && cell.positions.toTypeScript(place.line, place.column)?.line;
  for (const line of [3, 5, 6, 8, 9, 10])
    expect(back(cell.positions.toJavaScript(line, 0))).toBe(line);
  expect(back(cell.positions.toJavaScript(1, 0))).toBe(2);
  expect(cell.positions.toJavaScript(99, 0)).toBeUndefined();
});

test("the pairs are plain data that another process can use", () => {
  const cell = compiled(SOURCE);
  const copy = new CellPositions(structuredClone(cell.positions.toData()));
  expect(copy.toTypeScript(3, 5)).toEqual(cell.positions.toTypeScript(3, 5));
  expect(copy.toJavaScript(6, 2)).toEqual(cell.positions.toJavaScript(6, 2));
});

test("code that the compiler added alone on its line has no place", () => {
  const cell = compiled("1 + 1");
  expect(cell.positions.toTypeScript(50, 0)).toBeUndefined();
});
