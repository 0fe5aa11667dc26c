// Names do not repeat, even where a cell has put a random function of its own in place.
import { expect, test } from "vitest";
import { uniqueId } from "../../../../kernel/execute/runtime/unique-id.ts";

test("is 32 hexadecimal digits, new each time, whatever Math.random has become", () => {
  const { random } = Math;
  Math.random = () => 0;
  try {
    const ids = Array.from({ length: 1000 }, uniqueId);
    expect(new Set(ids).size).toBe(1000);
    expect(ids.every((id) => /^[0-9a-f]{32}$/.test(id))).toBe(true);
  } finally {
    Math.random = random;
  }
});
