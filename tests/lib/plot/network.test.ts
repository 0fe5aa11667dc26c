// Network diagrams from live models: columns, connections, counts and words.
// Covers: lib/plot/drawing.ts, lib/plot/svg/network.ts
import { describe, expect, test } from "vitest";
import { ShapeError } from "../../../lib/errors.ts";
import { Flatten } from "../../../lib/layers/flatten.ts";
import { Linear } from "../../../lib/layers/linear.ts";
import { ReLU } from "../../../lib/layers/relu.ts";
import { Sequential } from "../../../lib/layers/sequential.ts";
import { drawNetwork } from "../../../lib/plot/network.ts";
import { Generator } from "../../../lib/random.ts";
import { readXml } from "../../support/xml.ts";

const random = new Generator(1);
const linear = (inFeatures: number, outFeatures: number): Linear =>
  new Linear({ inFeatures, outFeatures, random });
const digits = new Sequential(linear(784, 256), new ReLU(), linear(256, 10));

const texts = (svg: string): string[] =>
  readXml(svg)
    .filter(({ name }) => name === "text")
    .map(({ text }) => text);

describe("drawNetwork", () => {
  test("writes widths, layers and parameter counts of the live model", () => {
    expect(texts(drawNetwork(digits, { title: "Digits" }).toSvg())).toEqual([
      "Digits",
      "200,960",
      "parameters",
      "2,570",
      "parameters",
      "784",
      "input",
      "256",
      "Linear",
      "then ReLU",
      "10",
      "Linear",
    ]);
  });

  test("draws all units of narrow layers and shortens wide ones with dots", () => {
    const circles = (svg: string, radius: string): number =>
      readXml(svg).filter(({ name, attributes }) => name === "circle" && attributes["r"] === radius)
        .length;
    const small = drawNetwork(new Sequential(linear(2, 3), new ReLU(), linear(3, 1))).toSvg();
    expect([circles(small, "9"), circles(small, "1.8")]).toEqual([6, 0]);
    const wide = drawNetwork(digits).toSvg();
    expect([circles(wide, "9"), circles(wide, "1.8")]).toEqual([8 + 8 + 10, 3 + 3]);
  });

  test("tells the same in words, for a screen reader and on a terminal", () => {
    const drawing = drawNetwork(digits);
    expect(drawing.title).toBe("Network with 203,530 parameters");
    expect(drawing.alt).toBe(
      "Network: 784 inputs; Linear to 256 and ReLU (200,960 parameters); Linear to 10 (2,570 parameters). 203,530 parameters in all.",
    );
    expect(drawing.toText()).toContain("input 784 → Linear 256, ReLU → Linear 10");
    expect(readXml(drawing.toSvg())[0]?.attributes).toMatchObject({
      role: "img",
      "aria-label": drawing.alt,
    });
  });

  test("shows itself as a picture and as text under the notebook's symbol", () => {
    const drawing = drawNetwork(digits) as unknown as Record<symbol, () => object>;
    expect(Object.keys(drawing[Symbol.for("Jupyter.display")]?.() ?? {})).toEqual([
      "image/svg+xml",
      "text/plain",
    ]);
  });

  test("takes a single layer, and the shape of an example where the model takes any", () => {
    expect(drawNetwork(linear(4, 2)).toText()).toContain("input 4 → Linear 2");
    const flat = new Sequential(new Flatten(), linear(784, 10));
    expect(drawNetwork(flat, { exampleShape: [28, 28] }).toText()).toContain(
      "input 784, Flatten → Linear 10",
    );
  });

  test("widens for deep models and escapes titles", () => {
    const deep = new Sequential(...Array.from({ length: 9 }, () => linear(3, 3)));
    const [svg] = readXml(drawNetwork(deep, { title: "a <b>" }).toSvg());
    expect(Number(svg?.attributes["width"])).toBeGreaterThan(1000);
  });

  test("asks for the shape when nothing tells it", () => {
    const draw = (): unknown => drawNetwork(new ReLU());
    expect(draw).toThrow(ShapeError);
    expect(draw).toThrow("got ReLU, whose first layer takes any. Give it: drawNetwork(model, {");
  });
});
