// Network diagrams as figures: read from the live model, and the same kind for every width, so that they slide.
import { describe, expect, test } from "vitest";
import { ShapeError } from "../../../lib/errors.ts";
import { Linear } from "../../../lib/layers/linear.ts";
import { ReLU } from "../../../lib/layers/relu.ts";
import { Sequential } from "../../../lib/layers/sequential.ts";
import type { ScatterTrace } from "../../../lib/plot/description.ts";
import type { Figure } from "../../../lib/plot/figure.ts";
import { plotFrames } from "../../../lib/plot/frames.ts";
import { plotNetwork } from "../../../lib/plot/network-figure.ts";
import { Generator } from "../../../lib/random.ts";

const random = new Generator(1);
const network = (units: number): Sequential =>
  new Sequential(
    new Linear({ inFeatures: 784, outFeatures: units, random }),
    new ReLU(),
    new Linear({ inFeatures: units, outFeatures: 10, random }),
  );
const traces = (figure: Figure): ScatterTrace[] =>
  figure.description.panels[0]?.data as ScatterTrace[];

describe("plotNetwork", () => {
  test("writes widths, layers and parameter counts of the live model", () => {
    const figure = plotNetwork(network(256));
    expect(figure.title).toBe("784 - 256 - 10: 203,530 parameters");
    const notes = figure.description.panels[0]?.annotations.map(({ text }) => text);
    expect(notes).toEqual([
      "input 784",
      "Linear 256, ReLU",
      "200,960 parameters",
      "Linear 10",
      "2,570 parameters",
    ]);
    expect(figure.alt).toContain("203,530 parameters in all");
  });

  test("connects every drawn unit to every drawn unit of the next column", () => {
    const [into, outOf, inputs, hidden, outputs] = traces(plotNetwork(network(3)));
    expect([inputs?.y.length, hidden?.y, outputs?.y.length]).toEqual([16, [1, 0, -1], 10]);
    expect(into?.y).toHaveLength(16 * 3 * 3);
    expect(outOf?.y).toHaveLength(3 * 10 * 3);
  });

  test("stands under a slider, whatever the widths", () => {
    const sliding = plotFrames((units) => plotNetwork(network(units)), {
      name: "hidden units",
      values: [1, 16, 300],
    });
    expect(sliding.description.frames).toHaveLength(3);
    expect(sliding.toSvg()).toContain("hidden units = 16");
  });

  test("asks for the shape of an example when the model does not know it", () => {
    expect(() => plotNetwork(new ReLU())).toThrow(ShapeError);
    expect(plotNetwork(new ReLU(), { exampleShape: [4] }).alt).toContain("4 inputs");
  });
});
