// Philox4x32-10: the published vectors, and many counters in one go.
import { describe, expect, test } from "vitest";
import { MOST_COUNTERS, philox, plainPhilox } from "../../lib/philox.ts";

const ALL = 0xffffffff;

describe("philox", () => {
  // The known-answer tests of Random123 (file kat_vectors, lines "philox4x32 10").
  test.each<[number[], [number, number], number[]]>([
    [
      [0, 0, 0, 0],
      [0, 0],
      [0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8],
    ],
    [
      [ALL, ALL, ALL, ALL],
      [ALL, ALL],
      [0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd],
    ],
    [
      [0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344],
      [0xa4093822, 0x299f31d0],
      [0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1],
    ],
  ])("gives the published words for counter %j and key %j", (counter, key, words) => {
    const out = new Uint32Array(4);
    philox(Uint32Array.from(counter), key, out);
    expect([...out]).toEqual(words);
  });
});

test("many counters give the words that each of them gives, and the counter is left as it was", () => {
  const counter = Uint32Array.of(5, 6, 7, 8);
  const words = plainPhilox()(counter, [1, 2], MOST_COUNTERS);
  const alone = new Uint32Array(4);
  for (const index of [0, 1, MOST_COUNTERS - 1]) {
    philox(Uint32Array.of(5 + index, 6, 7, 8), [1, 2], alone);
    expect(words.slice(4 * index, 4 * index + 4)).toEqual(alone);
  }
  expect([...counter]).toEqual([5, 6, 7, 8]);
});
