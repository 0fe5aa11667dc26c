// The folder import rules: each kind of wrong import is refused, and the right ones pass.
import { describe, expect, test } from "vitest";
import { folderOf, importProblem } from "./lint/folders.mjs";

describe("folder import rules", () => {
  test.each([
    ["lib/ops/matmul.ts", "lib/layers/linear.ts"],
    ["lib/tensor.ts", "lib/ops/matmul.ts"],
    ["lib/backends/typescript/backend.ts", "lib/tensor.ts"],
    ["lib/backends/typescript/backend.ts", "lib/backends/onnx/run.ts"],
    ["lib/training/fit.ts", "kernel/notebook.ts"],
    ["kernel/execute/host.ts", "lib/index.ts"],
    ["nbformat/read.ts", "lab/server/contents.ts"],
    ["lab/server/kernels.ts", "kernel/execute/host.ts"],
    ["grader/check.ts", "lib/ops/matmul.ts"],
    ["exercises/part-1/a.ts", "solutions/part-1/a.ts"],
  ])("%s may not import %s", (from, to) => {
    expect(importProblem(from, to)).toMatch(/may (not )?import/);
  });

  test.each([
    ["lib/layers/linear.ts", "lib/ops/matmul.ts"],
    ["lib/ops/matmul.ts", "lib/backends/select.ts"],
    ["lab/server/kernels.ts", "kernel/protocol/message.ts"],
    ["grader/check.ts", "lib/index.ts"],
    ["cli/commands/run.ts", "lab/server/server.ts"],
  ])("%s may import %s", (from, to) => {
    expect(importProblem(from, to)).toBeUndefined();
  });

  test("every folder of the table has a row of its own", () => {
    expect(folderOf("lib/layers/linear.ts")).toBe("lib/layers");
    expect(folderOf("README.md")).toBeUndefined();
  });
});
