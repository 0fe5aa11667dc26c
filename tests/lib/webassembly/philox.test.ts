// Philox on vector registers against the plain one, bit for bit.
import { expect, test } from "vitest";
import { type Key, MOST_COUNTERS, plainPhilox, plainUniform } from "../../../lib/philox.ts";
import { vectorPhilox, vectorUniform } from "../../../lib/webassembly/philox.ts";

const ALL = 0xffffffff;
const vector = vectorPhilox()!;
const plain = plainPhilox();

test.each<[string, number[], Key]>([
  ["zeros", [0, 0, 0, 0], [0, 0]],
  ["words that are all different", [1, 0x80000000, 3, 0xdeadbeef], [0x12345678, 0x9abcdef0]],
  ["a first word that starts again from 0", [ALL - 1, ALL, ALL, ALL], [ALL, ALL]],
])("gives the words of the plain loop for %s, however many", (_, words, key) => {
  const counter = Uint32Array.from(words);
  for (const count of [1, 2, 3, 4, 5, MOST_COUNTERS]) {
    const expected = plain(counter, key, count).slice(0, 4 * count);
    expect(vector(counter, key, count).slice(0, 4 * count)).toEqual(expected);
  }
});

test("gives the words of the plain loop for counters and keys of all sizes", () => {
  // Whatever words: those of the plain loop itself.
  const any = plain(Uint32Array.of(0, 0, 0, 1), [0, 0], 1000).slice();
  for (let at = 0; at + 6 <= any.length; at += 6) {
    const counter = any.subarray(at, at + 4);
    const key: Key = [any[at + 4]!, any[at + 5]!];
    expect(vector(counter, key, 2).slice(0, 8)).toEqual(plain(counter, key, 2).slice(0, 8));
  }
});

test("gives the fractions of the plain loop, the smallest and the largest among them", () => {
  const [vectorNumbers, plainNumbers] = [vectorUniform()!, plainUniform()];
  for (const count of [1, 3, 4, MOST_COUNTERS]) {
    const counter = Uint32Array.of(ALL - 5, 7, 8, 9);
    const expected = plainNumbers(counter, [1, 2], count).slice(0, 2 * count);
    expect(vectorNumbers(counter, [1, 2], count).slice(0, 2 * count)).toEqual(expected);
  }
  expect(plainNumbers(Uint32Array.of(0, 0, 0, 0), [0, 0], 1).slice(0, 2)).toEqual(
    Float32Array.of(0x6627e8 / 2 ** 24, 0xbc57ac / 2 ** 24),
  );
});
