// One check against functions that are right, wrong, throw, never end, are not written, or change their input.
// Covers: grader/checks/call.ts, grader/checks/fixtures.ts, grader/checks/properties.ts, grader/checks/views.ts
import { describe, expect, test } from "vitest";
import { runCheck, type PreparedCheck } from "../../../grader/checks/run-check.ts";
import { NotImplemented } from "../../../grader/errors.ts";

const LIMIT_MS = 200;
const double: PreparedCheck = {
  kind: "value",
  name: "doubles",
  points: 2,
  call: "double",
  inputs: [[1, 2]],
  expected: [2, 4],
};
const run = (check: PreparedCheck, double_: (...args: never[]) => unknown) =>
  runCheck(check, { double: double_ }, LIMIT_MS);

describe("a value check", () => {
  test("passes the right answer, also from an async function", async () => {
    expect(await run(double, (x: number[]) => x.map((v) => 2 * v))).toMatchObject({
      passed: true,
      points: 2,
      detail: "",
    });
    expect((await run(double, async (x: number[]) => x.map((v) => 2 * v))).passed).toBe(true);
  });

  test.each<[string, (...args: never[]) => unknown, RegExp]>([
    ["a wrong number", () => [2, 5], /for \[1, 2\] it returned 5 at \[1\], expected 4/],
    ["NaN", () => [2, Number.NaN], /returned NaN at \[1\], expected 4/],
    ["nothing", () => {}, /returned nothing; does it end with return\?/],
    [
      "an exception",
      () => {
        throw new RangeError("too big");
      },
      /threw RangeError: too big/,
    ],
    [
      "a loop without end",
      () => {
        for (;;);
      },
      /did not return within 0\.2 s/,
    ],
    ["a promise without end", () => new Promise(() => {}), /did not return within 0\.2 s/],
  ])("%s fails with a sentence that says so", async (_, answer, detail) => {
    const result = await run(double, answer);
    expect(result.passed).toBe(false);
    expect(result.detail).toMatch(detail);
  });

  test("an unwritten function is told apart from a failing one", async () => {
    const result = await run(double, () => {
      throw new NotImplemented("p1-01-e1");
    });
    expect(result).toMatchObject({ passed: false, unwritten: true, detail: "not written yet" });
  });

  test("a fixture stands for a function among the arguments", async () => {
    const check: PreparedCheck = { ...double, inputs: [-3, { fixture: "relu" }], expected: 0 };
    expect((await run(check, (x: number, g: (z: number) => number) => g(x))).passed).toBe(true);
  });

  test("a view compares the values of a network, and no network has none", async () => {
    const check: PreparedCheck = {
      ...double,
      view: { name: "networkAt", points: [0, 1, 3] },
      expected: [5, 5, 9],
    };
    const network = { hiddenWeights: [1], hiddenBiases: [-1], outputWeights: [2], outputBias: 5 };
    expect((await run(check, () => network)).passed).toBe(true);
    expect((await run(check, () => ({ ...network, outputWeights: [] }))).passed).toBe(false);
    const units: PreparedCheck = {
      ...double,
      view: { name: "hasAtMostUnits", units: 0 },
      expected: true,
    };
    expect((await run(units, () => network)).passed).toBe(false);
  });
});

describe("other kinds of check", () => {
  test("rows have to sum to one", async () => {
    const check: PreparedCheck = {
      kind: "property",
      name: "sum",
      points: 1,
      call: "double",
      inputs: [1],
      property: "rowsSumToOne",
    };
    expect((await run(check, () => [[0.5, 0.5]])).passed).toBe(true);
    expect((await run(check, () => [[0.5, 0.6]])).detail).toMatch(/row 0 sums to 1\.1, expected 1/);
    expect((await run(check, () => 3)).detail).toMatch(/not an array of rows/);
  });

  test("an error check wants an error", async () => {
    const check: PreparedCheck = {
      kind: "error",
      name: "refuses",
      points: 1,
      call: "double",
      inputs: [[]],
    };
    expect(
      (
        await run(check, () => {
          throw new RangeError("empty");
        })
      ).passed,
    ).toBe(true);
    expect((await run(check, () => 1)).detail).toMatch(/returned 1, expected an error/);
  });

  test("a purity check sees a changed argument", async () => {
    const check: PreparedCheck = {
      kind: "purity",
      name: "pure",
      points: 0,
      call: "double",
      inputs: [[3, 1, 2]],
    };
    expect((await run(check, (x: number[]) => x.toReversed())).passed).toBe(true);
    expect((await run(check, (x: number[]) => x.reverse())).detail).toMatch(
      /changed its argument number 1; work on a copy/,
    );
  });
});
