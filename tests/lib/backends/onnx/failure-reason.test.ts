// What is left of a message of ONNX Runtime.
import { expect, test } from "vitest";
import { failureReason } from "../../../../lib/backends/onnx/failure-reason.ts";

test.each([
  [
    "a node that fails",
    "Non-zero status code returned while running Gather node. Name:'gather@0_20' Status Message: indices element out of data bounds, idx=99",
    "indices element out of data bounds, idx=99",
  ],
  [
    "a place in its own sources",
    "/onnxruntime_src/core/graph/model.cc:202 onnxruntime::Model::Model(int, const char*) Unsupported model IR version: 99\n",
    "Unsupported model IR version: 99",
  ],
  ["anything else", "Got invalid dimensions (2)", "Got invalid dimensions (2)"],
])("%s is told by its reason alone", (_what, message, reason) => {
  expect(failureReason(new RangeError(message))).toBe(reason);
});
