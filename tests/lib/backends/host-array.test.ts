// Arrays in this process: numbers that are written when somebody reads them, or straight to where they are wanted.
import { expect, test } from "vitest";
import { hostStorage, OnDemand } from "../../../lib/backends/host-array.ts";

function counted(): { array: OnDemand; written: () => number } {
  let times = 0;
  const array = new OnDemand({ shape: [3], dtype: "int32" }, (out) => {
    times++;
    out.set([1, 2, 3]);
  });
  return { array, written: () => times };
}

test("an array on demand is written at the first read, and once", () => {
  const { array, written } = counted();
  expect(written()).toBe(0);
  expect(array.data).toEqual(Int32Array.of(1, 2, 3));
  expect(hostStorage.read(array)).toBe(array.data);
  expect(written()).toBe(1);
});

test("an array on demand goes to another place without memory of its own, or from there when it has one", () => {
  const { array, written } = counted();
  const out = new Int32Array(3);
  array.writeTo(out);
  array.writeTo(out.fill(0));
  expect([out, written()]).toEqual([Int32Array.of(1, 2, 3), 2]);
  array.data.fill(7);
  array.writeTo(out);
  expect([out, written()]).toEqual([Int32Array.of(7, 7, 7), 3]);
});

test("a draw fills an array of the asked shape and type now", () => {
  const drawn = hostStorage.drawn((out) => void out.fill(4), [2, 1], { dtype: "float64" });
  expect(drawn).toEqual({ shape: [2, 1], dtype: "float64", data: Float64Array.of(4, 4) });
});
