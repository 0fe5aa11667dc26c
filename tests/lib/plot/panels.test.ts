// Figures side by side: their axes, their headings, one legend, and what is refused.
import { describe, expect, test } from "vitest";
import { plotFrames } from "../../../lib/plot/frames.ts";
import { plotPanels } from "../../../lib/plot/panels.ts";
import { plotLine } from "../../../lib/plot/xy.ts";
import { readXml } from "../../support/xml.ts";

const curve = (title: string) =>
  plotLine({
    title,
    series: [
      { name: "train", y: [1, 2] },
      { name: "test", y: [2, 1] },
    ],
  });

describe("plotPanels", () => {
  test("gives each figure axes of its own, from left to right", () => {
    const { data, layout } = plotPanels([curve("a"), curve("b")], { title: "t" }).toPlotly();
    expect(data).toHaveLength(4);
    expect(data[2]).toMatchObject({ xaxis: "x2", yaxis: "y2" });
    const axes = layout as { xaxis: { domain: number[] }; xaxis2: { domain: number[] } };
    expect(axes.xaxis.domain[0]).toBe(0);
    expect(axes.xaxis.domain[1]).toBeLessThan(axes.xaxis2.domain[0] ?? 0);
    expect(axes.xaxis2.domain[1]).toBe(1);
  });

  test("names each series in the legend once", () => {
    const figure = plotPanels([curve("a"), curve("b")], { title: "t" });
    const shown = figure
      .toPlotly()
      .data.map((trace) => (trace as { showlegend: boolean }).showlegend);
    expect(shown).toEqual([true, true, false, false]);
    const words = readXml(figure.toSvg()).map(({ text }) => text);
    expect(words.filter((word) => word === "train")).toHaveLength(1);
  });

  test("gives a name one colour in all panels, and two names never the same", () => {
    const one = (name: string) => plotLine({ title: name, series: [{ name, y: [1, 2] }] });
    const { data } = plotPanels([curve("a"), one("test"), one("other")], { title: "t" }).toPlotly();
    const colours = data.map((trace) => (trace as { line: { color: string } }).line.color);
    expect(colours[2]).toBe(colours[1]);
    expect(new Set(colours).size).toBe(3);
  });

  test("puts the figures' titles over the panels and tells both", () => {
    const figure = plotPanels([curve("Loss"), curve("Accuracy")], { title: "Training" });
    const words = readXml(figure.toSvg()).map(({ text }) => text);
    expect(words).toEqual(expect.arrayContaining(["Training", "Loss", "Accuracy"]));
    expect(figure.alt).toMatch(/^Loss: Line chart.*Accuracy: Line chart/);
  });

  test("can be the states of a slider", () => {
    const figure = plotFrames((x) => plotPanels([curve(`a${x}`), curve("b")], { title: `t${x}` }), {
      name: "x",
      values: [1, 2],
    });
    expect(figure.description.frames.map(({ panels }) => panels[0]?.heading)).toEqual(["a1", "a2"]);
  });

  test("refuses no figure, too many, and one with a slider", () => {
    const draw = (count: number) => () =>
      plotPanels(
        Array.from({ length: count }, () => curve("a")),
        { title: "t" },
      );
    expect(draw(0)).toThrow("plotPanels: needs 1 to 4 figures, got 0.");
    expect(draw(5)).toThrow("got 5. Show the others in a second row");
    const slider = plotFrames(() => curve("a"), { name: "x", values: [1] });
    expect(() => plotPanels([slider], { title: "t" })).toThrow("figures must be without a slider");
  });
});
