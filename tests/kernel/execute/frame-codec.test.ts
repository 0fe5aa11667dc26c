// Objects come out of the byte stream as they went in, however it is cut.
import { describe, expect, test } from "vitest";
import { encodeFrame, FrameDecoder } from "../../../kernel/execute/frame-codec.ts";

const VALUES = [
  { type: "a", bytes: new Uint8Array([1, 2]) },
  { type: "b", bytes: new Uint8Array(0) },
  { type: "c", bytes: "no bytes" },
  "text",
  new Map([[1, [2n]]]),
  "",
];

describe("frame codec", () => {
  test.each([1, 2, 3, 5, 7, 1000])("a stream cut into pieces of %i bytes is read", (size) => {
    const stream = Buffer.concat(VALUES.flatMap(encodeFrame));
    const decoder = new FrameDecoder();
    const read: unknown[] = [];
    for (let at = 0; at < stream.length; at += size) {
      read.push(...decoder.push(stream.subarray(at, at + size)));
    }
    expect(read).toEqual(VALUES);
  });

  test("a frame longer than any chunk is joined once", () => {
    const value = "x".repeat(5_000_000);
    const stream = Buffer.concat(encodeFrame(value));
    const decoder = new FrameDecoder();
    const read: unknown[] = [];
    for (let at = 0; at < stream.length; at += 65_536) {
      read.push(...decoder.push(stream.subarray(at, at + 65_536)));
    }
    expect(read).toEqual([value]);
  });
});
