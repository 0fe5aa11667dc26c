// The model file: what ONNX Runtime reads back, constants that are shared, and bytes as the format's description has them.
// Covers: lib/backends/onnx/protobuf.ts, lib/backends/onnx/lowering/*.ts, lib/backends/onnx/primitives.ts, lib/backends/onnx/model-file.ts, lib/backends/onnx/graph-text.ts, lib/backends/onnx/graph-contents.ts
import { describe, expect, test } from "vitest";
import { Graph } from "../../../../lib/backends/onnx/graph.ts";
import { graphText } from "../../../../lib/backends/onnx/graph-text.ts";
import { modelFile } from "../../../../lib/backends/onnx/model-file.ts";
import { ProtobufWriter } from "../../../../lib/backends/onnx/protobuf.ts";
import { requireOnnxRuntime } from "../../../../lib/backends/onnx/runtime.ts";

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString("hex");

describe("protocol buffers", () => {
  test("writes the examples of the format's description", () => {
    const message = new ProtobufWriter();
    message.integer(1, 150);
    message.text(2, "testing");
    message.message(3, (inner) => inner.integer(1, 150));
    expect(hex(message.done())).toBe("089601120774657374696e671a03089601");
  });

  test("writes negative numbers as 64 bits and floats as four bytes", () => {
    const message = new ProtobufWriter();
    message.integer(1, -2);
    message.float(2, 1);
    expect(hex(message.done())).toBe("08feffffffffffffffff01150000803f");
  });

  test("grows with what is written, long or short, inside of messages too", () => {
    for (const length of [1000, 60_000, 65_536, 100_000]) {
      const [message, flat] = [new ProtobufWriter(), new ProtobufWriter()];
      const numbers = Uint8Array.from({ length }, (_, index) => index);
      const write = (writer: ProtobufWriter): void => {
        writer.text(2, "before");
        writer.bytes(1, numbers);
        writer.text(2, "after");
      };
      message.message(3, (inner) => {
        inner.message(4, write);
        inner.integer(5, 1);
      });
      write(flat);
      const [bytes, inside] = [Buffer.from(message.done()), Buffer.from(flat.done())];
      expect(inside.length).toBe(length + (length < 16_384 ? 3 : 4) + 8 + 7);
      expect(bytes.indexOf(inside)).toBe(bytes.length - inside.length - 2);
      expect(bytes.indexOf(numbers)).toBe(bytes.length - length - 9);
    }
  });
});

describe("a graph", () => {
  test("is described by a text that differs where the model does", () => {
    const described = (factor: number, shape: readonly number[], operator = "Mul"): string => {
      const graph = new Graph();
      const x = graph.input("x", { shape, dtype: "float32" });
      graph.output(graph.node(operator, [x, graph.scalar(factor)], x), "out");
      return graphText(graph);
    };
    expect(described(2, [3])).toBe(described(2, [3]));
    const others = [described(3, [3]), described(2, [4]), described(2, [3], "Add")];
    expect(new Set([described(2, [3]), ...others]).size).toBe(4);
    expect(described(0, [3])).not.toBe(described(-0, [3]));
  });

  test("is a model that ONNX Runtime runs", () => {
    const graph = new Graph();
    const x = graph.input("x", { shape: [2, 2], dtype: "float32" });
    const rows = graph.node(
      "Concat",
      [x, x],
      { shape: [4, 2], dtype: "float32" },
      {
        attributes: { axis: 0 },
      },
    );
    const scaled = graph.node("Mul", [rows, graph.scalar(10)], rows);
    graph.output(scaled, "y");
    const { session, tensor } = requireOnnxRuntime();
    const input = tensor("float32", Float32Array.of(1, 2, 3, 4), [2, 2]);
    const { y } = session(modelFile(graph)).run({ x: input }, { y: null }, {});
    expect(y!.dims).toEqual([4, 2]);
    expect(Array.from(y!.data)).toEqual([10, 20, 30, 40, 10, 20, 30, 40]);
  });

  test("shares small constants, and no large ones", () => {
    const graph = new Graph();
    expect(graph.scalar(3)).toBe(graph.scalar(3));
    expect(graph.scalar(3)).not.toBe(graph.scalar(4));
    expect(graph.scalar(0)).not.toBe(graph.scalar(-0));
    expect(graph.integers([1, 2])).toBe(graph.integers([1, 2]));
    const large = (): unknown =>
      graph.constant(new Float32Array(100), { shape: [100], dtype: "float32" });
    expect(large()).not.toBe(large());
  });
});
