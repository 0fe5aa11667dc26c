// The parts of the standard library that an older Node lacks: there when used, not loaded before.
import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";

/** The Node that runs the kernel; another one than ours when the environment names it. */
const NODE = process.env["GRADLAB_TEST_NODE"] ?? process.execPath;
const MODULE = new URL(
  "../../../../dist/kernel/execute/runtime/standard-library.js",
  import.meta.url,
);

/** The value of an expression in a fresh process, as JSON makes it. */
function inFreshProcess(expression: string): unknown {
  const program = `import { completeStandardLibrary } from ${JSON.stringify(MODULE.href)};
    import { createRequire } from "node:module";
    completeStandardLibrary();
    const loaded = () => Object.keys(createRequire(import.meta.url).cache).filter((path) => path.includes("core-js")).length;
    console.log(JSON.stringify(await (${expression})));`;
  const text = execFileSync(NODE, ["--input-type=module", "-e", program], {
    encoding: "utf8",
    cwd: fileURLToPath(new URL(".", import.meta.url)),
  });
  return JSON.parse(text) as unknown;
}

describe("what cells may use", () => {
  test.each([
    ["Array.fromAsync([1, Promise.resolve(2)])", [1, 2]],
    ["Object.groupBy([1, 2, 3], (n) => (n % 2 ? 'odd' : 'even'))", { odd: [1, 3], even: [2] }],
    [
      "[...Map.groupBy([1, 2, 3], (n) => n % 2)]",
      [
        [1, [1, 3]],
        [0, [2]],
      ],
    ],
    [
      "(() => { const { promise, resolve } = Promise.withResolvers(); resolve(3); return promise })()",
      3,
    ],
    ["Promise.try(() => 4)", 4],
    ["[...new Set([1, 2]).union(new Set([2, 3]))]", [1, 2, 3]],
    ["[...new Set([1, 2]).symmetricDifference(new Set([2, 3]))]", [1, 3]],
    ["new Set([1]).isSubsetOf(new Set([1, 2]))", true],
    ["[1, 2, 3].values().map((n) => n * 2).filter((n) => n > 2).toArray()", [4, 6]],
    ["(function* () { let n = 0; while (true) yield n++ })().drop(2).take(2).toArray()", [2, 3]],
    ["Iterator.from({ next: () => ({ done: true }) }).toArray()", []],
    ["[].values() instanceof Iterator", true],
    ["Iterator.concat([1], [2]).toArray()", [1, 2]],
    ["RegExp.escape('a.b')", "\\x61\\.b"],
    ["Error.isError(new TypeError('x'))", true],
    ["new Map([[1, 2]]).getOrInsert(1, 3)", 2],
    ["new Uint8Array([1, 255]).toHex()", "01ff"],
    ["[...Uint8Array.fromBase64('AQI=')]", [1, 2]],
    ["new ArrayBuffer(8).transfer(4).byteLength", 4],
    ["Math.sumPrecise([0.1, 0.2, -0.3])", 2.7755575615628914e-17],
    [
      "(() => { let n = 0; { const s = new DisposableStack(); s.defer(() => n++); s.dispose() } return n })()",
      1,
    ],
    ["new SuppressedError(1, 2).suppressed", 2],
  ])("%s", (expression, expected) => {
    expect(inFreshProcess(expression)).toEqual(expected);
  });
});

test("nothing is loaded before it is used, and lists of properties stay clean", () => {
  expect(inFreshProcess("[loaded(), Object.keys(Array), Object.keys(Set.prototype)]")).toEqual([
    0,
    [],
    [],
  ]);
});

test("who brings a method of his own keeps it", () => {
  expect(inFreshProcess("((Set.prototype.union = () => 'own'), new Set().union())")).toBe("own");
});
