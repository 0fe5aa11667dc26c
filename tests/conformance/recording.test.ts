// A whole training step on a backend that has shapes but no numbers: what a recorder of graphs will need.
import { describe, expect, test } from "vitest";
import type { Backend, BackendValue } from "../../lib/backends/backend.ts";
import { withBackend } from "../../lib/backends/select.ts";
import * as lib from "../../lib/index.ts";
import { broadcastShapes, reducedShape } from "../../lib/shape.ts";

interface Recorder {
  readonly backend: Backend;
  /** Names of the primitives in the order in which they were asked for. */
  readonly nodes: string[];
}

// Only the primitives that a classifier of vectors needs; a missing one fails the test by its name.
function recorder(): Recorder {
  const nodes: string[] = [];
  const node = (name: string, shape: lib.Shape, dtype: lib.DType): BackendValue => {
    nodes.push(name);
    return { shape: [...shape], dtype };
  };
  const joined = (a: BackendValue, b: BackendValue): number[] => broadcastShapes(a.shape, b.shape)!;
  const primitives: Partial<Backend> = {
    name: "recorder",
    fill: (_, shape, dtype) => node("fill", shape, dtype),
    drawn: (_, shape, { dtype }) => node("drawn", shape, dtype),
    adopt: (x) => node("adopt", x.shape, x.dtype),
    read: () => {
      throw new lib.BackendError(
        "recorder: a step being recorded has no numbers. Return the loss.",
      );
    },
    unary: (name, x) => node(name, x.shape, x.dtype),
    binary: (name, a, b) => node(name, joined(a, b), a.dtype),
    compare: (name, a, b) => node(name, joined(a, b), "bool"),
    cast: (x, dtype) => node("cast", x.shape, dtype),
    affine: (x, weight) => node("affine", [x.shape[0]!, weight.shape[1]!], x.dtype),
    matmul: (a, b, { transposeA, transposeB }) => {
      const shape = [a.shape.at(transposeA ? -1 : -2)!, b.shape.at(transposeB ? -2 : -1)!];
      return node("matmul", shape, a.dtype);
    },
    reduce: (name, x, { axes, keepDims }) =>
      node(name, reducedShape(x.shape, axes, keepDims), x.dtype),
    softmax: (x) => node("softmax", x.shape, x.dtype),
    logSoftmax: (x) => node("logSoftmax", x.shape, x.dtype),
    reshape: (x, shape) => node("reshape", shape, x.dtype),
    oneHot: (index, classes, dtype) => node("oneHot", [...index.shape, classes], dtype),
  };
  return { backend: primitives as Backend, nodes };
}

describe("a training step without numbers", () => {
  const random = new lib.Generator(1);
  const model = new lib.Sequential(
    new lib.Linear({ inFeatures: 6, outFeatures: 5, random }),
    new lib.ReLU(),
    new lib.Dropout({ rate: 0.5, random }),
    new lib.Linear({ inFeatures: 5, outFeatures: 3, random }),
  );
  const loss = new lib.CrossEntropyLoss();
  const optimizer = new lib.Adam(model.parameters());
  const inputs = lib.ones([4, 6]);
  const targets = lib.zeros([4], { dtype: "int32" });

  function step(): lib.Tensor {
    const value = loss.forward(model.forward(inputs), targets);
    model.backward(loss.backward());
    optimizer.step();
    return value;
  }

  test("is the same list of primitives each time, and every weight gets a new value", () => {
    const { backend, nodes } = recorder();
    const before = model.parameters().map(({ value }) => value);
    step();
    const [first, second] = [1, 2].map(() => {
      withBackend(backend, step);
      return nodes.splice(0).filter((name) => name !== "adopt");
    });
    expect(first!.length).toBeGreaterThan(40);
    expect(first).toContain("drawn");
    expect(second).toEqual(first);
    for (const [i, { value }] of model.parameters().entries()) {
      expect(value.backend).toBe(backend);
      expect([value.shape, value.dtype]).toEqual([before[i]!.shape, before[i]!.dtype]);
    }
  });

  test("shapes are still checked, and reading a number is the backend's error", () => {
    withBackend(recorder().backend, () => {
      expect(() => model.forward(lib.ones([4, 7]))).toThrow(lib.ShapeError);
      const value = lib.mean(lib.ones([2]));
      expect(() => value.item()).toThrow("a step being recorded has no numbers");
    });
  });
});
