// The contract suites are complete: they call every primitive of the contract, and every member of its families.
import { expect, test } from "vitest";
import type {
  Backend,
  BinaryName,
  CompareName,
  ReduceName,
  UnaryName,
} from "../../../lib/backends/backend.ts";
import type { Subject } from "./subject.ts";

// A primitive that these suites call, or why they need not. The compiler finds a name that is missing.
const CONTRACT: Readonly<Record<keyof Backend, "called" | { readonly reason: string }>> = {
  name: { reason: "is no primitive" },
  fromHost: "called",
  fill: "called",
  drawn: "called",
  constant: "called",
  adopt: "called",
  read: "called",
  unary: "called",
  binary: "called",
  compare: "called",
  where: "called",
  cast: "called",
  matmul: "called",
  affine: "called",
  reduce: "called",
  argMax: "called",
  softmax: "called",
  logSoftmax: "called",
  reshape: "called",
  transpose: "called",
  slice: "called",
  concat: "called",
  pad: "called",
  expand: "called",
  gather: "called",
  scatterAdd: "called",
  oneHot: "called",
  conv2d: "called",
  conv2dGradInput: "called",
  conv2dGradWeight: "called",
  maxPool2d: "called",
  maxPool2dGrad: "called",
  avgPool2d: "called",
  avgPool2dGrad: "called",
  upsampleNearest: "called",
  scan: {
    reason: "recorded steps alone have it: the op loops here, and compiled.test.ts compares",
  },
  meanOverRanks: { reason: "ranks alone have it: tests/lib/compile/runners/ranks-runner.test.ts" },
  timesRanks: { reason: "ranks alone have it: tests/lib/compile/runners/ranks-runner.test.ts" },
  willKeep: { reason: "recorded steps alone have it: tests/lib/compile" },
  together: { reason: "only some have it: tests/lib/ops/together.test.ts compares with the loop" },
};

const UNARY: Readonly<Record<UnaryName, true>> = {
  neg: true,
  exp: true,
  log: true,
  sqrt: true,
  abs: true,
  reciprocal: true,
  tanh: true,
  sigmoid: true,
  erf: true,
  relu: true,
  reluMask: true,
};
const BINARY: Readonly<Record<BinaryName, true>> = {
  add: true,
  sub: true,
  mul: true,
  div: true,
  maximum: true,
  minimum: true,
};
const COMPARE: Readonly<Record<CompareName, true>> = { equal: true, greater: true, less: true };
const REDUCE: Readonly<Record<ReduceName, true>> = { sum: true, mean: true, max: true };

const FAMILIES = Object.entries({ unary: UNARY, binary: BINARY, compare: COMPARE, reduce: REDUCE });

/** Fails when the suites that ran before left out a part of the contract. */
export function completeContract({ called }: Subject): void {
  test("the suites before this one call every primitive, and every member of a family", () => {
    const primitives = Object.entries(CONTRACT).filter(([, how]) => how === "called");
    const members = FAMILIES.flatMap(([family, names]) =>
      Object.keys(names).map((name) => `${family} ${name}`),
    );
    const wanted = [...primitives.map(([name]) => name), ...members];
    expect(wanted.filter((name) => !called.has(name))).toEqual([]);
  });
}
