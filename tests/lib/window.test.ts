// Window arithmetic: places, reach, and padding that keeps the size.
import { describe, expect, test } from "vitest";
import { placesOf, reach, samePadding, type Window } from "../../lib/window.ts";

const window = (options: Partial<Window>): Window => ({
  kernelSize: [3, 3],
  stride: [1, 1],
  padding: [
    [0, 0],
    [0, 0],
  ],
  dilation: [1, 1],
  ...options,
});

describe("windows over images", () => {
  test("a dilated kernel reaches over its gaps", () => {
    expect(reach(window({ dilation: [2, 3] }))).toEqual([5, 7]);
  });

  test("a window has one place more than the steps that fit", () => {
    expect(placesOf(window({}), [28, 5])).toEqual([26, 3]);
    expect(placesOf(window({ stride: [2, 2] }), [6, 7])).toEqual([2, 3]);
  });

  test("padding on both sides adds places", () => {
    const padding = [
      [1, 1],
      [0, 2],
    ] as const;
    expect(placesOf(window({ padding }), [4, 4])).toEqual([4, 4]);
  });

  test.each([
    [1, 7],
    [2, 7],
    [3, 8],
    [4, 3],
  ])("same padding at stride %i leaves ceil(length / stride) places of %i", (step, length) => {
    const plain = window({ stride: [step, step] });
    const edge = samePadding(0, plain, length);
    const padded = window({ stride: [step, step], padding: [edge, edge] });
    expect(placesOf(padded, [length, length])[0]).toBe(Math.ceil(length / step));
  });

  test("same padding puts the odd row at the end", () => {
    expect(samePadding(1, window({ kernelSize: [2, 2] }), 5)).toEqual([0, 1]);
  });
});
