// Scan: states that pass from step to step, outputs that are kept, and sequences that do not fit together.
import { describe, expect, test } from "vitest";
import { add, ArgumentError, mul, ones, scan, ShapeError, tensor } from "../../../lib/index.ts";

describe("scan", () => {
  test("hands the states on and keeps every output", () => {
    const numbers = tensor([1, 2, 3]);
    const { states, outputs } = scan({ states: [tensor(10)], sequences: [numbers] }, ([s], [x]) => {
      const next = add(s!, x!);
      return { states: [next], outputs: [next, mul(x!, 2)] };
    });
    expect(states[0]!.item()).toBe(16);
    expect(outputs.map((output) => output.toArray())).toEqual([
      [11, 13, 16],
      [2, 4, 6],
    ]);
  });

  test("says what to change when there is nothing to walk along, or two lengths of it", () => {
    const step = (): never => expect.unreachable();
    expect(() => scan({ states: [], sequences: [] }, step)).toThrow(ArgumentError);
    const uneven = { states: [], sequences: [ones([2, 1]), ones([3, 1])] };
    expect(() => scan(uneven, step)).toThrow(ShapeError);
    expect(() => scan(uneven, step)).toThrow("first axes equally long");
  });
});
