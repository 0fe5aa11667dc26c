// What is told of an error of ONNX Runtime.
import { describe, expect, test } from "vitest";
import { CallSite } from "../../../../lib/backends/onnx/call-sites.ts";
import { explainFailure } from "../../../../lib/compile/recording/failed-node.ts";
import {
  ArgumentError,
  BackendError,
  tensor,
  type Tensor,
  WorkerError,
} from "../../../../lib/index.ts";

const sites = [new CallSite("gather"), new CallSite("matmul")];
const told = (message: string): string => {
  const error = explainFailure(new TypeError(message), sites);
  expect(error).toBeInstanceOf(BackendError);
  return (error as Error).message;
};

test("the innermost node that it names gives op and line", () => {
  const text = told(
    "Non-zero status code returned while running Scan node. Name:'' Status Message: Non-zero status code returned " +
      "while running MatMul node. Name:'matmul@1_25' Status Message: /src/core/math.cc:12 f(int) too large",
  );
  expect(text).toMatch(
    /^compile: matmul at tests\/lib\/compile\/recording\/failed-node\.test\.ts:\d+ must be .* says: too large\. The state/,
  );
});

test("an error without a node is told as it is", () => {
  expect(told("No memory")).toMatch(
    /^compile: the graph must run, but ONNX Runtime says: No memory\. /,
  );
});

test("errors of the library, and what is no error, pass through", () => {
  const error = new WorkerError("gone");
  expect(explainFailure(error, sites)).toBe(error);
  expect(explainFailure("text", sites)).toBe("text");
});

describe("an index beyond a table", () => {
  const said = (idx: number, rows: number): Error =>
    new Error(
      `Non-zero status code returned while running Gather node. Name:'oneHot@0_2' Status Message: indices element out of data bounds, idx=${idx} must be within the inclusive range [-${rows},${rows - 1}]`,
    );
  const whole = (...numbers: number[]): Tensor => tensor(numbers, { dtype: "int32" });
  const about = (error: Error, batch: Record<string, Tensor>): unknown =>
    explainFailure(error, sites, batch);

  test("is told with its place in the batch, a negative one as it was given", () => {
    const inputs = tensor([12, 10]);
    const error = about(said(10, 10), { inputs, targets: whole(3, -1) });
    expect(error).toBeInstanceOf(ArgumentError);
    expect((error as Error).message).toMatch(
      /^compile: gather at tests.*: every index must be from 0 to 9, got -1 at position 1 of targets\. The state is/,
    );
    expect(String(about(said(12, 10), { inputs, targets: whole(12) }))).toContain("got 12 at");
  });

  test("is told as ONNX Runtime does where it may come from several tensors, or from none", () => {
    for (const batch of [
      { words: whole(4, 12), targets: whole(12) },
      { words: whole(40), targets: whole(1) },
    ]) {
      expect(about(said(12, 10), batch)).toBeInstanceOf(BackendError);
    }
  });
});
