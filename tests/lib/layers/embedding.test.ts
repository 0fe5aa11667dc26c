// Embedding: rows by index, gradients that add up where a word repeats, and indices that are no words.
import { describe, expect, test } from "vitest";
import {
  ArgumentError,
  DTypeError,
  Embedding,
  Generator,
  ones,
  ShapeError,
  tensor,
} from "../../../lib/index.ts";

const words = tensor([[2, 0, 2]], { dtype: "int32" });

function layer(): Embedding {
  const table = new Embedding({ vocabularySize: 3, features: 2, random: new Generator(1) });
  table.weight.value = tensor([
    [1, 2],
    [3, 4],
    [5, 6],
  ]);
  return table;
}

describe("the embedding layer", () => {
  test("looks each word up", () => {
    expect(layer().forward(words).toArray()).toEqual([
      [
        [5, 6],
        [1, 2],
        [5, 6],
      ],
    ]);
    expect(layer().outputShape([4, 7])).toEqual([4, 7, 2]);
  });

  test("adds the gradients of a word that stands twice, and leaves the others at 0", () => {
    const table = layer();
    table.forward(words);
    const gradInput = table.backward(
      tensor([
        [
          [1, 2],
          [10, 20],
          [100, 200],
        ],
      ]),
    );
    expect(table.weight.gradient?.toArray()).toEqual([
      [10, 20],
      [0, 0],
      [101, 202],
    ]);
    expect(gradInput.toArray()).toEqual([[0, 0, 0]]);
  });

  test("starts with numbers from the generator", () => {
    const make = (seed: number): Embedding =>
      new Embedding({ vocabularySize: 4, features: 3, random: new Generator(seed) });
    expect(make(1).weight.value.toArray()).toEqual(make(1).weight.value.toArray());
    expect(make(1).weight.value.toArray()).not.toEqual(make(2).weight.value.toArray());
  });

  test("says what to change for a word outside the table, a fraction, or another gradient", () => {
    const table = layer();
    expect(() => table.forward(tensor([3], { dtype: "int32" }))).toThrow(ArgumentError);
    expect(() => table.forward(tensor([3], { dtype: "int32" }))).toThrow("from 0 to 2");
    expect(() => table.forward(ones([2]))).toThrow(DTypeError);
    table.forward(words);
    expect(() => table.backward(ones([3, 2]))).toThrow(ShapeError);
  });
});
