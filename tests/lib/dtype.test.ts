// Element types: each has its storage, and the storage tells its type.
import { expect, test } from "vitest";
import { allocate, DTYPES, dtypeOf, isFloat } from "../../lib/dtype.ts";

test.each(DTYPES)("%s allocates zeros of a storage that tells its type", (dtype) => {
  const data = allocate(dtype, 3);
  expect([...data]).toEqual([0, 0, 0]);
  expect(dtypeOf(data)).toBe(dtype);
});

test("only the float types hold fractions", () => {
  expect(DTYPES.filter(isFloat)).toEqual(["float32", "float64"]);
});
