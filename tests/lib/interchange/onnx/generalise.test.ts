// What follows from the size of an axis: computed when the file runs, or refused with the line and a way out.
// Covers: lib/interchange/onnx/versions.ts, lib/interchange/onnx/differences.ts, lib/interchange/onnx/*-constants.ts, lib/interchange/onnx/size-arithmetic.ts
import { describe, expect, test } from "vitest";
import * as lib from "../../../../lib/index.ts";
import { expectNear, exported, floats } from "../../../support/exported.ts";

describe("what follows from the size of an axis is computed when the file runs:", () => {
  const cases: [string, (x: lib.Tensor) => lib.Tensor][] = [
    ["a new shape", (x) => lib.reshape(x, [x.shape[1]!, x.shape[0]! * 4])],
    ["a shape with two free axes", (x) => lib.reshape(x, [x.shape[0]!, 2, x.shape[1]! * 2, 1])],
    ["the last row", (x) => lib.slice(x, [[-1, Infinity]])],
    ["the first row", (x) => lib.slice(x, [[0, 1]])],
    ["all rows, by how many there are", (x) => lib.slice(x, [[0, x.shape[0]!]])],
    ["rows backwards", (x) => lib.flip(x, [0])],
    ["zeros", (x) => lib.concat([x, lib.zeros(x.shape)])],
    [
      "ones from a list",
      (x) => lib.add(x, lib.fromTypedArray(new Float32Array(x.size).fill(1), x.shape)),
    ],
    ["a mean by hand", (x) => lib.div(lib.sum(x, { axes: [0] }), x.shape[0]!)],
    ["a mean by a factor", (x) => lib.mul(lib.sum(x, { axes: [0] }), 1 / x.shape[0]!)],
    [
      "sums of columns",
      (x) => lib.sum(lib.reshape(x, [x.shape[0]! * 2, x.shape[1]! * 2]), { axes: [0] }),
    ],
    ["a sum over everything", (x) => lib.sum(x)],
    [
      "positions",
      (x) => lib.add(x, lib.reshape(lib.arange(x.shape[0]!, { start: 2, step: 3 }), [-1, 1, 1])),
    ],
    [
      "positions backwards",
      (x) => lib.mul(x, lib.reshape(lib.arange(x.shape[0]!, { step: -1 }), [-1, 1, 1])),
    ],
    [
      "expanded rows",
      (x) => lib.expand(lib.tensor([[[1], [2], [3], [4]]]), [x.shape[0]!, 4, x.shape[1]!]),
    ],
    [
      "edges",
      (x) =>
        lib.pad(
          x,
          [
            [0, x.shape[0]!],
            [0, 0],
            [0, 0],
          ],
          { value: 7 },
        ),
    ],
    [
      "what is before a position",
      (x) => lib.add(lib.cast(below(x.shape[0]!, 1, 0), "float32"), lib.sum(x)),
    ],
    [
      "what is behind a position",
      (x) => lib.add(lib.cast(below(x.shape[0]!, 0, 1), "float32"), lib.sum(x)),
    ],
    ["a mask of numbers", (x) => lib.add(scores(x.shape[0]!), lib.sum(x))],
  ];

  test.each(cases)("%s", (_what, compute) => {
    const loaded = lib.fromOnnx(exported(compute, ["rows", "columns", 4]));
    for (const shape of [
      [1, 1, 4],
      [2, 3, 4],
      [6, 5, 4],
    ]) {
      const x = floats(shape);
      expectNear(loaded.forward(x), compute(x));
    }
  });

  // bool [count, count]: one value up to the diagonal, another one behind it.
  const below = (count: number, before: number, behind: number): lib.Tensor =>
    lib.fromTypedArray(
      Uint8Array.from({ length: count * count }, (_, index) =>
        index % count <= Math.floor(index / count) ? before : behind,
      ),
      [count, count],
    );

  const scores = (count: number): lib.Tensor =>
    lib.fromTypedArray(
      Float32Array.from({ length: count * count }, (_, index) =>
        index % count <= Math.floor(index / count) ? 0 : -5,
      ),
      [count, count],
    );
});

