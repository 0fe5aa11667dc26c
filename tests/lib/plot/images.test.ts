// Image grids: how images are laid out, labelled and coloured.
import { describe, expect, test } from "vitest";
import { fromTypedArray } from "../../../lib/ops/creation.ts";
import type { Tensor } from "../../../lib/tensor.ts";
import { ArgumentError, ShapeError } from "../../../lib/errors.ts";
import { COLOUR_SCALES } from "../../../lib/plot/colours.ts";
import type { HeatMapTrace } from "../../../lib/plot/description.ts";
import { plotImages } from "../../../lib/plot/images.ts";

const tensorOf = (...shape: number[]): Tensor =>
  fromTypedArray(
    Float32Array.from({ length: shape.reduce((a, b) => a * b) }, (_, i) => i),
    shape,
  );

const cells = (figure: ReturnType<typeof plotImages>): HeatMapTrace =>
  figure.description.panels[0]?.data[0] as HeatMapTrace;

describe("an image grid", () => {
  test("places images side by side with gaps between", () => {
    const figure = plotImages(
      [
        [1, 2, 3, 4],
        [5, 6, 7, 8],
      ],
      { title: "t" },
    );
    expect(cells(figure).z).toEqual([
      [1, 2, null, 5, 6],
      [3, 4, null, 7, 8],
    ]);
  });

  test("breaks rows after so many columns", () => {
    const figure = plotImages([[1], [2], [3]], { title: "t", columns: 2 });
    expect(cells(figure).z).toEqual([
      [1, null, 2],
      [null, null, null],
      [3, null, null],
    ]);
  });

  test("reads [count, height, width], [count, pixels] and rows of a given width", () => {
    expect(plotImages(tensorOf(2, 2, 3), { title: "t" }).alt).toBe("2 images of 2 by 3 pixels.");
    expect(plotImages(tensorOf(2, 9), { title: "t" }).alt).toBe("2 images of 3 by 3 pixels.");
    expect(plotImages(tensorOf(1, 6), { title: "t", width: 2 }).alt).toBe(
      "1 image of 3 by 2 pixels.",
    );
  });

  test("is grey for pictures and diverging around 0 for signed weights", () => {
    expect(cells(plotImages([[0, 1, 1, 0]], { title: "t" }))).toMatchObject({
      colorscale: COLOUR_SCALES.grey,
      zmin: 0,
      zmax: 1,
    });
    expect(cells(plotImages([[0, -2, 1, 0]], { title: "t" }))).toMatchObject({
      colorscale: COLOUR_SCALES.diverging,
      zmin: -2,
      zmax: 2,
    });
  });

  test("writes a label over each image and says them", () => {
    const figure = plotImages(tensorOf(2, 4), { title: "t", labels: [5, "four"] });
    expect(figure.description.panels[0]?.annotations.map(({ text }) => text)).toEqual([
      "5",
      "four",
    ]);
    expect(figure.alt).toBe("2 images of 2 by 2 pixels, labelled 5 and four.");
  });

  test.each([
    [tensorOf(2, 5), {}, ShapeError, "rows of a square number of pixels, got 5 pixels. Give width"],
    [tensorOf(2, 6), { width: 4 }, ShapeError, "rows of a multiple of 4 pixels, got 6 pixels."],
    [tensorOf(4), {}, ShapeError, "must be a tensor of rank 2, got shape [4]."],
    [
      tensorOf(2, 4),
      { labels: [1] },
      ShapeError,
      "labels must have as many entries as the images (2), got 1.",
    ],
    [tensorOf(201, 1), {}, ArgumentError, "plotImages shows at most 200 images, got 201."],
  ])("refuses %j with %j", (images, options, kind, message) => {
    const draw = (): unknown => plotImages(images, { title: "t", ...options });
    expect(draw).toThrow(kind);
    expect(draw).toThrow(message);
  });
});
