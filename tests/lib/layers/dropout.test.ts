// Dropout: how many numbers survive, by which factor they grow, where gradients pass, and evaluation.
import { describe, expect, test } from "vitest";
import { ArgumentError, Dropout, Generator, ones, tensor } from "../../../lib/index.ts";

const layer = (rate: number, seed = 7): Dropout =>
  new Dropout({ rate, random: new Generator(seed) });

const values = (dropout: Dropout, count = 10_000): number[] =>
  (dropout.forward(ones([1, count])).toArray() as number[][])[0]!;

describe("dropout while training", () => {
  test("drops about the given share and scales the rest, so that the mean stays", () => {
    const output = values(layer(0.25));
    expect(new Set(output)).toEqual(new Set([0, Math.fround(1 / 0.75)]));
    const dropped = output.filter((value) => value === 0).length / output.length;
    // Three standard errors of a share of 0.25 among 10,000.
    expect(Math.abs(dropped - 0.25)).toBeLessThan(3 * Math.sqrt((0.25 * 0.75) / 10_000));
  });

  test("lets the gradient through exactly where the number went through", () => {
    const dropout = layer(0.5);
    const output = dropout.forward(ones([4, 6]));
    expect(dropout.backward(ones([4, 6])).toArray()).toEqual(output.toArray());
  });

  test("draws a new mask each time, and the same masks again for the same seed", () => {
    const [first, second] = [layer(0.5), layer(0.5)];
    const masks = [values(first, 50), values(first, 50)];
    expect(masks[0]).not.toEqual(masks[1]);
    expect([values(second, 50), values(second, 50)]).toEqual(masks);
  });

  test("with rate 0 changes nothing", () => {
    expect(values(layer(0), 5)).toEqual([1, 1, 1, 1, 1]);
  });
});

describe("dropout in evaluation", () => {
  test("passes input and gradient unchanged, and draws nothing", () => {
    const dropout = layer(0.9).eval();
    const input = tensor([[1, 2, 3]]);
    expect(dropout.forward(input)).toBe(input);
    expect(dropout.backward(input)).toBe(input);
    expect(dropout.random.state.position).toBe(0);
  });
});

describe("the rate", () => {
  test.each([1, -0.1, 2, Number.NaN])("may not be %d", (rate) => {
    expect(() => layer(rate)).toThrow(ArgumentError);
    expect(() => layer(rate)).toThrow("Use 0.5 to drop half of them");
  });
});
