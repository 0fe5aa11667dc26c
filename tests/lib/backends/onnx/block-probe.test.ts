// Blocks of channels: found where the operators work, and given up where they fail or give other numbers.
// Covers: lib/backends/onnx/lowering/*.ts
import { expect, test, vi } from "vitest";
import { blockSize } from "../../../../lib/backends/onnx/block-probe.ts";
import { Graph, NCHWC } from "../../../../lib/backends/onnx/graph.ts";
import { modelFile } from "../../../../lib/backends/onnx/model-file.ts";
import { fitsBlocks } from "../../../../lib/backends/onnx/lowering/blocks.ts";
import { type OnnxRuntime, requireOnnxRuntime } from "../../../../lib/backends/onnx/runtime.ts";

const runtime = requireOnnxRuntime();

/** A runtime whose models with blocks of channels give what `spoil` makes of their numbers. */
function spoilt(spoil: (numbers: Float32Array) => void): OnnxRuntime {
  const session: OnnxRuntime["session"] = (model) => {
    const real = runtime.session(model);
    if (!Buffer.from(model).includes(NCHWC)) return real;
    return {
      run: (...parameters) => {
        const answer = real.run(...parameters);
        for (const { data } of Object.values(answer)) spoil(data as Float32Array);
        return answer;
      },
      dispose: () => real.dispose(),
    };
  };
  return { ...runtime, session };
}

/** Asks as a process does that has not asked yet. */
async function askAnew(asked: OnnxRuntime): Promise<number> {
  vi.resetModules();
  const fresh = await import("../../../../lib/backends/onnx/block-probe.ts");
  return fresh.blockSize(asked);
}

test("the width of a block is 16, 8, or 0 for none, and asked once", async () => {
  const width = blockSize(runtime);
  expect([0, 8, 16]).toContain(width);
  const unasked = spoilt(() => {
    throw new RangeError("asked again");
  });
  expect(blockSize(unasked)).toBe(width);
  expect(await askAnew(spoilt(() => {}))).toBe(width);
});

test.each([
  [
    "fail",
    (): void => {
      throw new RangeError("no such operator");
    },
  ],
  ["are off by a little", (numbers: Float32Array): void => void (numbers[5]! += 0.01)],
  ["hold what is not a number", (numbers: Float32Array): void => void (numbers[0] = NaN)],
  ["are all zero", (numbers: Float32Array): void => void numbers.fill(0)],
])("blocks are given up where their results %s", async (_, spoil) => {
  expect(await askAnew(spoilt(spoil))).toBe(0);
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
