// A primitive and what it takes as one model: what its key tells apart, and what its file computes.
import { describe, expect, test } from "vitest";
import { CallModel } from "../../../../lib/backends/onnx/call.ts";
import { SessionCache } from "../../../../lib/backends/onnx/session-cache.ts";
import { hostArray } from "../../../../lib/backends/host-array.ts";
import type { Call, Waiting } from "../../../../lib/backends/put-off.ts";

const array = (...values: number[]) => hostArray(Float32Array.from(values), [values.length]);
const nothingWaits: Waiting = () => undefined;
const binary = (name: string, a: unknown, b: unknown): Call => ({
  name: "binary",
  parameters: [name, a, b],
});

describe("the key of a model", () => {
  const keyOf = (call: Call): string => new CallModel(call, nothingWaits).key;
  const [x, y, long] = [array(1, 2), array(3, 4), array(1, 2, 3)];

  test("is the same for other numbers of the same shape", () => {
    expect(keyOf(binary("add", x, y))).toBe(keyOf(binary("add", y, x)));
  });

  test("tells shapes, ops, and an array with itself apart", () => {
    const calls = [
      binary("add", x, y),
      binary("add", x, x),
      binary("mul", x, y),
      binary("add", long, long),
    ];
    expect(new Set(calls.map(keyOf)).size).toBe(calls.length);
  });

  test("tells numbers apart that JSON has no words for", () => {
    const pad = (value: number): Call => ({ name: "pad", parameters: [x, [[0, 1]], value] });
    expect(new Set([NaN, Infinity, -Infinity].map((value) => keyOf(pad(value)))).size).toBe(3);
  });
});

test("one model computes a call with those that its operands wait for, each once", () => {
  const [x, y] = [array(1, -2), array(10, 20)];
  const sum = array(0, 0);
  const calls = new Map([[sum, binary("sub", y, x)]]);
  const model = new CallModel(binary("mul", sum, sum), (each) => calls.get(each));
  expect([model.inputs, model.isSingle]).toEqual([[y, x], false]);
  const sessions = new SessionCache({ threads: 1 });
  const file = (): Uint8Array => model.file(() => 0);
  const [result] = sessions.run(model.key, file, { inputs: model.inputs, outputs: 1 });
  expect(Array.from(result!.data)).toEqual([81, 484]);
});
