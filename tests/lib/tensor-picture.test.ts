// The small picture beside a tensor: a heat map of a matrix, a histogram of a vector, nothing for a few numbers.
import { inflateSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { arange, reshape, tensor, type Tensor } from "../../lib/index.ts";

interface Image {
  readonly width: number;
  readonly height: number;
  readonly alt: string;
  pixel(row: number, column: number): number[];
}

function pictureOf(x: Tensor): Image | undefined {
  const html = String(x.toMimeBundle()["text/html"]);
  const found = /<img src="data:image\/png;base64,([^"]+)"[^>]* alt="([^"]*)"/.exec(html);
  if (!found) return undefined;
  const file = Buffer.from(found[1]!, "base64");
  const [width, height] = [file.readUInt32BE(16), file.readUInt32BE(20)];
  const start = file.indexOf("IDAT") + 4;
  const rows = inflateSync(file.subarray(start, start + file.readUInt32BE(start - 8)));
  const pixel = (row: number, column: number): number[] => {
    const at = row * (1 + width * 4) + 1 + column * 4;
    return [...rows.subarray(at, at + 4)];
  };
  return { width, height, alt: found[2]!, pixel };
}

describe("a matrix", () => {
  test("without negative numbers goes from black to white", () => {
    const picture = pictureOf(reshape(arange(16), [4, 4]))!;
    expect(picture).toMatchObject({ width: 4, height: 4, alt: "first matrix, from 0 to 15" });
    expect(picture.pixel(0, 0)).toEqual([0, 0, 0, 255]);
    expect(picture.pixel(3, 3)).toEqual([255, 255, 255, 255]);
  });

  test("with negative numbers is white at zero, and what is not a number is left out", () => {
    const values = Array.from({ length: 16 }, (_, i) => [-2, 0, 2, NaN][i % 4]!);
    const picture = pictureOf(reshape(tensor(values), [4, 4]))!;
    expect([0, 1, 2, 3].map((column) => picture.pixel(0, column))).toEqual([
      [0, 114, 178, 255],
      [255, 255, 255, 255],
      [213, 94, 0, 255],
      [0, 0, 0, 0],
    ]);
  });

  test("that is large becomes averages of blocks, in few bytes", () => {
    const x = reshape(arange(90_000), [300, 300]);
    expect(pictureOf(x)).toMatchObject({ width: 30, height: 30 });
    expect(String(x.toMimeBundle()["text/html"]).length).toBeLessThan(20_000);
  });
});

test("a vector becomes a histogram", () => {
  const picture = pictureOf(tensor([...Array<number>(31).fill(0), 1]))!;
  expect(picture.alt).toBe("histogram, from 0 to 1");
  const isInk = (row: number, column: number): boolean => picture.pixel(row, column)[3] === 255;
  expect(isInk(0, 0)).toBe(true);
  expect(isInk(0, 31)).toBe(false);
  expect(isInk(picture.height - 1, 31)).toBe(true);
  expect(isInk(picture.height - 1, 15)).toBe(false);
});

test("few numbers, and numbers that are all infinite have no picture", () => {
  for (const x of [tensor([1, 2]), tensor(3), tensor(Array<number>(20).fill(Infinity))]) {
    expect(pictureOf(x)).toBeUndefined();
  }
});
