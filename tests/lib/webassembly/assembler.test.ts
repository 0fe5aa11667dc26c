// The assembler: numbers as the WebAssembly specification writes them, and a module that the engine takes.
import { expect, test } from "vitest";
import { addTiles } from "../../../lib/backends/webassembly/micro-kernel.ts";
import { i32, local, moduleBytes } from "../../../lib/webassembly/assembler.ts";

// Encodings from the DWARF standard, version 4, figures 22 and 23, and from the article "LEB128" of Wikipedia.
test.each([
  [2, [2]],
  [-2, [0x7e]],
  [127, [0xff, 0]],
  [-127, [0x81, 0x7f]],
  [128, [0x80, 1]],
  [-128, [0x80, 0x7f]],
  [-123_456, [0xc0, 0xbb, 0x78]],
])("the signed number %i is written in as few bytes as hold it and its sign", (value, bytes) => {
  expect(i32.constant(value)).toEqual([0x41, ...bytes]);
});

test.each([
  [2, [2]],
  [127, [127]],
  [128, [0x80, 1]],
  [12_857, [0xb9, 0x64]],
  [624_485, [0xe5, 0x8e, 0x26]],
])("the unsigned number %i is written in as few bytes as hold it", (value, bytes) => {
  expect(local.get(value)).toEqual([0x20, ...bytes]);
});

test("the engine accepts the module of a function, and refuses it when its body leaves something behind", () => {
  const { WebAssembly: api } = globalThis as unknown as {
    WebAssembly: { validate: (bytes: Uint8Array) => boolean };
  };
  expect(api.validate(moduleBytes(addTiles, 1))).toBe(true);
  const untidy = { ...addTiles, body: [...addTiles.body, ...i32.constant(1)] };
  expect(api.validate(moduleBytes(untidy, 1))).toBe(false);
});
