// Places of modules, by their source maps.
import { expect, test } from "vitest";
import { transformSync } from "oxc-transform";
import { readSourceMap } from "../../../kernel/debug/source-positions.ts";

const SOURCE = `interface Skipped { x: number }

export function twice(x: number): number {
  return x * 2;
}
`;

test("a line of TypeScript is found in the JavaScript and back", () => {
  const { code, map } = transformSync("twice.ts", SOURCE, { sourcemap: true });
  const mapped = readSourceMap(JSON.stringify(map));
  const inScript = mapped?.positions.toJavaScript(3, 0);
  expect(code.split("\n")[inScript?.line ?? -1]).toContain("return x * 2");
  expect(mapped?.positions.toTypeScript(inScript?.line ?? -1, inScript?.column ?? -1)?.line).toBe(
    3,
  );
  expect(mapped).toMatchObject({ source: "twice.ts", content: SOURCE });
});

test("a map of many sources, and what is no map, is none", () => {
  const map = { version: 3, sources: ["a.ts", "b.ts"], names: [], mappings: "" };
  expect(readSourceMap(JSON.stringify(map))).toBeUndefined();
  expect(readSourceMap("no map")).toBeUndefined();
});
