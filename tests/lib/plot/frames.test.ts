// Figures with a slider: one frame for each setting, on shared axes, and a static picture of one of them.
import { describe, expect, test } from "vitest";
import { plotBars } from "../../../lib/plot/bars.ts";
import type { HeatMapTrace, Panel } from "../../../lib/plot/description.ts";
import { plotFrames } from "../../../lib/plot/frames.ts";
import { plotHeatMap } from "../../../lib/plot/heat-map.ts";
import { plotLine } from "../../../lib/plot/xy.ts";
import { readXml } from "../../support/xml.ts";

const powers = (value: number) =>
  plotLine({ title: `Powers of ${value}`, y: [1, value, value * value] });

describe("plotFrames", () => {
  test("draws one frame for each value, and a slider step that shows it", () => {
    const figure = plotFrames(powers, { name: "base", values: [1, 2, 3] });
    const plotly = figure.toPlotly();
    expect(plotly.frames.map((frame) => (frame as { name: string }).name)).toEqual(["0", "1", "2"]);
    const { sliders } = plotly.layout as {
      sliders: { steps: { label: string; args: unknown[] }[] }[];
    };
    expect(sliders[0]?.steps.map(({ label, args }) => [label, args[0]])).toEqual([
      ["1", ["0"]],
      ["2", ["1"]],
      ["3", ["2"]],
    ]);
    expect(JSON.parse(JSON.stringify(plotly))).toEqual(plotly);
  });

  test("starts in the middle, or where it is told", () => {
    expect(plotFrames(powers, { name: "base", values: [1, 2, 3] }).title).toBe("Powers of 2");
    expect(plotFrames(powers, { name: "base", values: [1, 2, 3], start: 2 }).title).toBe(
      "Powers of 3",
    );
  });

  test("gives all frames the same axes, so that they can be compared", () => {
    const { description } = plotFrames(powers, { name: "base", values: [1, 2, 3] });
    const { yaxis } = description.panels[0] as Panel;
    expect(yaxis.range[0]).toBeLessThan(1);
    expect(yaxis.range[1]).toBeGreaterThan(9);
  });

  test("gives all heat maps the same range of colours", () => {
    const { frames } = plotFrames((value) => plotHeatMap({ title: "t", z: [[value]] }), {
      name: "x",
      values: [2, 8],
    }).description;
    expect(
      frames.map(({ panels }) => (panels[0]?.data[0] as HeatMapTrace | undefined)?.zmax),
    ).toEqual([8, 8]);
    expect(frames.map(({ panels }) => panels[0]?.annotations[0]?.font.color)).toEqual([
      "#ffffff",
      "#000000",
    ]);
  });

  test("says which setting the static picture shows, in it and in the alt text", () => {
    const figure = plotFrames(powers, { name: "base", values: [1, 2, 3] });
    expect(figure.alt).toMatch(
      /^Figure with a slider for base, 3 settings from 1 to 3. At 2: Line/,
    );
    const words = readXml(figure.toSvg()).map(({ text }) => text);
    expect(words).toContain("base = 2 (setting 2 of 3)");
  });

  test("refuses no values, too many, and a start that is none of them", () => {
    const frames = (values: number[], start?: number): (() => unknown) => {
      return () =>
        plotFrames(powers, { name: "x", values, ...(start === undefined ? {} : { start }) });
    };
    expect(frames([])).toThrow("plotFrames: values must have 1 to 30 entries, got 0.");
    expect(frames(Array.from({ length: 31 }, () => 1))).toThrow("1 to 30 entries, got 31.");
    expect(frames([1], 1)).toThrow("start must be an index into values, 0 to 0, got 1.");
  });

  test("refuses figures of different kinds, and names the setting", () => {
    const draw = (value: number): ReturnType<typeof plotLine> =>
      value === 1 ? plotLine({ title: "t", y: [1] }) : plotBars({ title: "t", y: [1] });
    expect(() => plotFrames(draw, { name: "x", values: [1, 2] })).toThrow(
      "every figure must have the same series (scatter), got bar at 2.",
    );
  });
});
