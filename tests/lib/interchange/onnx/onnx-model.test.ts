// A file as a layer: what it takes, what it refuses, and how it stands among other layers.
// Covers: lib/interchange/onnx/ports.ts
import { describe, expect, test } from "vitest";
import { Graph } from "../../../../lib/backends/onnx/graph.ts";
import { modelFile } from "../../../../lib/backends/onnx/model-file.ts";
import * as lib from "../../../../lib/index.ts";
import { exported, expectNear, floats } from "../../../support/exported.ts";

const random = (): lib.Generator => new lib.Generator(1);
const rows = (): lib.OnnxModel => lib.fromOnnx(exported((x) => lib.mul(x, 2), ["batch", 3]));

// Two inputs whose first axes are one.
const pair = (): lib.OnnxModel =>
  lib.fromOnnx(
    lib.toOnnx([], {
      inputs: { a: { shape: ["batch", 2] }, b: { shape: ["batch", "width"] } },
      forward: ({ a, b }) => ({ both: lib.concat([a, b], { axis: 1 }), negative: lib.neg(a) }),
    }),
  );

test("several inputs and outputs go by name", () => {
  const { both, negative } = pair().run({ a: floats([2, 2]), b: floats([2, 5]) });
  expect(both!.shape).toEqual([2, 7]);
  expectNear(negative!, lib.neg(floats([2, 2])));
});

test("element types of all kinds go in and come out", () => {
  const loaded = lib.fromOnnx(
    lib.toOnnx([], {
      inputs: { i: { shape: ["n"], dtype: "int32" }, b: { shape: ["n"], dtype: "bool" } },
      forward: ({ i, b }) => ({ sum: lib.add(i, i), same: lib.equal(i, 3), bits: b }),
    }),
  );
  const { sum, same, bits } = loaded.run({
    i: lib.tensor([3, 4], { dtype: "int32" }),
    b: lib.tensor([true, false]),
  });
  expect([sum, same, bits].map((each) => each!.dtype)).toEqual(["int32", "bool", "bool"]);
  expect([sum, same, bits].map((each) => each!.toArray())).toEqual([
    [6, 8],
    [true, false],
    [true, false],
  ]);
});

test("predict and accuracy take it like a model of one's own", () => {
  const model = new lib.Linear({ inFeatures: 3, outFeatures: 2, random: random() });
  const loaded = lib.fromOnnx(lib.toOnnx(model, { inputs: { x: { shape: ["batch", 3] } } }));
  const x = floats([7, 3]);
  expectNear(lib.predict(loaded, x, { batchSize: 3 }), model.forward(x));
  const data = new lib.Dataset(x, lib.tensor([0, 1, 0, 1, 0, 1, 0], { dtype: "int32" }));
  expect(lib.accuracy(loaded, data)).toBe(lib.accuracy(model, data));
});

test("layers behind it are trained, and it is not", async () => {
  const head = new lib.Linear({ inFeatures: 3, outFeatures: 2, random: random() });
  const model = new lib.Sequential(rows(), head);
  expect(model.outputShape([4, 3])).toEqual([4, 2]);
  expect(model.parameters()).toEqual(head.parameters());
  const targets = lib.tensor([0, 1, 1, 0], { dtype: "int32" });
  const before = head.weight.value.toArray();
  await lib.fit(model, {
    train: new lib.Dataset(floats([4, 3]), targets),
    loss: new lib.CrossEntropyLoss(),
    optimizer: new lib.SGD(model.parameters(), { learningRate: 0.1 }),
    random: random(),
    epochs: 1,
    batchSize: 4,
    progress: false,
  });
  expect(head.weight.value.toArray()).not.toEqual(before);
});

test("a notebook shows a table of what goes in and out", () => {
  const { "text/plain": text } = pair().toMimeBundle() as Record<string, string>;
  expect(text).toContain("OnnxModel(the model)");
  expect(text).toMatch(/input\s+b\s+\[batch, width\]\s+float32/);
  expect(text).toMatch(/output\s+both\s+\[batch, width\+2\]\s+float32/);
});

test("shapes are known before it runs, as far as the file says them", () => {
  expect(rows().exampleShape).toEqual([3]);
  expect(rows().outputShape([5, 3])).toEqual([5, 3]);
  expect(pair().exampleShape).toEqual([2]);
  expect(lib.fromOnnx(exported((x) => x, ["a", "b"])).exampleShape).toBeUndefined();
});

test("a model without inputs gives its outputs", () => {
  const graph = new Graph(undefined, { family: "standard" });
  graph.output(graph.scalar(3), "y");
  const loaded = lib.fromOnnx(modelFile(graph));
  expect(loaded.run({})["y"]!.item()).toBe(3);
  expect([loaded.exampleShape, loaded.outputShape([2])]).toEqual([undefined, []]);
  expect(() => loaded.forward(lib.zeros([1]))).toThrow("the inputs are none and the outputs y");
});

