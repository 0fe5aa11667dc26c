// Preparing a function: with its memory, or not at all where a machine or an engine lacks what it needs.
import { afterEach, expect, test, vi } from "vitest";
import { i32x4, type ModuleFunction, v128, i32 } from "../../../lib/webassembly/assembler.ts";
import { webassemblyEngine } from "../../../lib/webassembly/engine.ts";

const storeSevens: ModuleFunction = {
  parameters: [],
  variables: [],
  body: v128.store(i32.constant(16), 0, i32x4.splat(i32.constant(7))),
};

afterEach(() => void vi.unstubAllGlobals());

test("the function works on the memory that comes with it, which has at least the asked size", () => {
  const { memory, run } = webassemblyEngine(storeSevens, 65_537)!;
  run();
  expect([...new Uint32Array(memory, 12, 6)]).toEqual([0, 7, 7, 7, 7, 0]);
  expect(memory.byteLength).toBe(2 * 65_536);
});

test("there is none without WebAssembly, without vector registers, or without room for the memory", () => {
  const real = (globalThis as unknown as { WebAssembly: object }).WebAssembly;
  const instead = (changes: object | undefined): unknown => {
    vi.stubGlobal("WebAssembly", changes && Object.assign(Object.create(real), changes));
    return webassemblyEngine(storeSevens, 1);
  };
  const failing = (error: Error): object => ({
    Instance: function () {
      throw error;
    },
  });
  expect(instead({})).toBeDefined();
  expect(instead(undefined)).toBeUndefined();
  expect(instead({ validate: () => false })).toBeUndefined();
  expect(instead(failing(new RangeError("could not allocate memory")))).toBeUndefined();
  expect(() => instead(failing(new TypeError("not a module")))).toThrow("not a module");
});
