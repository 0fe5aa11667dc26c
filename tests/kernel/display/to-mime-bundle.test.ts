// What a notebook shows for values of every kind, friendly and hostile.
// Covers: kernel/display/*.ts
import { describe, expect, test } from "vitest";
import { DISPLAY_SYMBOL } from "../../../kernel/display/mime-bundle.ts";
import type { MimeBundle } from "../../../kernel/display/mime-bundle.ts";
import { toMimeBundle } from "../../../kernel/display/to-mime-bundle.ts";

const PNG =
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";

const bundleOf = (value: unknown): MimeBundle => toMimeBundle(value) as MimeBundle;
const plain = (value: unknown): string => String(bundleOf(value)["text/plain"]);

describe("plain text", () => {
  class Vis {
    alpha = 1;
    beta = [1, 2];
  }
  test.each([
    [null, "null"],
    [42, "42"],
    [-0, "-0"],
    [10n, "10n"],
    ["it's", '"it\'s"'],
    [Symbol("s"), "Symbol(s)"],
    [[1, "a", [2]], "[ 1, 'a', [ 2 ] ]"],
    [{ a: { b: { c: { d: 1 } } } }, "{ a: { b: { c: { d: 1 } } } }"],
    [new Set([1, 2]), "Set(2) { 1, 2 }"],
    [new Map([["mk", { v: [1] }]]), "Map(1) { 'mk' => { v: [ 1 ] } }"],
    [new Vis(), "Vis { alpha: 1, beta: [ 1, 2 ] }"],
    [function named() {}, "[Function: named]"],
    [Vis, "[class Vis]"],
    [new Date(0), "1970-01-01T00:00:00.000Z"],
    [Promise.resolve(5), "Promise { 5 }"],
    [/x/g, "/x/g"],
    [Object.create(null), "[Object: null prototype] {}"],
  ])("shows %o", (value, expected) => {
    expect(plain(value)).toBe(expected);
  });

  test("undefined is no result", () => {
    expect(toMimeBundle(undefined)).toBeUndefined();
  });

  test("holds no colour codes, and an error shows its stack", () => {
    expect(plain(new RangeError("shown"))).toMatch(/^RangeError: shown\n {4}at /);
    expect(plain({ a: [1, null, "x"] })).not.toContain("\u001B");
  });

  test("long lists, texts and objects are cut and say so", () => {
    expect(plain(new Float32Array(100_000))).toContain("99900 more items");
    expect(plain("x".repeat(1_000_000))).toContain("990000 more characters");
    const wide = Object.fromEntries(Array.from({ length: 100_000 }, (_, i) => [`k${i}`, i]));
    expect(plain(wide)).toContain("99800 more keys");
    expect(plain({ wide }).length).toBeLessThan(110_000);
  });

  test("a tree of a million leaves is shown by its upper levels, quickly", () => {
    const level = (depth: number): unknown =>
      depth === 0 ? 1 : Array.from({ length: 100 }, () => level(depth - 1));
    const tree = level(3);
    const started = performance.now();
    expect(plain({ tree, again: [tree, tree] }).length).toBeLessThan(110_000);
    expect(performance.now() - started).toBeLessThan(1000);
  });

  test("cycles are shown", () => {
    const ring: Record<string, unknown> = { name: "ring" };
    ring["self"] = ring;
    expect(plain(ring)).toContain("[Circular *1]");
  });
});

describe("values that show themselves", () => {
  const showing = (method: () => unknown): object => ({ own: 1, [DISPLAY_SYMBOL]: method });

  test("their bundle is taken and completed with plain text", () => {
    const bundle = bundleOf(showing(() => ({ "text/html": "<u>x</u>", "text/latex": undefined })));
    expect(bundle["text/html"]).toBe("<u>x</u>");
    expect(bundle).not.toHaveProperty("text/latex");
    expect(bundle["text/plain"]).toContain("own: 1");
  });

  test("a promise of a bundle is awaited", async () => {
    const bundle = await toMimeBundle(showing(async () => ({ "text/plain": "later" })));
    expect(bundle).toEqual({ "text/plain": "later" });
  });

  test("bytes become base64 and typed arrays in data become arrays", () => {
    const bytes = Uint8Array.of(1, 2, 3);
    const bundle = bundleOf(
      showing(() => ({
        "image/png": bytes,
        "application/json": { x: Float32Array.of(1, 2), n: 3n },
      })),
    );
    expect(bundle["image/png"]).toBe("AQID");
    expect(bundle["application/json"]).toEqual({ x: [1, 2], n: 3 });
  });

  test.each([
    [
      "throws",
      () => {
        throw new Error("broken view");
      },
      "broken view",
    ],
    [
      "rejects",
      async () => {
        throw new Error("late");
      },
      "late",
    ],
    ["gives no object", () => 7, "a mime bundle must be an object"],
    [
      "gives a cycle",
      () => {
        const a: unknown[] = [];
        a.push(a);
        return { "application/json": a };
      },
      "cycles",
    ],
  ])("one whose method %s is shown as text with the reason", async (_title, method, reason) => {
    const bundle = await toMimeBundle(showing(method));
    expect(bundle?.["text/plain"]).toContain("own: 1");
    expect(bundle?.["text/plain"]).toContain(reason);
  });
});

