// The line of the user's code that an op comes from, in a file and in a cell.
import { compileFunction } from "node:vm";
import { expect, test } from "vitest";
import { CallSite } from "../../../../lib/backends/onnx/call-sites.ts";

test("is a path and a line of a file", () => {
  expect(new CallSite("add").text).toMatch(
    /^add at tests\/lib\/backends\/onnx\/call-sites\.test\.ts:7$/,
  );
});

test("is a line of a cell", () => {
  const cell = compileFunction("\nreturn new CallSite('matmul');", ["CallSite"], {
    filename: "cell-4.ts",
  }) as (site: typeof CallSite) => CallSite;
  expect(cell(CallSite).text).toBe("matmul at cell 4, line 2");
});

test.each([
  ["a path with spaces", "/a folder/my steps.ts", "/a folder/my steps.ts:2"],
  ["an address", "file:///a%20folder/steps.ts", "/a folder/steps.ts:2"],
])("is read from %s", (_what, filename, place) => {
  const make = compileFunction("\nreturn new CallSite('matmul');", ["CallSite"], { filename });
  const named = { make } as { make(site: typeof CallSite): CallSite };
  expect(named.make(CallSite).text).toBe(`matmul at ${place}`);
});

test("knows which files of the library led to it", () => {
  const make = compileFunction("return new CallSite('mul');", ["CallSite"], {
    filename: "/somewhere/lib/optimizers/optimizer.js",
  });
  const site = (make as (site: typeof CallSite) => CallSite)(CallSite);
  expect(site.isThrough("optimizers/optimizer")).toBe(true);
  expect(site.isThrough("optimizers/sgd")).toBe(false);
});

test("leaves the user's limit of stack traces as it was", () => {
  const before = Error.stackTraceLimit;
  void new CallSite("add").text;
  expect(Error.stackTraceLimit).toBe(before);
});
