// The contract of every backend: the same suite, against naive formulas written in the tests themselves.
// Covers: lib/ops/*.ts, lib/backends/host-array.ts, lib/backends/typescript/*.ts
import { describe } from "vitest";
import { completeContract } from "./backend/complete.ts";
import { elementwiseContract } from "./backend/elementwise.ts";
import { moveContract } from "./backend/moves.ts";
import { productContract } from "./backend/products.ts";
import { reductionContract } from "./backend/reductions.ts";
import { sequenceContract } from "./backend/sequences.ts";
import { SUBJECTS } from "./backend/subject.ts";
import { windowContract } from "./backend/windows.ts";

describe.each(SUBJECTS)("%s backend", (_, each) => {
  describe("elementwise", () => {
    elementwiseContract(each);
  });
  describe("products", () => {
    productContract(each);
  });
  describe("reductions", () => {
    reductionContract(each);
  });
  describe("windows", () => {
    windowContract(each);
  });
  describe("sequences", () => {
    sequenceContract(each);
  });
  describe("moves", () => {
    moveContract(each);
  });
  // Last, because it looks at what the others did.
  describe("contract", () => {
    completeContract(each);
  });
});
