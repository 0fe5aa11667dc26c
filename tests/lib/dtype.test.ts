// Element types: each has its storage, and the storage tells its type.
import { expect, test } from "vitest";
import { ShapeError } from "../../lib/errors.ts";
import { allocate, DTYPES, dtypeOf, isFloat } from "../../lib/dtype.ts";

test.each(DTYPES)("%s allocates zeros of a storage that tells its type", (dtype) => {
  const data = allocate(dtype, 3);
  expect([...data]).toEqual([0, 0, 0]);
  expect(dtypeOf(data)).toBe(dtype);
});

test("more elements than memory holds are refused with their size, not by the engine", () => {
  expect(() => allocate("float32", 1e12)).toThrow(ShapeError);
  expect(() => allocate("float32", 1e12)).toThrow(
    "got 1000000000000 elements of float32, which take 3726 GiB. Make an axis shorter",
  );
});

test("only the float types hold fractions", () => {
  expect(DTYPES.filter(isFloat)).toEqual(["float32", "float64"]);
});
