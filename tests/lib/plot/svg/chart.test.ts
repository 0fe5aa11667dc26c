// The static picture: looked-at snapshots, pixels of heat maps, room for labels.
// Covers: lib/plot/svg/*.ts
import { inflateSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { plotBars } from "../../../../lib/plot/bars.ts";
import { plotHeatMap } from "../../../../lib/plot/heat-map.ts";
import { element, textWidth, wrapText } from "../../../../lib/plot/svg/element.ts";
import { thinLine, thinPoints } from "../../../../lib/plot/svg/thin.ts";
import { plotLine, plotScatter } from "../../../../lib/plot/xy.ts";
import { readXml } from "../../../support/xml.ts";

/** The pixels of a PNG without filters, `[height, width, 4]`. */
function readPng(address: string): { width: number; height: number; pixels: number[][] } {
  const file = Buffer.from(address.replace("data:image/png;base64,", ""), "base64");
  const [width, height] = [file.readUInt32BE(16), file.readUInt32BE(20)];
  const start = file.indexOf("IDAT") + 4;
  const raw = inflateSync(file.subarray(start, start + file.readUInt32BE(start - 8)));
  const pixels = Array.from({ length: width * height }, (_, index) => {
    const at = Math.floor(index / width) * (width * 4 + 1) + 1 + (index % width) * 4;
    return [...raw.subarray(at, at + 4)];
  });
  return { width, height, pixels };
}

describe("the static picture", () => {
  test("of a small line chart is the one that was looked at", async () => {
    const figure = plotLine({
      title: "Loss",
      series: [
        { name: "train", y: [2, 1, 0.5] },
        { name: "validation", y: [2, 1.2, Number.NaN] },
      ],
      xLabel: "epoch",
      yLabel: "loss",
    });
    await expect(figure.toSvg().replaceAll("><", ">\n<")).toMatchFileSnapshot(
      "../../../golden/plot/line.svg",
    );
  });

  test("of a small bar chart is the one that was looked at", async () => {
    const figure = plotBars({ title: "Votes", x: ["a", "b"], y: [3, -1], yLabel: "votes" });
    await expect(figure.toSvg().replaceAll("><", ">\n<")).toMatchFileSnapshot(
      "../../../golden/plot/bars.svg",
    );
  });

  test("paints each cell of a heat map in its colour, and leaves gaps transparent", () => {
    const z = [
      [0, 1],
      [Number.NaN, 0],
    ];
    const svg = readXml(plotHeatMap({ title: "t", z, colours: "grey" }).toSvg());
    const images = svg.filter(({ name }) => name === "image");
    expect(readPng(images[0]?.attributes["href"] ?? "")).toEqual({
      width: 2,
      height: 2,
      pixels: [
        [0, 0, 0, 255],
        [255, 255, 255, 255],
        [0, 0, 0, 0],
        [0, 0, 0, 255],
      ],
    });
  });

  test("keeps every mark, tick and label inside its frame", () => {
    const svg = readXml(plotScatter({ title: "t", x: [-1e6, 1e6], y: [1e-5, 3] }).toSvg());
    for (const { name, attributes } of svg.filter(({ name }) => name === "text")) {
      const [x, y] = [Number(attributes["x"]), Number(attributes["y"])];
      expect([name, x > 0 && x < 700, y > 0 && y < 400]).toEqual(["text", true, true]);
    }
  });

  test("leaves neighbouring labels room below the plot", () => {
    const figure = plotLine({ title: "t", x: [0, 123_456], y: [0, 1] });
    const labels = readXml(figure.toSvg())
      .filter(({ name, attributes }) => name === "text" && attributes["text-anchor"] === "middle")
      .filter(
        ({ attributes }) =>
          attributes["transform"] === undefined && attributes["font-size"] === "12",
      )
      .map(({ text, attributes }) => ({ x: Number(attributes["x"]), half: textWidth(text) / 2 }));
    expect(labels.length).toBeGreaterThan(4);
    for (const [index, label] of labels.slice(1).entries()) {
      const before = labels[index] ?? label;
      expect(label.x - label.half).toBeGreaterThan(before.x + before.half);
    }
  });
});

describe("markup", () => {
  test("escapes attributes and leaves out what is undefined", () => {
    expect(element("a", { b: `"<&>"`, c: undefined, d: 1.26 })).toBe(
      '<a b="&quot;&lt;&amp;&gt;&quot;" d="1.3"/>',
    );
  });

  test("lines of text break at spaces and never lose a word", () => {
    const lines = wrapText("one two three four", 70, 12);
    expect(lines.length).toBeGreaterThan(1);
    expect(lines.join(" ")).toBe("one two three four");
  });
});

describe("thinning", () => {
  test("keeps short lines, and the spikes of long ones", () => {
    const line = Array.from({ length: 100_000 }, (_, x): [number, number] => [
      x,
      x === 5000 ? 99 : 0,
    ]);
    expect(thinLine(line.slice(0, 10))).toEqual(line.slice(0, 10));
    const thin = thinLine(line);
    expect(thin.length).toBeLessThanOrEqual(2000);
    expect(thin).toContainEqual([5000, 99]);
  });

  test("keeps a gap where points are missing", () => {
    const line = Array.from({ length: 4000 }, (_, x): [number, number] | null =>
      x === 9 ? null : [x, x],
    );
    expect(thinLine(line).filter((point) => point === null)).toHaveLength(1);
  });

  test("takes markers evenly", () => {
    expect(thinPoints(Array.from({ length: 3000 }, (_, x) => x)).slice(0, 3)).toEqual([0, 3, 6]);
  });
});