describe("a free axis is refused, with op, line and fix, where a file cannot say", () => {
  const HERE = String.raw`tests/lib/interchange/onnx/generalise\.test\.ts:\d+`;

  test("which ops there are", () => {
    const compute = (x: lib.Tensor): lib.Tensor => (x.shape[0]! > 40 ? lib.exp(x) : lib.neg(x));
    expect(() => exported(compute, ["batch", 2])).toThrow(lib.TracingError);
    expect(() => exported(compute, ["batch", 2])).toThrow(
      new RegExp(
        `exp at ${HERE} is another one for batch = 41 than for batch = 37. Write a number in place of "batch"`,
      ),
    );
  });

  test("how many ops there are, as in a loop over the axis", () => {
    const compute = (x: lib.Tensor): lib.Tensor => {
      let sum = lib.zeros([1, 2]);
      for (let t = 0; t < x.shape[0]!; t++) sum = lib.add(sum, lib.slice(x, [[t, t + 1]]));
      return sum;
    };
    expect(() => exported(compute, ["steps", 2])).toThrow(
      new RegExp(`slice at ${HERE} is another one for steps = 41`),
    );
  });

  test("that one example is treated by itself", () => {
    const compute = (x: lib.Tensor): lib.Tensor => (x.shape[0] === 1 ? lib.exp(x) : x);
    expect(() => exported(compute, ["batch", 2])).toThrow("for batch = 1 than for batch = 37");
  });

  test("that one row of one example is treated by itself", () => {
    const firstTwo = (x: lib.Tensor): lib.Tensor => {
      const rows = lib.reshape(x, [-1, 2]);
      return lib.slice(rows, [[0, Math.min(2, rows.shape[0]!)]]);
    };
    expect(() => exported(firstTwo, ["batch", "sequence", 2])).toThrow(
      /follow from the size of "batch", "sequence" in a way that it cannot say/,
    );
  });

  test("numbers that are made for each size, and names the axis", () => {
    const compute = (x: lib.Tensor): lib.Tensor => {
      const waves = Float32Array.from({ length: x.shape[1]! }, (_, k) => Math.sin(k));
      return lib.add(x, lib.fromTypedArray(waves, [x.shape[1]!]));
    };
    const attempt = (): Uint8Array => exported(compute, ["batch", "sequence"]);
    expect(attempt).toThrow(lib.TracingError);
    expect(attempt).toThrow(
      new RegExp(
        `those of add at ${HERE} follow from the size of "sequence" in a way that it cannot say. Write a number in place of "sequence"`,
      ),
    );
    expect(
      lib
        .fromOnnx(exported(compute, ["batch", 5]))
        .forward(floats([2, 5]))
        .toArray(),
    ).toEqual(compute(floats([2, 5])).toArray());
  });

  test("of which type a constant is", () => {
    const compute = (x: lib.Tensor): lib.Tensor => {
      const dtype = x.shape[0] === 1 ? "int32" : "float32";
      return lib.add(x, lib.cast(lib.full([1, 1], x.shape[0]!, { dtype }), "float32"));
    };
    expect(() => exported(compute, ["batch", 2])).toThrow(lib.TracingError);
  });

  test("which outputs there are", () => {
    const forward = ({ x }: Readonly<Record<string, lib.Tensor>>): Record<string, lib.Tensor> => {
      const y = lib.neg(x!);
      return x!.shape[0] === 1 ? { one: y } : { many: y };
    };
    expect(() => lib.toOnnx([], { inputs: { x: { shape: ["batch"] } }, forward })).toThrow(
      "but what comes out is another one for batch = 1 than for batch = 37",
    );
  });

  test("settings of an op", () => {
    const compute = (x: lib.Tensor): lib.Tensor =>
      lib.maxPool2d(x, { kernelSize: [1, x.shape[3]!], padding: [0, 0], stride: 1 });
    expect(() => exported(compute, [1, 1, 2, "width"])).toThrow(
      new RegExp(`maxPool2d at ${HERE} is another one for width = 41`),
    );
  });

  test("inside of a scan", () => {
    const compute = (x: lib.Tensor): lib.Tensor =>
      lib.scan({ states: [lib.zeros([2])], sequences: [x] }, ([sum], [row]) => {
        const next = lib.add(sum!, x.shape[0]! > 40 ? lib.exp(row!) : row!);
        return { states: [next], outputs: [] };
      }).states[0]!;
    expect(() => exported(compute, ["steps", 2])).toThrow(
      /exp at .* is another one for steps = 41/,
    );
  });

  test("that the model takes one length only, with the model's own words", () => {
    const attempt = (): Uint8Array =>
      lib.toOnnx(new lib.Linear({ inFeatures: 3, outFeatures: 2, random: new lib.Generator(1) }), {
        inputs: { x: { shape: ["batch", "features"] } },
      });
    expect(attempt).toThrow(lib.ShapeError);
    expect(attempt).toThrow(
      /with batch = 37, features = 43 it says: Linear.* Write a number for an axis that has one length only/,
    );
  });
});
