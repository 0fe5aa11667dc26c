// The catalogue is complete: what the library exports is in it, and so passes every suite, or has a reason not to.
// Covers: lib/index.ts
import { describe, expect, test } from "vitest";
import * as lib from "../../lib/index.ts";
import { LAYERS } from "./catalogue/layers.ts";
import { LOSSES } from "./catalogue/losses.ts";
import { OPTIMIZERS } from "./catalogue/optimizers.ts";

type Class = abstract new (...parameters: never[]) => object;

const random = new lib.Generator(1);

// Why an exported class is in no list.
const REASONS: Readonly<Record<string, string>> = {
  OnnxModel: "is read from a file, has no backward pass, and is tested beside lib/interchange/onnx",
};

const exportedLike = (base: Class): string[] =>
  Object.entries(lib)
    .filter(([, value]) => typeof value === "function" && value.prototype instanceof base)
    .map(([name]) => name)
    .filter((name) => !Object.hasOwn(REASONS, name));

const named = (made: readonly object[]): Set<string> =>
  new Set(made.map(({ constructor }) => constructor.name));

describe("the catalogue holds every exported", () => {
  test("layer, each with three different shapes", () => {
    const made = LAYERS.map(({ make, shapes }) => make(shapes[0], random));
    expect(exportedLike(lib.Layer).filter((name) => !named(made).has(name))).toEqual([]);
    for (const { shapes } of LAYERS) expect(new Set(shapes.map(String)).size).toBe(3);
  });

  test("loss, each with three different shapes", () => {
    const made = LOSSES.map(({ make }) => make());
    expect(exportedLike(lib.Loss).filter((name) => !named(made).has(name))).toEqual([]);
    for (const { shapes } of LOSSES) expect(new Set(shapes.map(String)).size).toBe(3);
  });

  test("optimizer", () => {
    const parameters = [new lib.Parameter("weight", lib.ones([1]))];
    const made = OPTIMIZERS.map(({ make }) => make(parameters));
    expect(exportedLike(lib.Optimizer).filter((name) => !named(made).has(name))).toEqual([]);
  });

  test("entry once, and no reason for a class that is gone", () => {
    const names = [...LAYERS, ...LOSSES, ...OPTIMIZERS].map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    expect(Object.keys(REASONS).filter((name) => !Object.hasOwn(lib, name))).toEqual([]);
  });
});
