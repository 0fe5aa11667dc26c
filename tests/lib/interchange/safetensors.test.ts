// safetensors: what is written comes back, files of the reference implementation are read, damaged ones are refused.
// Covers: lib/interchange/safetensors-header.ts, lib/interchange/stored-shape.ts
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import {
  ArgumentError,
  DataError,
  readSafetensors,
  type Tensor,
  tensor,
  writeSafetensors,
} from "../../../lib/index.ts";

/** A file with any header, right or wrong, and zeros behind it. */
function file(header: unknown, dataLength = 0): Uint8Array {
  const text = Buffer.from(typeof header === "string" ? header : JSON.stringify(header));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(text.length));
  return Buffer.concat([length, text, Buffer.alloc(dataLength)]);
}

const headerOf = (bytes: Uint8Array): string => {
  const length = Number(new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0, true));
  return Buffer.from(bytes.subarray(8, 8 + length)).toString();
};

const float = (shape: number[], begin: number, end: number) => ({
  dtype: "F32",
  shape,
  data_offsets: [begin, end],
});

describe("what is written", () => {
  const tensors = new Map<string, Tensor>([
    ["small", tensor([true, false, true])],
    [
      "0.weight",
      tensor([
        [1.5, -2],
        [Number.NaN, Infinity],
      ]),
    ],
    ["count", tensor(-7, { dtype: "int32" })],
    ["exact", tensor([0.1, 1e-300], { dtype: "float64" })],
  ]);

  test("comes back with names, shapes, element types, numbers and metadata", () => {
    const back = readSafetensors(writeSafetensors(tensors, { metadata: { format: "pt" } }));
    expect({ ...back.metadata }).toEqual({ format: "pt" });
    expect(new Set(back.tensors.keys())).toEqual(new Set(tensors.keys()));
    for (const [name, original] of tensors) {
      const read = back.tensors.get(name)!;
      expect([read.shape, read.dtype]).toEqual([original.shape, original.dtype]);
      expect(read.toArray()).toEqual(original.toArray());
    }
  });

  test("has a header of a multiple of 8 bytes and wide elements first, so that numbers are aligned", () => {
    const header = headerOf(writeSafetensors(tensors));
    expect(header.length % 8).toBe(0);
    const offsets = JSON.parse(header) as Record<string, { data_offsets: number[] }>;
    expect(
      Object.fromEntries(Object.entries(offsets).map(([name, { data_offsets: at }]) => [name, at])),
    ).toEqual({
      exact: [0, 16],
      "0.weight": [16, 32],
      count: [32, 36],
      small: [36, 39],
    });
  });

  test("is the same for the same tensors in another order", () => {
    const reversed = new Map([...tensors].reverse());
    expect(writeSafetensors(reversed)).toEqual(writeSafetensors(tensors));
  });

  test("may be nothing at all", () => {
    expect(readSafetensors(writeSafetensors(new Map())).tensors.size).toBe(0);
  });

  test("keeps names that mean something to JavaScript, and harms nobody", () => {
    const odd = new Map(
      ["__proto__", "constructor", "", 'ä " \\ 𝄞'].map((name) => [name, tensor([1])]),
    );
    const { tensors: back, metadata } = readSafetensors(writeSafetensors(odd));
    expect(new Set(back.keys())).toEqual(new Set(odd.keys()));
    expect(({} as Record<string, unknown>)["dtype"]).toBeUndefined();
    expect(metadata["constructor"]).toBeUndefined();
  });

  test("must have names and words that the format allows", () => {
    const reserved = new Map([["__metadata__", tensor([1])]]);
    expect(() => writeSafetensors(reserved)).toThrow(ArgumentError);
    expect(() => writeSafetensors(reserved)).toThrow("Rename that tensor");
    const wrong = { metadata: { epoch: 3 } as unknown as Record<string, string> };
    expect(() => writeSafetensors(new Map(), wrong)).toThrow("String(value)");
    const array = new Map([["a", [1, 2] as unknown as Tensor]]);
    expect(() => writeSafetensors(array)).toThrow('"a": expects a tensor, got an array');
  });
});

