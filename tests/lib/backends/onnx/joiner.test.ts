// The joiner: one op on all small tensors where each was to get one, and the same numbers wherever that cannot be.
import { describe, expect, test } from "vitest";
import { Graph, type GraphValue } from "../../../../lib/backends/onnx/graph.ts";
import { Joiner } from "../../../../lib/backends/onnx/joiner.ts";
import { modelFile } from "../../../../lib/backends/onnx/model-file.ts";
import { requireOnnxRuntime } from "../../../../lib/backends/onnx/runtime.ts";
import { writtenNodes } from "../../../../lib/backends/onnx/written-nodes.ts";

const SHAPES = [[2, 2], [3]] as const;

/** `x` `[7]` in two pieces of the shapes above, what a body makes of them, joined: the operators, and the numbers. */
function joinedOf(
  body: (graph: Graph, pieces: readonly GraphValue[]) => readonly GraphValue[],
): readonly [operators: string[], numbers: number[]] {
  const graph = new Graph();
  const x = graph.input("x", { shape: [7], dtype: "float32" });
  const types = [4, 3].map((size) => ({ shape: [size], dtype: "float32" }) as const);
  const split = graph.nodeWith(types, "Split", [x, graph.integers([4, 3])], {
    attributes: { axis: 0 },
  });
  const pieces = split.map((piece, index) => {
    const shape = SHAPES[index]!;
    return graph.node("Reshape", [piece, graph.integers(shape)], { shape, dtype: "float32" });
  });
  graph.output(new Joiner(graph).join(body(graph, pieces)), "y");
  const { session, tensor } = requireOnnxRuntime();
  const inputs = { x: tensor("float32", Float32Array.of(1, 2, 3, 4, 5, 6, 7), [7]) };
  const { y } = session(modelFile(graph)).run(inputs, { y: null }, {});
  return [writtenNodes(graph.contents).map(({ operator }) => operator), Array.from(y!.data)];
}

const each =
  (operator: string, ...others: readonly number[]) =>
  (graph: Graph, values: readonly GraphValue[]): GraphValue[] =>
    values.map((value) =>
      graph.node(operator, [value, ...others.map((each) => graph.scalar(each))], value),
    );

describe("values that are joined", () => {
  test("are computed by one op, where each was to be computed by the same", () => {
    const [operators, numbers] = joinedOf((graph, pieces) => {
      const doubled = each("Mul", 2)(graph, pieces);
      return pieces.map((piece, index) => graph.node("Sub", [doubled[index]!, piece], piece));
    });
    expect(operators).toEqual(["Mul", "Sub"]);
    expect(numbers).toEqual([1, 2, 3, 4, 5, 6, 7]);
  });

  test("are the whole again, when they are its pieces", () => {
    expect(joinedOf((_, pieces) => pieces)).toEqual([["Identity"], [1, 2, 3, 4, 5, 6, 7]]);
  });

  test("stand in the order that was asked for", () => {
    const [operators, numbers] = joinedOf((graph, pieces) =>
      each("Neg")(graph, pieces.toReversed()),
    );
    expect(operators).toContain("Concat");
    expect(operators.filter((operator) => operator === "Neg")).toHaveLength(1);
    expect(numbers).toEqual([-5, -6, -7, -1, -2, -3, -4]);
  });

  test("are computed one by one where they are not alike", () => {
    const [, numbers] = joinedOf((graph, [a, b]) => [
      ...each("Mul", 2)(graph, [a!]),
      ...each("Mul", 3)(graph, [b!]),
    ]);
    expect(numbers).toEqual([2, 4, 6, 8, 15, 18, 21]);
    const [operators] = joinedOf((graph, [a, b]) => [
      ...each("Neg")(graph, [a!]),
      ...each("Exp")(graph, [b!]),
    ]);
    expect(operators).toContain("Neg");
    expect(operators).toContain("Exp");
  });

  test("are computed one by one where an operand is stretched", () => {
    const [, numbers] = joinedOf((graph, pieces) =>
      pieces.map((piece) => {
        const length = piece.shape.at(-1)!;
        const data = Float32Array.from({ length }, (_, index) => 10 * (index + 1));
        const row = graph.constant(data, { shape: [length], dtype: "float32" });
        return graph.node("Add", [piece, row], piece);
      }),
    );
    expect(numbers).toEqual([11, 22, 13, 24, 15, 26, 37]);
  });
});
