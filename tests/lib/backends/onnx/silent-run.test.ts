// Runs without an answer: outputs are written, none is copied, and errors of the run itself stay errors.
import { beforeEach, expect, test, vi } from "vitest";
import { Graph } from "../../../../lib/backends/onnx/graph.ts";
import { modelFile } from "../../../../lib/backends/onnx/model-file.ts";
import {
  type OnnxRuntime,
  requireOnnxRuntime,
  type RuntimeSession,
  type RuntimeTensor,
} from "../../../../lib/backends/onnx/runtime.ts";
import { runSilently, silencers } from "../../../../lib/backends/onnx/silent-run.ts";

const SIZE = 20_000;

beforeEach(() => vi.resetModules());

/** A model that gives `y = -x`, and before it what makes the run silent. */
function negation(size: number): RuntimeSession {
  const graph = new Graph();
  const x = graph.input("x", { shape: [size], dtype: "float32" });
  for (const [name, value] of silencers(graph, requireOnnxRuntime(), size)) {
    graph.output(value, name);
  }
  graph.output(graph.node("Neg", [x], x), "y");
  return requireOnnxRuntime().session(modelFile(graph));
}

const filled = (value: number, size: number): RuntimeTensor =>
  requireOnnxRuntime().tensor("float32", new Float32Array(size).fill(value), [size]);

test("a silent run writes all of its outputs and gives no copies", () => {
  const session = negation(SIZE);
  const answers: unknown[] = [];
  const spied: RuntimeSession = {
    run: (...parameters) => {
      const answer = session.run(...parameters);
      answers.push(answer);
      return answer;
    },
    dispose: () => session.dispose(),
  };
  const y = filled(0, SIZE);
  runSilently(spied, { x: filled(2, SIZE) }, { y });
  expect(new Set(y.data)).toEqual(new Set([-2]));
  expect(answers).toEqual([]);
  spied.dispose();
});

test("a run of few numbers answers, which costs less than to give up", () => {
  const session = negation(10);
  const y = filled(0, 10);
  runSilently(session, { x: filled(2, 10) }, { y });
  expect(new Set(y.data)).toEqual(new Set([-2]));
  expect(session.run({ x: filled(2, 10) }, { y }, {})["y"]!.data[0]).toBe(-2);
  session.dispose();
});

test("an error of the run itself is thrown", () => {
  const session = negation(SIZE);
  expect(() => runSilently(session, { x: filled(2, 3) }, { y: filled(0, SIZE) })).toThrow("x");
  session.dispose();
});

test.each([
  ["does not write", (): Record<string, RuntimeTensor> => ({})],
  [
    "fails",
    (): Record<string, RuntimeTensor> => {
      throw new TypeError("no such type");
    },
  ],
])("a binding that %s there gets no silencers", async (_, run) => {
  const fresh = await import("../../../../lib/backends/onnx/silent-run.ts");
  const session: RuntimeSession = { run, dispose: () => {} };
  const runtime: OnnxRuntime = { ...requireOnnxRuntime(), session: () => session };
  expect(fresh.silencers(new Graph(), runtime, SIZE)).toEqual([]);
});
