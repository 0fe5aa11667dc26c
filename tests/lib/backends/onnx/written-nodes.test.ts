// Nodes that are written: only what is needed, outputs under their names at once where that can be, and the same numbers.
import { describe, expect, test } from "vitest";
import { Graph, type GraphValue } from "../../../../lib/backends/onnx/graph.ts";
import { modelFile } from "../../../../lib/backends/onnx/model-file.ts";
import { writtenNodes } from "../../../../lib/backends/onnx/written-nodes.ts";
import { requireOnnxRuntime } from "../../../../lib/backends/onnx/runtime.ts";

const TYPE = { shape: [2], dtype: "float32" } as const;

function run(graph: Graph): Record<string, number[]> {
  const { session, tensor } = requireOnnxRuntime();
  const outputs = graph.contents.outputs.map(({ name }) => [name, null] as const);
  const x = tensor("float32", Float32Array.of(1, 2), [2]);
  const results = session(modelFile(graph)).run({ x }, Object.fromEntries(outputs), {});
  return Object.fromEntries(
    Object.entries(results).map(([name, { data }]) => [name, Array.from(data)]),
  );
}

const operators = (graph: Graph): string[] =>
  writtenNodes(graph.contents).map(({ operator }) => operator);

const started = (): { graph: Graph; x: GraphValue; y: GraphValue } => {
  const graph = new Graph();
  const x = graph.input("x", TYPE);
  return { graph, x, y: graph.node("Neg", [x], x) };
};

describe("an output", () => {
  test("is written by the node that computes it, whoever else reads that", () => {
    const { graph, y } = started();
    const z = graph.node("Mul", [y, y], y);
    graph.output(y, "y");
    graph.output(z, "z");
    expect(operators(graph)).toEqual(["Neg", "Mul"]);
    expect(run(graph)).toEqual({ y: [-1, -2], z: [1, 4] });
  });

  test("may be read by nodes that come after it", () => {
    const { graph, y } = started();
    graph.output(y, "y");
    graph.output(graph.node("Mul", [y, y], y), "z");
    expect(operators(graph)).toEqual(["Neg", "Mul"]);
    expect(run(graph)).toEqual({ y: [-1, -2], z: [1, 4] });
  });

  test("is a copy of an input, of a constant, and of what is another output", () => {
    const { graph, x, y } = started();
    graph.output(x, "same");
    graph.output(graph.scalar(3), "three");
    graph.output(y, "y");
    graph.output(y, "again");
    expect(operators(graph)).toEqual(["Neg", "Identity", "Identity", "Identity"]);
    expect(run(graph)).toEqual({ same: [1, 2], three: [3], y: [-1, -2], again: [-1, -2] });
  });

  test("is a copy of what a graph inside reads by its name", () => {
    const { graph, x, y } = started();
    const body = new Graph(graph);
    const item = body.parameter({ shape: [], dtype: "float32" });
    body.output(body.node("Add", [item, y], TYPE));
    const attributes = { body, num_scan_inputs: 1 };
    const rows = { shape: [2, 2], dtype: "float32" } as const;
    graph.output(graph.node("Scan", [x], rows, { attributes }), "sums");
    graph.output(y, "y");
    expect(operators(graph)).toEqual(["Neg", "Scan", "Identity"]);
    expect(operators(body)).toEqual(["Add"]);
    expect(run(graph)).toEqual({ sums: [0, -1, 1, 0], y: [-1, -2] });
  });
});

test("a node without a reader is not written, and neither is what only such nodes read", () => {
  const { graph, x, y } = started();
  const unread = graph.node("Exp", [y], y);
  graph.node("Mul", [unread, x], unread);
  graph.output(y, "y");
  expect(operators(graph)).toEqual(["Neg"]);
  expect(run(graph)).toEqual({ y: [-1, -2] });
});
