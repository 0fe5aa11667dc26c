// The figures' colours: contrast on both backgrounds, and scales that mix.
import { describe, expect, test } from "vitest";
import {
  COLOUR_SCALES,
  colourAt,
  contrast,
  cycle,
  INK,
  parseColour,
  SERIES_COLOURS,
  textColourOn,
} from "../../../lib/plot/colours.ts";

const WHITE = parseColour("#ffffff");
const NIGHT = parseColour("#111111");

describe("colours for both themes", () => {
  test.each([INK, ...SERIES_COLOURS])(
    "%s stands out at least 3:1 on white and on #111111",
    (hex) => {
      expect(contrast(parseColour(hex), WHITE)).toBeGreaterThanOrEqual(3);
      expect(contrast(parseColour(hex), NIGHT)).toBeGreaterThanOrEqual(3);
    },
  );

  test("ink reads at 4:1 on both, as much as one colour can", () => {
    expect(contrast(parseColour(INK), WHITE)).toBeGreaterThan(4);
    expect(contrast(parseColour(INK), NIGHT)).toBeGreaterThan(4);
  });

  test("contrast is 21 for black on white, in either order, and 1 for equal colours", () => {
    expect(contrast([0, 0, 0], WHITE)).toBeCloseTo(21, 10);
    expect(contrast(WHITE, [0, 0, 0])).toBeCloseTo(21, 10);
    expect(contrast(NIGHT, NIGHT)).toBe(1);
  });

  test("series colours are all different and start again after the last", () => {
    expect(new Set(SERIES_COLOURS).size).toBe(SERIES_COLOURS.length);
    expect(cycle(SERIES_COLOURS, SERIES_COLOURS.length)).toBe(SERIES_COLOURS[0]);
  });
});

describe("colour scales", () => {
  test("a scale has its first colour at 0, its last at 1, and mixes between stops", () => {
    expect(colourAt(COLOUR_SCALES.grey, 0)).toEqual([0, 0, 0]);
    expect(colourAt(COLOUR_SCALES.grey, 0.5)).toEqual([128, 128, 128]);
    expect(colourAt(COLOUR_SCALES.grey, 1)).toEqual([255, 255, 255]);
  });

  test("positions outside of 0 to 1 get the nearest end", () => {
    expect(colourAt(COLOUR_SCALES.grey, -3)).toEqual([0, 0, 0]);
    expect(colourAt(COLOUR_SCALES.grey, 7)).toEqual([255, 255, 255]);
  });

  test("the sequential scale rises in lightness, so that it also reads in grey", () => {
    const steps = Array.from({ length: 21 }, (_, index) => index / 20);
    const contrasts = steps.map((step) =>
      contrast(colourAt(COLOUR_SCALES.sequential, step), [0, 0, 0]),
    );
    expect(contrasts).toEqual([...contrasts].sort((a, b) => a - b));
  });

  test.each(Object.keys(COLOUR_SCALES))(
    "text on any colour of %s has a contrast of 4.5",
    (name) => {
      for (let step = 0; step <= 100; step += 1) {
        const background = colourAt(COLOUR_SCALES[name as "grey"], step / 100);
        expect(contrast(background, parseColour(textColourOn(background)))).toBeGreaterThan(4.5);
      }
    },
  );
});
