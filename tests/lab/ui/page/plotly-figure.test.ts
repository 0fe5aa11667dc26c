// A Plotly payload is read whatever form it comes in, and the notebook's own copy stays as it was.
import { describe, expect, test } from "vitest";
import { readFigure } from "../../../../lab/ui/page/plotly-figure.ts";

const FIGURE = { data: [{ y: [1, 2] }], layout: { title: { text: "Loss" } } };

describe("reading a figure", () => {
  test("an object and the JSON of it give the same figure", () => {
    expect(readFigure(JSON.stringify(FIGURE))).toEqual(readFigure(FIGURE));
  });

  test("data and layout are copies", () => {
    const figure = readFigure(FIGURE);
    (figure.data[0] as { y: number[] }).y.push(3);
    expect(FIGURE.data[0]?.y).toEqual([1, 2]);
  });

  test("the alternative text is layout.meta.alt, or the title", () => {
    expect(readFigure(FIGURE).alt).toBe("Loss");
    expect(readFigure({ layout: { title: "Loss", meta: { alt: "falls" } } }).alt).toBe("falls");
  });

  test("what is no figure is refused with what was expected", () => {
    expect(() => readFigure("3")).toThrow(/must be an object with data and layout, got 3/);
  });
});
