// Programs by shape: found again, few at a time, and a word when there are many shapes.
import { expect, test } from "vitest";
import { ProgramCache } from "../../../lib/compile/program-cache.ts";

test("the program that was not used for longest goes first", () => {
  const cache = new ProgramCache<number>(() => undefined);
  const dropped: (number | undefined)[] = [];
  for (let n = 0; n < 18; n++) {
    dropped.push(cache.keep(`key ${n}`, "shape", n));
    cache.find("key 0");
  }
  expect(dropped.filter((program) => program !== undefined)).toEqual([1, 2]);
  expect([cache.find("key 0"), cache.find("key 1"), cache.find("key 17")]).toEqual([
    0,
    undefined,
    17,
  ]);
});

test("the fourth shape is worth a word, once, and other numbers of steps are no shapes", () => {
  const told: number[] = [];
  const cache = new ProgramCache<number>((count) => told.push(count));
  for (let n = 0; n < 6; n++) cache.keep(`${n} steps`, "shape", n);
  expect(told).toEqual([]);
  for (let n = 0; n < 6; n++) cache.keep(`shape ${n}`, `shape ${n}`, n);
  expect(told).toEqual([4]);
});