describe("hostile values", () => {
  const boom = (): never => {
    throw new Error("boom");
  };
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  test.each([
    ["a getter", Object.defineProperty({}, "g", { get: boom, enumerable: true })],
    ["a custom inspect", { [Symbol.for("nodejs.util.inspect.custom")]: boom }],
    ["toString and toJSON", { toString: boom, toJSON: boom, valueOf: boom }],
    ["a proxy", new Proxy({}, { get: boom, ownKeys: boom, getPrototypeOf: boom, has: boom })],
    ["a revoked proxy", proxy],
    ["Symbol.toStringTag", Object.defineProperty({}, Symbol.toStringTag, { get: boom })],
    ["a getter for the display method", Object.defineProperty({}, DISPLAY_SYMBOL, { get: boom })],
    ["rows", [{ a: 1 }, Object.defineProperty({}, "a", { get: boom, enumerable: true })]],
    ["a message", Object.defineProperty(new Error("m"), "message", { get: boom })],
  ])("%s that throws does not break the display", (_title, value) => {
    expect(typeof plain(value)).toBe("string");
  });
});

describe("tables", () => {
  const html = (value: unknown): unknown => bundleOf(value)["text/html"];

  test("flat records become rows under the union of their keys", () => {
    const table = html([
      { a: 1, b: "x" },
      { a: 2, c: null },
    ]);
    expect(table).toMatch(/<th[^>]*><\/th><th[^>]*>a<\/th><th[^>]*>b<\/th><th[^>]*>c<\/th>/);
    expect(table).toMatch(
      /text-align: right; white-space: pre;">2<\/td><td[^>]*><\/td><td[^>]*>null<\/td>/,
    );
  });

  test("a Map becomes keys and values, or columns when its values are records", () => {
    expect(html(new Map([["k", [1, 2]]]))).toMatch(/>k<\/td><td[^>]*>\[ 1, 2 \]<\/td>/);
    expect(html(new Map([["k", { loss: 3 }]]))).toMatch(/>key<\/th><th[^>]*>loss<[^]*>3<\/td>/);
  });

  test("long and wide tables are cut, and count the rest", () => {
    const rows = Array.from({ length: 5000 }, (_, i) => ({ i }));
    expect(html(rows)).toContain("first 100 of 5,000 rows");
    expect(String(html(new Map(rows.entries()))).length).toBeLessThan(40_000);
    const names = Array.from({ length: 31 }, (_, i) => [`c${i}`, i]);
    const wide = Array.from({ length: 90 }, () => Object.fromEntries(names));
    expect(html(wide)).toContain("first 50 of 90 rows, 11 more columns");
    expect(String(html(wide)).length).toBeLessThan(150_000);
  });

  test("content is escaped", () => {
    const table = String(html([{ "<b>": '<img src="x" onerror="alert(1)">&' }]));
    expect(table).not.toContain("<b>");
    expect(table).toContain("&lt;img src=&quot;x&quot; onerror=&quot;alert(1)&quot;&gt;&amp;");
  });

  test.each([
    ["numbers", [1, 2]],
    ["nested records", [{ a: { b: 1 } }]],
    ["instances", [new Date(0)]],
    ["nothing", []],
    ["empty records", [{}]],
    ["an empty map", new Map()],
    ["one record", { a: 1 }],
  ])("%s are no table", (_title, value) => {
    expect(html(value)).toBeUndefined();
  });
});

test("the bytes of a picture are shown as the picture", () => {
  const bundle = bundleOf(Buffer.from(PNG, "base64"));
  expect(bundle).toEqual({ "image/png": PNG, "text/plain": "PNG image, 1 x 1 pixels, 70 bytes" });
  expect(bundleOf(Uint8Array.of(1, 2))).toEqual({ "text/plain": "Uint8Array(2) [ 1, 2 ]" });
});
