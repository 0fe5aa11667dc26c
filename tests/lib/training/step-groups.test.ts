// Groups of steps: as many batches as asked for, and the oldest group first.
import { expect, test } from "vitest";
import { arange, Dataset } from "../../../lib/index.ts";
import { groupsOf, UnderWay } from "../../../lib/training/step-groups.ts";

const batches = [...new Dataset(arange(7), arange(7)).batches({ batchSize: 1 })];

test("a group has as many batches as are asked for when it begins, the last one what is left", () => {
  const stepper = { batchesAtOnce: 1 };
  const sizes: number[] = [];
  for (const group of groupsOf(batches, stepper)) {
    sizes.push(group.length);
    stepper.batchesAtOnce = 4;
  }
  expect(sizes).toEqual([1, 4, 2]);
});

test("whoever waits gets the oldest first, and the error of one that failed", async () => {
  const underWay = new UnderWay();
  const ended: string[] = [];
  underWay.add(Promise.resolve().then(() => void ended.push("first")));
  underWay.add(Promise.reject(new TypeError("second")));
  underWay.add(Promise.resolve());
  await underWay.finishAllBut(2);
  expect(ended).toEqual(["first"]);
  await expect(underWay.finishAllBut(0)).rejects.toThrow("second");
  await underWay.finishAllBut(0);
});
