// The contract of primitives that move elements: arranging, rows by number, creation.
import { describe, expect, test } from "vitest";
import * as lib from "../../../lib/index.ts";
import { at, build, numbers, toTensor } from "../../support/arrays.ts";
import { expectClose } from "../../support/expect-close.ts";
import type { Subject } from "./subject.ts";

const DTYPES = ["float32", "int32", "bool"] as const;

/** Runs the contract of primitives that move elements. */
export function moveContract(subject: Subject): void {
  describe.each(DTYPES)("arranging %s", (dtype) => {
    arrangeContract(subject, dtype);
  });
  describe("rows by number", () => {
    rowContract(subject);
  });
  describe("creation", () => {
    creationContract(subject);
  });
}

function arrangeContract({ on }: Subject, dtype: lib.DType): void {
  const x = numbers([2, 3, 4], 1, { dtype });

  test("reshape keeps the order of elements", () => {
    for (const shape of [[24], [4, 6], [2, 1, 3, 4, 1], [-1, 8]]) {
      const resolved = shape.map((length) => (length === -1 ? 3 : length));
      expectClose(
        on(() => lib.reshape(toTensor(x), shape)),
        { shape: resolved, data: x.data },
        0,
      );
    }
  });

  test.each([[[0, 1, 2]], [[2, 1, 0]], [[1, 2, 0]], [[0, 2, 1]], [[-1, 0, 1]]])(
    "transpose by %j moves every axis to its place",
    (permutation) => {
      const axes = permutation.map((axis) => (axis < 0 ? axis + 3 : axis));
      const expected = build(
        axes.map((axis) => x.shape[axis]!),
        (index) =>
          at(
            x,
            [0, 1, 2].map((axis) => index[axes.indexOf(axis)]!),
          ),
      );
      expectClose(
        on(() => lib.transpose(toTensor(x), permutation)),
        expected,
        0,
      );
    },
  );

  test("transpose without a permutation reverses the axes", () => {
    const expected = build([4, 3, 2], ([i, j, k]) => at(x, [k!, j!, i!]));
    expectClose(
      on(() => lib.transpose(toTensor(x))),
      expected,
      0,
    );
  });

  test("slice takes ranges, counts negatives from the end, steps, and stops at the end", () => {
    const part = on(() => lib.slice(toTensor(x), [null, [-2, 99], [0, 4, 3]]));
    expectClose(
      part,
      build([2, 2, 2], ([i, j, k]) => at(x, [i!, j! + 1, k! * 3])),
      0,
    );
    const row = on(() => lib.slice(toTensor(x), [[1, 2]]));
    expectClose(
      row,
      build([1, 3, 4], ([, j, k]) => at(x, [1, j!, k!])),
      0,
    );
  });

  test("flip reverses the named axes, and all when none is named", () => {
    const some = build([2, 3, 4], ([i, j, k]) => at(x, [i!, 2 - j!, k!]));
    const all = build([2, 3, 4], ([i, j, k]) => at(x, [1 - i!, 2 - j!, 3 - k!]));
    expectClose(
      on(() => lib.flip(toTensor(x), [1])),
      some,
      0,
    );
    expectClose(
      on(() => lib.flip(toTensor(x))),
      all,
      0,
    );
  });

  test.each([0, 1, 2, -1])("concat along axis %i undoes split", (axis) => {
    const along = axis < 0 ? axis + 3 : axis;
    const sizes = [1, x.shape[along]! - 1];
    const pieces = on(() => lib.split(toTensor(x), sizes, { axis }));
    expect(pieces.map((piece) => piece.shape[along])).toEqual(sizes);
    const second = build(pieces[1]!.shape, (index) => at(x, index.with(along, index[along]! + 1)));
    expectClose(pieces[1]!, second, 0);
    expectClose(
      on(() => lib.concat(pieces, { axis })),
      x,
      0,
    );
  });

  test("concat of one part is that part", () => {
    expectClose(
      on(() => lib.concat([toTensor(x)])),
      x,
      0,
    );
  });

  test("pad puts the value around and keeps the middle", () => {
    const widths = [
      [0, 1],
      [2, 0],
      [1, 1],
    ] as const;
    const expected = build([3, 5, 6], ([i, j, k]) => {
      const inside = i! < 2 && j! >= 2 && k! >= 1 && k! < 5;
      return inside ? at(x, [i!, j! - 2, k! - 1]) : 1;
    });
    expectClose(
      on(() => lib.pad(toTensor(x), widths, { value: 1 })),
      expected,
      0,
    );
  });

  test("expand repeats axes of length 1 and adds axes in front", () => {
    const thin = numbers([3, 1], 5, { dtype });
    const expected = build([2, 3, 4], ([, j]) => at(thin, [j!, 0]));
    expectClose(
      on(() => lib.expand(toTensor(thin), [2, 3, 4])),
      expected,
      0,
    );
    const scalar = numbers([], 6, { dtype });
    expectClose(
      on(() => lib.expand(toTensor(scalar), [2])),
      build([2], () => at(scalar, [])),
      0,
    );
  });
}

