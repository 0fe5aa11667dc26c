// Pixels become an image file whose rows come out again as they went in.
import { inflateSync } from "node:zlib";
import { expect, test } from "vitest";
import { pngAddress } from "../../lib/png.ts";

test("the file names its size and holds each row behind a filter byte", () => {
  const pixels = Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8);
  const file = Buffer.from(
    pngAddress(1, 2, pixels).replace(/^data:image\/png;base64,/, ""),
    "base64",
  );
  expect([file.readUInt32BE(16), file.readUInt32BE(20)]).toEqual([1, 2]);
  const start = file.indexOf("IDAT") + 4;
  const rows = inflateSync(file.subarray(start, start + file.readUInt32BE(start - 8)));
  expect([...rows]).toEqual([0, 1, 2, 3, 4, 0, 5, 6, 7, 8]);
});
