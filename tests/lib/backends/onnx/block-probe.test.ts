// Blocks of channels: found where the operators work, and given up where they fail or give other numbers.
// Covers: lib/backends/onnx/lowering/*.ts
import { expect, test } from "vitest";
import { blockSize } from "../../../../lib/backends/onnx/block-probe.ts";
import { Graph, NCHWC } from "../../../../lib/backends/onnx/graph.ts";
import { modelFile } from "../../../../lib/backends/onnx/model-file.ts";
import { fitsBlocks } from "../../../../lib/backends/onnx/lowering/blocks.ts";
import {
  type OnnxRuntime,
  requireOnnxRuntime,
  type RuntimeSession,
} from "../../../../lib/backends/onnx/runtime.ts";

test("the width of a block is 16, 8, or 0 for none, and asked once", () => {
  const runtime = requireOnnxRuntime();
  const width = blockSize(runtime);
  expect([0, 8, 16]).toContain(width);
  const broken: OnnxRuntime = {
    ...runtime,
    session: (): RuntimeSession => {
      throw new RangeError("asked again");
    },
  };
  expect(blockSize(broken)).toBe(width);
});

test("only whole blocks of both channels are convolved in blocks, and only in graphs that may", () => {
  const graph = new Graph(undefined, { blockSize: 16 });
  expect(fitsBlocks(graph, 32, 16)).toBe(true);
  expect(fitsBlocks(graph, 32, 24)).toBe(false);
  expect(fitsBlocks(new Graph(graph), 16, 16)).toBe(true);
  expect(fitsBlocks(new Graph(), 16, 16)).toBe(false);
});

test("a model names the private domain where it is used, so that ONNX Runtime can refuse it, and only there", () => {
  const text = (graph: Graph): string => Buffer.from(modelFile(graph)).toString("latin1");
  const [plain, blocked] = [new Graph(), new Graph()];
  const x = blocked.input("x", { shape: [1, 16, 4, 4], dtype: "float32" });
  blocked.output(blocked.node("ReorderInput", [x], x, { domain: NCHWC }));
  expect(text(blocked)).toContain(NCHWC);
  expect(text(plain)).not.toContain("microsoft");
});
