// Durations as people read them.
import { expect, test } from "vitest";
import { formatDuration } from "../../../kernel/commands/durations.ts";

test.each([
  [0, "0 ns"],
  [0.00000123, "1.23 ns"],
  [0.0456, "45.6 µs"],
  [1, "1 ms"],
  [12.3456, "12.3 ms"],
  [999.9, "1000 ms"],
  [1234, "1.23 s"],
  [59_900, "59.9 s"],
  [64_000, "1min 4s"],
  [3_600_000, "1h"],
  [90_061_000, "1d 1h 1min 1s"],
])("%d ms is %s", (milliseconds, expected) => {
  expect(formatDuration(milliseconds)).toBe(expected);
});
