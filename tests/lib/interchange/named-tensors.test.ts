// What is written or loaded must be a map of tensors: an object, a list or a number is told apart.
// Covers: lib/interchange/excerpt.ts
import { expect, test } from "vitest";
import {
  ArgumentError,
  Linear,
  loadStateDict,
  type Tensor,
  tensor,
  Generator,
  writeNpz,
  writeSafetensors,
} from "../../../lib/index.ts";

type Tensors = Map<string, Tensor>;

const TAKERS: readonly (readonly [string, (tensors: Tensors) => void])[] = [
  ["writeSafetensors", writeSafetensors],
  ["writeNpz", writeNpz],
  [
    "loadStateDict",
    (tensors) => {
      const random = new Generator(1);
      loadStateDict(new Linear({ inFeatures: 1, outFeatures: 1, random }), tensors);
    },
  ],
];

test.each(TAKERS)("%s takes a map and nothing else", (name, take) => {
  for (const wrong of [undefined, 5, { a: tensor([1]) }, [["a", tensor([1])]]]) {
    const call = (): void => take(wrong as unknown as Tensors);
    expect(call).toThrow(ArgumentError);
    expect(call).toThrow(`${name}: expects a Map from names to tensors, got `);
    expect(call).toThrow("new Map(Object.entries(tensors))");
  }
});

test.each(TAKERS)("%s takes names that are text", (name, take) => {
  const call = (): void => take(new Map([[1, tensor([1])]]) as unknown as Tensors);
  expect(call).toThrow(ArgumentError);
  expect(call).toThrow(`${name}: expects names that are text, got 1. Write it as text`);
});

test.each(TAKERS)("%s takes tensors, and names the first thing that is none", (name, take) => {
  const long = "n\n".repeat(1000);
  const call = (): void => take(new Map([[long, 5]]) as unknown as Tensors);
  expect(call).toThrow(ArgumentError);
  expect(call).toThrow(
    `${name}: ${JSON.stringify(`${"n\n".repeat(40)}...`)}: expects a tensor, got 5`,
  );
});
