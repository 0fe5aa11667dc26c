// Zip archives: what is written is read, packed or not, and only the start of a file where only that is wanted.
// Covers: lib/interchange/zip-writer.ts
import { crc32, deflateRawSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { ArgumentError, DataError } from "../../../lib/index.ts";
import { readZip, unpack, unpackStart, type ZipEntry } from "../../../lib/interchange/zip.ts";
import { writeZip } from "../../../lib/interchange/zip-writer.ts";

const bytes = Uint8Array.from({ length: 100_000 }, (_, index) => index % 7);
const packed: ZipEntry = {
  name: "a",
  method: 8,
  size: bytes.length,
  checksum: crc32(bytes),
  packed: deflateRawSync(bytes),
};

test("files come back under their names, empty ones too", () => {
  const files = [
    ["a/b", bytes],
    ["ä", new Uint8Array(0)],
  ] as const;
  const back = readZip("test", writeZip("test", files));
  expect(back.map(({ name }) => name)).toEqual(["a/b", "ä"]);
  const unpacked = back.map((entry) => unpack("test", entry));
  expect(unpacked.map((each) => each.length)).toEqual([bytes.length, 0]);
  expect(Buffer.from(bytes).equals(unpacked[0]!)).toBe(true);
});

test("the same files give the same archive", () => {
  const archive = (): Uint8Array => writeZip("test", [["a", bytes.subarray(0, 100)]]);
  expect(archive()).toEqual(archive());
});

test("more files than the directory can count are refused", () => {
  const none = new Uint8Array(0);
  const many = Array.from({ length: 65_535 }, (_, index) => [String(index), none] as const);
  expect(() => writeZip("test", many)).toThrow(ArgumentError);
  expect(() => writeZip("test", many)).toThrow("Write a safetensors file instead");
});

describe("a packed file", () => {
  test("is unpacked to its size and no further", () => {
    expect(Buffer.from(unpack("test", packed)).equals(bytes)).toBe(true);
    expect(() => unpack("test", { ...packed, size: 99_999 })).toThrow(DataError);
    expect(() => unpack("test", { ...packed, size: 100_001 })).toThrow(
      "it has 100000 bytes, and 100001 by the directory",
    );
  });

  test("gives its start alone", () => {
    const start = unpackStart("test", packed, 100);
    expect(start.length).toBeGreaterThanOrEqual(100);
    expect(Buffer.from(bytes.subarray(0, 100)).equals(start.subarray(0, 100))).toBe(true);
    const large = deflateRawSync(Buffer.alloc(20_000_000));
    expect(unpackStart("test", { ...packed, packed: large }, 100).length).toBeLessThan(2_000_000);
  });
});
