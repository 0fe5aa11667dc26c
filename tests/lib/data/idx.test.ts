// IDX files: right ones are read, plain or compressed; each kind of damage is named.
import { gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { DataError } from "../../../lib/index.ts";
import { decodeIdx, IDX_IMAGES, IDX_LABELS } from "../../../lib/data/idx.ts";
import { idxBytes } from "../../support/idx-files.ts";

const images = idxBytes([2051, 2, 1, 3], [1, 2, 3, 4, 5, 6]);
const labels = idxBytes([2049, 3], [7, 8, 9]);

const readImages = (bytes: Uint8Array, count?: number) =>
  decodeIdx(bytes, { file: "some/images", magic: IDX_IMAGES, ...(count && { count }) });

describe("a right file", () => {
  test("of images gives sizes and pixels", () => {
    const { shape, values } = readImages(images, 2);
    expect(shape).toEqual([2, 1, 3]);
    expect([...values]).toEqual([1, 2, 3, 4, 5, 6]);
  });

  test("of labels gives one byte each", () => {
    const { shape, values } = decodeIdx(labels, { file: "labels", magic: IDX_LABELS });
    expect([shape, [...values]]).toEqual([[3], [7, 8, 9]]);
  });

  test("may be compressed", () => {
    expect([...readImages(gzipSync(images)).values]).toEqual([1, 2, 3, 4, 5, 6]);
  });

  test("is read in place when it is part of a larger buffer", () => {
    const larger = Buffer.concat([Buffer.from([9, 9, 9]), images]);
    expect([...readImages(larger.subarray(3)).values]).toEqual([1, 2, 3, 4, 5, 6]);
  });
});

describe("a wrong file", () => {
  const cases: [string, Uint8Array, string][] = [
    ["empty", Buffer.alloc(0), "starts with a header of 16 bytes; the file has 0 bytes"],
    ["without data", images.subarray(0, 10), "the file has 10 bytes"],
    [
      "cut off",
      images.subarray(0, -2),
      "2 x 1 x 3 = 6 bytes of data; 4 follow it. The file is cut off",
    ],
    ["too long", Buffer.concat([images, Buffer.from([0])]), "1 bytes too many"],
    ["of labels", idxBytes([2049, 9], new Uint8Array(9)), "the names of two files may be swapped"],
    ["of another kind", idxBytes([1, 2, 3, 4], []), "starts with 1. This is no IDX file"],
    ["compressed and cut off", gzipSync(images).subarray(0, -9), "expected a complete gzip file"],
    ["a web page", Buffer.from("<!doctype html><title>404"), "This is no IDX file"],
  ];

  test.each(cases)("that is %s is refused with its name and the fix", (_, bytes, message) => {
    expect(() => readImages(bytes)).toThrow(DataError);
    expect(() => readImages(bytes)).toThrow(message);
    expect(() => readImages(bytes)).toThrow(/^some\/images: /);
  });

  test("with another count is refused", () => {
    expect(() => readImages(images, 60_000)).toThrow("expected 60000 images; the header says 2");
  });
});