describe("is refused:", () => {
  const expectRefused = (
    attempt: () => unknown,
    kind: new (message: string) => Error,
    message: string,
  ): void => {
    expect(attempt).toThrow(kind);
    expect(attempt).toThrow(message);
  };

  test("another shape, with the shape that is expected", () => {
    const message =
      "the model: x must be [batch, 3] with batch = 2, got [2, 4]. Reshape it, or check what";
    expectRefused(() => rows().forward(floats([2, 4])), lib.ShapeError, message);
    const rank = "x must be [batch, 3], got [3]. Reshape it";
    expectRefused(() => rows().forward(floats([3])), lib.ShapeError, rank);
    expectRefused(() => rows().forward(floats([1, 2, 3])), lib.ShapeError, "got [1, 2, 3]");
  });

  test("lengths that differ where the file has one name for them", () => {
    expectRefused(
      () => pair().run({ a: floats([2, 2]), b: floats([3, 2]) }),
      lib.ShapeError,
      "b must be [batch, width] with batch = 2, width = 2, got [3, 2]",
    );
  });

  test("another element type", () => {
    const x = lib.tensor([[1, 2, 3]], { dtype: "int32" });
    const message =
      'x must be [batch, 3] of float32, got [1, 3] of int32. Convert it first: cast(x, "float32")';
    expectRefused(() => rows().forward(x), lib.DTypeError, message);
    expectRefused(
      () => rows().forward([1, 2, 3] as unknown as lib.Tensor),
      lib.ArgumentError,
      "expects a tensor",
    );
  });

  test("other names", () => {
    const message = "the inputs are a, b, got a. Pass exactly those: run({ a, b }).";
    expectRefused(() => pair().run({ a: floats([1, 2]) }), lib.ArgumentError, message);
    const more = { a: floats([1, 2]), b: floats([1, 2]), c: floats([1]) };
    expectRefused(() => pair().run(more), lib.ArgumentError, "got a, b, c");
    expectRefused(() => pair().run(undefined as unknown as {}), lib.ArgumentError, "got none");
    const bare = floats([1, 2]) as unknown as {};
    expectRefused(() => pair().run(bare), lib.ArgumentError, "got a tensor without a name. Pass");
  });

  test("forward where there are several inputs", () => {
    expectRefused(
      () => pair().forward(floats([1, 2])),
      lib.ArgumentError,
      "the inputs are a, b and the outputs both, negative. Call run({ a, b }) for outputs by name",
    );
  });

  test("forward in a step or a model that is recorded", async () => {
    const message =
      "the model: a model from a file takes numbers, but here a step or another model";
    const inputs = { x: { shape: ["batch", 3] } };
    expectRefused(() => lib.toOnnx(rows(), { inputs }), lib.TracingError, message);
    const model = new lib.Sequential(
      rows(),
      new lib.Linear({ inFeatures: 3, outFeatures: 2, random: random() }),
    );
    const optimizer = new lib.SGD(model.parameters(), { learningRate: 0.1 });
    const step = lib.compile(({ x }: { x: lib.Tensor }) => ({ mean: lib.mean(model.forward(x)) }), {
      model,
      optimizer,
    });
    await expect(step.run([{ x: floats([2, 3]) }])).rejects.toThrow(message);
    step.dispose();
  });

  test("an output that is empty", () => {
    const graph = new Graph(undefined, { family: "standard" });
    const x = graph.input("x", { shape: [2], dtype: "float32" });
    graph.output(graph.node("NonZero", [x], { shape: [1, 2], dtype: "int64" }), "places");
    const loaded = lib.fromOnnx(modelFile(graph));
    expect(loaded.forward(lib.tensor([0, 5])).toArray()).toEqual([[1]]);
    expectRefused(
      () => loaded.forward(lib.zeros([2])),
      lib.ShapeError,
      "the model: places must have at least one element",
    );
  });

  test("backward, and a model that was disposed", () => {
    const model = rows();
    expectRefused(() => model.backward(floats([1, 3])), lib.StateError, "train the layers behind");
    model.dispose();
    model.dispose();
    expectRefused(() => model.forward(floats([1, 3])), lib.StateError, "Load the file again");
  });

  test("numbers that the model cannot compute with", () => {
    const table = new lib.Embedding({ vocabularySize: 5, features: 2, random: random() });
    const inputs = { words: { shape: ["batch"], dtype: "int32" } } as const;
    const loaded = lib.fromOnnx(lib.toOnnx(table, { inputs }));
    for (const word of [5, -1]) {
      const words = lib.tensor([word], { dtype: "int32" });
      expectRefused(() => loaded.forward(words), lib.BackendError, "out of data bounds");
    }
  });
});
