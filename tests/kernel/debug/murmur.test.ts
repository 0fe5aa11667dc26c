// The hash that a front end computes too; the numbers are those of ipykernel 6.17's `murmur2_x86`.
import { expect, test } from "vitest";
import { murmur2 } from "../../../kernel/debug/murmur.ts";

const LONG = "x".repeat(1000);

test.each([
  ["", 0xc70f6907, 3990065800],
  ["a", 0xc70f6907, 2167009006],
  ["ab", 0xc70f6907, 2805137849],
  ["abc", 0xc70f6907, 3350977461],
  ["abcd", 0xc70f6907, 804720481],
  ["const x: number = 1;\nx + 1", 0xc70f6907, 869438841],
  ["ünï→😀", 0xc70f6907, 862201112],
  [LONG, 0xc70f6907, 2976633443],
  ["abc", 0x67726164, 1776143321],
  [LONG, 0x67726164, 1846129060],
])("the hash of %j with seed %i is ipykernel's", (text, seed, hash) => {
  expect(murmur2(text, seed)).toBe(hash);
});
