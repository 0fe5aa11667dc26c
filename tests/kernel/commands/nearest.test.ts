// The word that somebody may have meant.
import { expect, test } from "vitest";
import { nearestTo } from "../../../kernel/commands/nearest.ts";

test.each([
  ["tiem", "time"],
  ["timit", "timeit"],
  ["instal", "install"],
  ["Who", "who"],
  ["matplotlib", undefined],
  ["x", undefined],
])("%s means %s", (typed, expected) => {
  expect(nearestTo(typed, ["time", "timeit", "install", "who"])).toBe(expected);
});
