// What is told of an error of ONNX Runtime.
import { expect, test } from "vitest";
import { CallSite } from "../../../lib/backends/onnx/call-sites.ts";
import { explainFailure } from "../../../lib/compile/failed-node.ts";
import { BackendError, WorkerError } from "../../../lib/index.ts";

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
    /^compile: matmul at tests\/lib\/compile\/failed-node\.test\.ts:7 must be .* says: too large\. The state/,
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