function rowContract({ on }: Subject): void {
  const table = numbers([5, 2, 3], 1);
  const chosen = { shape: [2, 2], data: Int32Array.of(4, 0, 4, 1) };

  test("gather reads whole rows, repeated ones too", () => {
    const expected = build([2, 2, 2, 3], ([i, j, ...rest]) =>
      at(table, [at(chosen, [i!, j!]), ...rest]),
    );
    expectClose(
      on(() => lib.gather(toTensor(table), toTensor(chosen))),
      expected,
      0,
    );
  });

  test("gather of a vector by a scalar is one element", () => {
    const x = lib.tensor([3, 5, 7]);
    expect(on(() => lib.gather(x, lib.tensor(2, { dtype: "int32" }))).item()).toBe(7);
  });

  test("scatterAdd adds the updates of repeated rows and leaves the others 0", () => {
    const updates = numbers([2, 2, 3], 2);
    const expected = build([5, 3], ([row, k]) => {
      let sum = 0;
      for (const i of [0, 1]) {
        for (const j of [0, 1]) if (at(chosen, [i, j]) === row) sum += at(updates, [i, j, k!]);
      }
      return sum;
    });
    const actual = on(() => lib.scatterAdd(toTensor(chosen), toTensor(updates), 5));
    expectClose(actual, expected, 1e-6);
  });

  test("oneHot writes one 1 for each entry, in the asked element type", () => {
    const expected = build([2, 2, 5], ([i, j, c]) => Number(at(chosen, [i!, j!]) === c));
    expectClose(
      on(() => lib.oneHot(toTensor(chosen), 5)),
      expected,
      0,
    );
    expect(on(() => lib.oneHot(toTensor(chosen), 5, { dtype: "float64" })).dtype).toBe("float64");
  });

  test.each([-1, 5])("an index of %i is refused and the message names it", (wrong) => {
    const index = lib.tensor([0, wrong], { dtype: "int32" });
    for (const call of [
      () => lib.gather(toTensor(table), index),
      () => lib.scatterAdd(index, lib.ones([2, 3]), 5),
      () => lib.oneHot(index, 5),
    ]) {
      expect(() => on(call)).toThrow(`every index must be from 0 to 4, got ${wrong} at position 1`);
    }
  });
}

function creationContract({ on }: Subject): void {
  test("fill, ones, zeros, eye and arange hold what they say, in every element type", () => {
    for (const dtype of ["float32", "float64", "int32"] as const) {
      const made = on(() => ({
        full: lib.full([2, 1], 7, { dtype }),
        ones: lib.ones([2], { dtype }),
        zeros: lib.zeros([], { dtype }),
        eye: lib.eye(2, { dtype }),
        arange: lib.arange(3, { start: 5, step: -2, dtype }),
      }));
      expect(Object.values(made).map((each) => each.dtype)).toEqual(Array(5).fill(dtype));
      expect(Object.values(made).map((each) => each.toArray())).toEqual([
        [[7], [7]],
        [1, 1],
        0,
        [
          [1, 0],
          [0, 1],
        ],
        [5, 3, 1],
      ]);
    }
  });

  test("drawn numbers depend on the generator alone", () => {
    const draw = (): unknown => {
      const random = new lib.Generator(3);
      return on(() => [lib.randomUniform(random, [5]), lib.randomNormal(random, [2, 2])]).map(
        (each) => each.toArray(),
      );
    };
    expect(draw()).toEqual(draw());
  });

  test("constant and stopGradient keep the numbers", () => {
    const x = lib.tensor([1, 2]);
    expect(on(() => lib.constant(lib.stopGradient(x))).toArray()).toEqual([1, 2]);
  });
}
