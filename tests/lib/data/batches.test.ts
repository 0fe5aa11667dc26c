// Batches tell how many there are, without being made.
import { inspect } from "node:util";
import { expect, test } from "vitest";
import { arange, Dataset, reshape } from "../../../lib/index.ts";

const data = new Dataset(reshape(arange(20), [10, 2]), arange(10));

test.each([
  [{ batchSize: 5 }, "2 batches of 5 examples"],
  [{ batchSize: 4 }, "3 batches of 4 examples, the last one of 2"],
  [{ batchSize: 4, dropLast: true }, "2 batches of 4 examples"],
  [{ batchSize: 64 }, "1 batch of 10 examples"],
])("%o is shown as %s", (options, text) => {
  const batches = data.batches(options);
  expect(inspect(batches)).toBe(text);
  expect([...batches]).toHaveLength(batches.length);
});

test("each loop goes over the same batches", () => {
  const batches = data.batches({ batchSize: 3 });
  const sums = (): number[] => [...batches].map(({ inputs }) => inputs.size);
  expect(sums()).toEqual([6, 6, 6, 2]);
  expect(sums()).toEqual([6, 6, 6, 2]);
});