describe("a file of the reference implementation", () => {
  const path = new URL("../../golden/interchange/reference.safetensors", import.meta.url);
  const golden = readFileSync(path);

  test("is read with all its element types", () => {
    const { tensors, metadata } = readSafetensors(golden);
    const read = [...tensors].map(([name, x]) => [name, [x.dtype, x.toArray()]]);
    expect(Object.fromEntries(read)).toEqual({
      float64: [
        "float64",
        [
          [0.1, -1e300],
          [0, 5e-324],
        ],
      ],
      float32: ["float32", [Math.fround(0.1), -0, Infinity]],
      float16: ["float32", [1, -2, 65504, 2 ** -24, Math.fround(0.0999755859375), -Infinity]],
      bfloat16: ["float32", [1, -2, 0.10009765625]],
      int64: ["int32", [2147483647, -2147483648]],
      int32: ["int32", 7],
      int16: ["int32", [-32768, 32767]],
      int8: ["int32", [-128, 127]],
      uint8: ["int32", [0, 255]],
      bool: ["bool", [true, false]],
    });
    expect({ ...metadata }).toEqual({ format: "pt" });
  });

  test("is what ours writes, byte by byte, for the types that both have", () => {
    const { tensors, metadata } = readSafetensors(golden);
    const ours = new Map(
      ["float64", "float32", "int32", "bool"].map((name) => [name, tensors.get(name)!]),
    );
    const path = new URL("../../golden/interchange/four-types.safetensors", import.meta.url);
    expect(Buffer.from(writeSafetensors(ours, { metadata }))).toEqual(readFileSync(path));
  });

  test("may stand at any place of a larger buffer", () => {
    const larger = Buffer.concat([Buffer.alloc(3), golden]);
    expect(readSafetensors(larger.subarray(3)).tensors.get("int32")!.item()).toBe(7);
  });

  test("is refused when any byte is missing at its end", () => {
    for (let length = 0; length < golden.length; length++) {
      expect(() => readSafetensors(golden.subarray(0, length))).toThrow(DataError);
    }
  });
});

