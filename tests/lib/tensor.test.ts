// The tensor as its users see it: shape, element type, reading, and that nobody can change it.
import { inspect } from "node:util";
import { describe, expect, test } from "vitest";
import { fromTypedArray, ShapeError, Tensor, tensor, zeros } from "../../lib/index.ts";

describe("a tensor", () => {
  test("knows its shape, rank, size and element type", () => {
    const x = zeros([2, 3, 1], { dtype: "int32" });
    expect([x.shape, x.rank, x.size, x.dtype]).toEqual([[2, 3, 1], 3, 6, "int32"]);
    expect([tensor(1).shape, tensor(1).rank, tensor(1).size]).toEqual([[], 0, 1]);
  });

  test("gives nested arrays of its shape, booleans for bool, a bare number for a scalar", () => {
    expect(tensor([[1, 2, 3]]).toArray()).toEqual([[1, 2, 3]]);
    expect(tensor([[true], [false]]).toArray()).toEqual([[true], [false]]);
    expect(tensor(4).toArray()).toBe(4);
  });

  test("rounds to float32, and to float64 only when asked", () => {
    expect(tensor(0.1).item()).toBe(Math.fround(0.1));
    expect(tensor(0.1, { dtype: "float64" }).item()).toBe(0.1);
  });

  test("gives its one number as item, whatever the rank, and explains itself otherwise", () => {
    expect(tensor([[5]]).item()).toBe(5);
    expect(tensor(true).item()).toBe(1);
    expect(() => tensor([1, 2]).item()).toThrow(ShapeError);
    expect(() => tensor([1, 2]).item()).toThrow("Use toArray() for all elements");
  });

  test("cannot be changed through what it hands out or was made from", () => {
    const source = Float32Array.of(1, 2);
    const x = fromTypedArray(source, [2]);
    source[0] = 9;
    x.toTypedArray()[1] = 9;
    (x.toArray() as number[])[0] = 9;
    expect(x.toArray()).toEqual([1, 2]);
    expect(() => (x.shape as number[]).push(1)).toThrow(TypeError);
    expect(() => Object.assign(x, { shape: [1] })).toThrow(TypeError);
  });

  test("keeps an array that is given away without copying it", () => {
    const source = Float32Array.of(1, 2);
    const x = fromTypedArray(source, [2], { copy: false });
    source[0] = 9;
    expect(x.toArray()).toEqual([9, 2]);
  });

  test("shows itself on the console and to a notebook", () => {
    const x = tensor([1, 2]);
    expect(inspect(x)).toBe(x.toString());
    const show = (x as unknown as Record<symbol, () => unknown>)[Symbol.for("Jupyter.display")]!;
    expect(show.call(x)).toEqual(x.toMimeBundle());
    expect(Object.keys(x.toMimeBundle())).toEqual(["text/plain", "text/html"]);
    expect(x).toBeInstanceOf(Tensor);
  });

  test("shows its shape alone among others, where it has many numbers", () => {
    const [few, many] = [tensor([1, 2]), zeros([20, 30])];
    expect(inspect({ few })).toBe(`{ few: ${inspect(few)} }`);
    expect(inspect(many)).toContain("0., 0.");
    expect(inspect([many])).toBe("[ tensor of shape [20, 30], float32 ]");
    expect(inspect(new Map([["weight", many]]))).toContain("'weight' => tensor of shape [20, 30]");
    // A cell of a table has one line.
    expect(inspect(many, { breakLength: Infinity })).toBe("tensor of shape [20, 30], float32");
  });
});
