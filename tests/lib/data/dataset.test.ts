// Data sets: batches, their order as a function of seed and epoch, subsets and splits.
// Covers: lib/data/rows.ts
import { describe, expect, test } from "vitest";
import { byteRows } from "../../../lib/data/rows.ts";
import {
  arange,
  ArgumentError,
  type BatchOptions,
  Dataset,
  Generator,
  matmul,
  ShapeError,
  tensor,
} from "../../../lib/index.ts";

// Example i has input [i, 10 i] and target i.
const data = (length = 10): Dataset =>
  new Dataset(
    tensor(Array.from({ length }, (_, i) => [i, 10 * i])),
    arange(length, { dtype: "int32" }),
  );

const order = (dataset: Dataset, options: BatchOptions): number[][] =>
  Array.from(dataset.batches(options), ({ targets }) => targets.toArray() as number[]);

const random = (seed = 7): Generator => new Generator(seed);

describe("batches", () => {
  test("come in order without a source of chance, the last one smaller", () => {
    expect(order(data(), { batchSize: 4 })).toEqual([
      [0, 1, 2, 3],
      [4, 5, 6, 7],
      [8, 9],
    ]);
    expect(data().batches({ batchSize: 4 }).length).toBe(3);
  });

  test("leave a smaller last one out when asked", () => {
    const batches = data().batches({ batchSize: 4, dropLast: true });
    expect([batches.length, [...batches].length]).toEqual([2, 2]);
  });

  test("keep each input with its target when shuffled", () => {
    const seen: number[] = [];
    for (const { inputs, targets } of data().batches({ batchSize: 3, random: random() })) {
      const labels = targets.toArray() as number[];
      expect(inputs.toArray()).toEqual(labels.map((i) => [i, 10 * i]));
      seen.push(...labels);
    }
    expect(seen).not.toEqual(seen.toSorted((a, b) => a - b));
    expect(new Set(seen).size).toBe(10);
  });

  test("are tensors like all others: of their shape before they are read, and for every op", () => {
    const [first] = data().batches({ batchSize: 2 });
    expect([first!.inputs.shape, first!.inputs.dtype]).toEqual([[2, 2], "float32"]);
    expect(matmul(first!.inputs, tensor([[2], [1]])).toArray()).toEqual([[0], [12]]);
    expect(first!.inputs.toArray()).toEqual([
      [0, 0],
      [1, 10],
    ]);
  });

  test("are the same again in a second loop over them", () => {
    const batches = data().batches({ batchSize: 3, random: random() });
    const loop = (): unknown[] => Array.from(batches, ({ targets }) => targets.toArray());
    expect(loop()).toEqual(loop());
  });
});

describe("the order", () => {
  test("depends on seed and epoch alone", () => {
    const used = random();
    used.uniform();
    used.permutation(5);
    const options = { batchSize: 10, epoch: 3 };
    const expected = order(data(), { ...options, random: random() });
    expect(order(data(), { ...options, random: used })).toEqual(expected);
    expect(order(data(), { ...options, random: random(), epoch: 4 })).not.toEqual(expected);
    expect(order(data(), { ...options, random: random(8) })).not.toEqual(expected);
  });

  test("without an epoch differs from call to call, as drawn from the generator", () => {
    const one = random();
    const first = order(data(), { batchSize: 10, random: one });
    expect(order(data(), { batchSize: 10, random: one })).not.toEqual(first);
    expect(order(data(), { batchSize: 10, random: random() })).toEqual(first);
  });

  test("stays when shuffle is false", () => {
    const batches = order(data(3), { batchSize: 3, random: random(), shuffle: false });
    expect(batches).toEqual([[0, 1, 2]]);
  });
});

describe("parts of a data set", () => {
  test("are the first so many, or the chosen ones in the chosen order", () => {
    expect(data().subset(3).targets.toArray()).toEqual([0, 1, 2]);
    expect(data().subset([5, 1]).inputs.toArray()).toEqual([
      [5, 50],
      [1, 10],
    ]);
    expect(data().subset([5, 1, 7]).subset([2, 0]).targets.toArray()).toEqual([7, 5]);
  });

  test("split without overlap, in order or at random", () => {
    const [first, second] = data().split(0.8);
    expect([first.length, second.targets.toArray()]).toEqual([8, [8, 9]]);
    const [some, rest] = data().split(7, { random: random() });
    const all = [...some.targets.toTypedArray(), ...rest.targets.toTypedArray()];
    expect([some.length, rest.length]).toEqual([7, 3]);
    expect(new Set(all).size).toBe(10);
    expect(all).not.toEqual(all.toSorted((a, b) => a - b));
  });
});

describe("rows of bytes", () => {
  test("become float32 in 0..1, of the wanted shape", () => {
    const rows = byteRows(Uint8Array.of(0, 51, 102, 255, 0, 255), [1, 2]);
    expect([rows.count, rows.rowShape]).toEqual([3, [1, 2]]);
    const taken = rows.take(Int32Array.of(1, 0));
    expect(taken.dtype).toBe("float32");
    expect(taken.toArray()).toEqual([[[Math.fround(0.4), 1]], [[0, Math.fround(0.2)]]]);
  });
});

describe("mistakes", () => {
  test("are refused with the fix", () => {
    expect(() => new Dataset(tensor([[1], [2]]), tensor([1]))).toThrow(ShapeError);
    const outside = new Dataset(tensor([[1]]), tensor([1]), Int32Array.of(1));
    expect(() => outside.inputs).toThrow("every index must be from 0 to 0, got 1");
    expect(() => data().batches({ batchSize: 0 })).toThrow("Pass for example 64");
    expect(() => data().batches({ batchSize: 2, shuffle: true })).toThrow("new Generator(7)");
    expect(() => data().subset(11)).toThrow("there are 10 examples; got 10. Ask for fewer");
    expect(() => data().subset([])).toThrow(ArgumentError);
    expect(() => data().split(10)).toThrow("leaves one side empty");
  });

  test("and a data set says what it holds", () => {
    expect(data().toMimeBundle()).toEqual({
      "text/plain": "Dataset of 10 examples: inputs [2], targets []",
    });
  });
});