describe("a wrong file", () => {
  const huge = Buffer.alloc(16);
  huge.writeBigUInt64LE(100_000_001n);
  const cases: [string, Uint8Array, string][] = [
    ["empty", Buffer.alloc(0), "8 bytes that say how long its header is; it has 0 bytes"],
    [
      "cut off in its header",
      file({ a: 1 }).subarray(0, 10),
      "the header has 7 bytes; only 2 follow",
    ],
    ["with a header above 100 MB", huge, "at most 100000000 bytes; this one claims 100000001"],
    ["with a length of 2^64 - 1", Buffer.alloc(16, 0xff), "claims 18446744073709551615"],
    ["without JSON", file("{hello"), "expects a header in JSON"],
    [
      "with bytes that are no UTF-8",
      Buffer.concat([file("{}").subarray(0, 8), Buffer.of(0xff, 0xfe)]),
      "expects a header in JSON",
    ],
    ["with a list as header", file([]), "one JSON object from its first byte on, got []"],
    ["with null as header", file("null"), "got null"],
    ["with space before the header", file(" {}"), "from its first byte on"],
    [
      "with a name twice",
      file(
        '{"a":{"dtype":"F32","shape":[],"data_offsets":[0,4]},"\\u0061":{"dtype":"F32","shape":[],"data_offsets":[4,8]}}',
        8,
      ),
      '"a" stands there twice',
    ],
    [
      "with a field twice",
      file('{"a":{"dtype":"F32","dtype":"I32","shape":[],"data_offsets":[0,4]}}', 4),
      '"dtype" stands there twice',
    ],
    [
      "with a tensor that is a number",
      file({ a: 5 }),
      '"a": expects { dtype, shape, data_offsets }',
    ],
    [
      "without a shape",
      file({ a: { dtype: "F32", data_offsets: [0, 4] } }, 4),
      "expects { dtype, shape",
    ],
    [
      "with a field in the prototype alone",
      file('{"a":{"__proto__":{"dtype":"F32","shape":[],"data_offsets":[0,4]}}}', 4),
      "expects { dtype, shape",
    ],
    ["with an axis below 0", file({ a: float([-1, -1], 0, 4) }, 4), "whole numbers from 0 on"],
    [
      "with 65 axes",
      file(
        {
          a: float(
            Array.from({ length: 65 }, () => 1),
            0,
            4,
          ),
        },
        4,
      ),
      '"a": expects up to 64 axes, got 65',
    ],
    ["with half an axis", file({ a: float([0.5, 2], 0, 4) }, 4), "whole numbers from 0 on"],
    [
      "with an axis beyond exact numbers",
      file({ a: float([2 ** 53], 0, 4) }, 4),
      "whole numbers from 0 on",
    ],
    [
      "with a product of axes beyond exact numbers",
      file({ a: float([2 ** 30, 2 ** 30], 0, 4) }, 4),
      "expects fewer than 2^53 bytes, but shape [1073741824, 1073741824] takes more",
    ],
    ["with an empty tensor", file({ a: float([0], 0, 0) }), "Leave empty tensors out"],
    [
      "of an unknown element type",
      file({ a: { ...float([1], 0, 4), dtype: "Q7" } }, 4),
      "I8, U8, BOOL, got Q7",
    ],
    [
      "of an element type that no tensor has",
      file({ a: { ...float([4], 0, 4), dtype: "F8_E4M3" } }, 4),
      "tensor.float()",
    ],
    [
      "with too few bytes for a shape",
      file({ a: float([2], 0, 4) }, 4),
      "F32 of shape [2] takes 8 bytes, got data_offsets [0, 4]",
    ],
    ["with offsets in reverse", file({ a: float([1], 4, 0) }, 4), "got data_offsets [4, 0]"],
    [
      "with three offsets",
      file({ a: { ...float([1], 0, 4), data_offsets: [0, 4, 8] } }, 8),
      "got data_offsets [0, 4, 8]",
    ],
    [
      "with offsets behind its end",
      file({ a: float([2], 0, 8) }, 4),
      '"a" ends at byte 8; only 4 bytes follow the header',
    ],
    [
      "with two tensors in one place",
      file({ a: float([2], 0, 8), b: float([1], 4, 8) }, 8),
      '"b" must begin at byte 8, where the tensor before it ends; it begins at 4 and overlaps',
    ],
    [
      "with a hole",
      file({ a: float([1], 0, 4), b: float([1], 8, 12) }, 12),
      "begins at 8 and leaves a hole",
    ],
    ["with a hole at its start", file({ a: float([1], 4, 8) }, 8), "must begin at byte 0"],
    [
      "with bytes behind the last tensor",
      file({ a: float([1], 0, 4) }, 6),
      "2 bytes follow that belong to none",
    ],
    ["with bytes and no tensor", file({}, 1), "1 bytes follow"],
    ["with a number in its metadata", file({ __metadata__: { epoch: 3 } }), '"epoch" is 3'],
    ["with a string as metadata", file({ __metadata__: "pt" }), "must map names to strings"],
    ["with null as metadata", file({ __metadata__: null }), "must map names to strings"],
  ];

  test.each(cases)("%s is refused with what is wrong and the fix", (_, bytes, message) => {
    expect(() => readSafetensors(bytes)).toThrow(DataError);
    expect(() => readSafetensors(bytes)).toThrow(message);
    expect(() => readSafetensors(bytes)).toThrow(/^readSafetensors: .*\. [^.]+.*\.$/s);
  });

  test("with integers beyond int32 is refused, and the first one is named", () => {
    const bytes = file({ a: { dtype: "I64", shape: [2], data_offsets: [0, 16] } }, 16);
    bytes.set([0, 0, 0, 128], bytes.length - 8);
    expect(() => readSafetensors(bytes)).toThrow("element 1 of I64 is 2147483648. Save it as F64");
  });

  test("with a boolean of 2 is refused", () => {
    const bytes = file({ a: { dtype: "BOOL", shape: [2], data_offsets: [0, 2] } }, 2);
    bytes[bytes.length - 1] = 2;
    expect(() => readSafetensors(bytes)).toThrow("byte 1 is 2");
  });

  test("with a million brackets in its header ends in an error, not in a crash", () => {
    const deep = file(`{"a":${"[".repeat(1_000_000)}`);
    expect(() => readSafetensors(deep)).toThrow(DataError);
  });

  test("that is no bytes is an argument error", () => {
    expect(() => readSafetensors("model.safetensors" as unknown as Uint8Array)).toThrow(
      'expects the bytes of a file as a Uint8Array, got "model.safetensors". Read the file first',
    );
  });
});
