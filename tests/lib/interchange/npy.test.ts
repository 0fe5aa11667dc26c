// npy: NumPy's files are read, ours are the same bytes as NumPy's, and what is damaged or no array of numbers is refused.
// Covers: lib/interchange/npy-header.ts
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { DataError, readNpy, tensor, writeNpy, zeros } from "../../../lib/index.ts";

const golden = (name: string): Buffer =>
  readFileSync(new URL(`../../golden/interchange/${name}.npy`, import.meta.url));

const NUMBERS = [
  [1.5, -2, 0.25],
  [3, 0, -0.5],
];

/** A file of version 1 with any header. */
function file(header: string, data: readonly number[] = []): Uint8Array {
  const length = Buffer.alloc(2);
  length.writeUInt16LE(header.length);
  return Buffer.concat([
    Buffer.of(0x93),
    Buffer.from("NUMPY"),
    Buffer.of(1, 0),
    length,
    Buffer.from(header),
    Buffer.from(data),
  ]);
}

const described = (descr: string, shape: string, order = "False"): string =>
  `{'descr': ${descr}, 'fortran_order': ${order}, 'shape': ${shape}, }\n`;

describe("a file of NumPy", () => {
  test.each([
    ["float32", "float32", NUMBERS],
    ["bool", "bool", [true, false]],
    ["fortran-big", "float64", NUMBERS],
    ["version-2", "int32", 7],
    ["version-3", "float64", NUMBERS],
  ] as const)("%s is read as %s", (name, dtype, values) => {
    const x = readNpy(golden(name));
    expect([x.dtype, x.toArray()]).toEqual([dtype, values]);
  });

  test.each([
    ["float32", tensor(NUMBERS)],
    ["bool", tensor([true, false])],
  ])("%s has the bytes that ours has", (name, x) => {
    expect(Buffer.from(writeNpy(x))).toEqual(golden(name));
  });

  test.each([
    ["objects", "Those are stored by pickle, which runs programs when it is read"],
    ["records", "got records. In Python, save one array of numbers"],
    ["complex", "b1, got '<c8'"],
  ])("of %s is refused with the reason", (name, reason) => {
    expect(() => readNpy(golden(name))).toThrow(DataError);
    expect(() => readNpy(golden(name))).toThrow(reason);
  });

  test("is refused when any byte is missing, or one too many", () => {
    for (const name of ["float32", "version-2"]) {
      const bytes = golden(name);
      for (let length = 0; length < bytes.length; length++) {
        expect(() => readNpy(bytes.subarray(0, length))).toThrow(DataError);
      }
      const longer = Buffer.concat([bytes, Buffer.of(0)]);
      expect(() => readNpy(longer)).toThrow("More than one array is in it");
    }
  });
});

describe("what is written", () => {
  test.each([[[]], [[1]], [[5]], [[2, 3]], [[1, 1, 2, 1]]])("of shape %j comes back", (shape) => {
    const x = zeros(shape, { dtype: "float64" });
    expect(readNpy(writeNpy(x)).shape).toEqual(shape);
  });

  test("starts its numbers at a multiple of 64 bytes, however long the shape is", () => {
    for (const rank of [0, 1, 5, 20, 40]) {
      const bytes = writeNpy(zeros(Array(rank).fill(1)));
      expect((bytes.length - 4) % 64).toBe(0);
      expect(readNpy(bytes).rank).toBe(rank);
    }
  });
});

describe("a header", () => {
  test.each([
    "{'descr':'<f4','fortran_order':False,'shape':(1,)}",
    "{'shape': (1L,), 'fortran_order': False, 'descr': '<f4'}  ",
    "{'descr': 'f4', 'fortran_order': False, 'shape': (1), }",
  ])("%s is understood", (header) => {
    expect(readNpy(file(header, [0, 0, 0x80, 0x3f])).toArray()).toEqual([1]);
  });

  test.each([
    ["no dictionary", "hello", "expects a header such as"],
    ["nothing", "", "expects a header such as"],
    ["two entries", "{'descr': '<f4', 'shape': (1,)}", "expects a header such as"],
    [
      "an entry too many",
      "{'descr': '<f4', 'fortran_order': False, 'shape': (1,), 'more': 'x'}",
      "expects a header such as",
    ],
    [
      "an entry twice",
      "{'descr': '<f4', 'descr': '<f4', 'shape': (1,)}",
      "expects a header such as",
    ],
    [
      "a program",
      "{'descr': exec('x'), 'fortran_order': False, 'shape': (1,)}",
      "expects a header such as",
    ],
    [
      "something behind it",
      "{'descr': '<f4', 'fortran_order': False, 'shape': (1,)} x",
      "expects a header such as",
    ],
    [
      "values in each other's place",
      "{'descr': True, 'fortran_order': '<f4', 'shape': (1,)}",
      "expects a header such as",
    ],
    [
      "a number for the order",
      "{'descr': '<f4', 'fortran_order': '0', 'shape': (1,)}",
      "expects a header such as",
    ],
    ["a negative axis", described("'<f4'", "(-1,)"), "expects a header such as"],
    ["an empty axis", described("'<f4'", "(2, 0)"), "Leave empty tensors out of the file"],
    ["two commas", described("'<f4'", "(2,,3)"), "whole numbers, got (2,,3)"],
    ["65 axes", described("'<f4'", `(${"1,".repeat(65)})`), "expects up to 64 axes, got 65"],
    ["an axis beyond exact numbers", described("'<f4'", "(9007199254740993,)"), "whole numbers"],
    [
      "a product beyond exact numbers",
      described("'<f4'", "(4294967296, 4294967296)"),
      "expects fewer than 2^53 bytes",
    ],
    [
      "more numbers than there are",
      described("'<f4'", "(1000000000,)"),
      "takes 4000000000 bytes behind the header, got 4. The file is cut off",
    ],
    ["long doubles", described("'<f16'", "(1,)"), "b1, got '<f16'"],
    ["text", described("'<U3'", "(1,)"), "got '<U3'"],
    ["objects with an order", described("'|O8'", "(1,)"), "stored by pickle"],
  ])("with %s is refused", (_, header, message) => {
    const bytes = file(header, [0, 0, 0, 0]);
    expect(() => readNpy(bytes)).toThrow(DataError);
    expect(() => readNpy(bytes)).toThrow(message);
  });

  test("of 100 kB is refused before it is read", () => {
    const bytes = Buffer.concat([
      Buffer.of(0x93),
      Buffer.from("NUMPY"),
      Buffer.of(2, 0, 0, 0, 0, 0x7f),
    ]);
    expect(() => readNpy(bytes)).toThrow("at most 10000 bytes; this one claims 2130706432");
  });

  test("of another version or kind of file is refused", () => {
    const bytes = file(described("'<f4'", "(1,)"), [0, 0, 0, 0]);
    bytes[6] = 4;
    expect(() => readNpy(bytes)).toThrow("expects version 1, 2 or 3 of the npy format, got 4");
    expect(() => readNpy(Buffer.from("PK\u0003\u0004"))).toThrow(
      "starts with the bytes 93 4E 55 4D 50 59, got 504b0304",
    );
    expect(() => readNpy([1] as unknown as Uint8Array)).toThrow("expects the bytes of a file");
  });
});
