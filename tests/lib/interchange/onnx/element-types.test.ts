// Element types on the way into a file's model and out of it.
import { expect, test } from "vitest";
import { DTypeError } from "../../../../lib/index.ts";
import {
  fileType,
  fromFile,
  tensorType,
  toFile,
} from "../../../../lib/interchange/onnx/element-types.ts";

test("types of tensors are those of the file, and int64 is int32", () => {
  const types = [1, 11, 6, 9, 7].map((number) => fileType("x", number));
  expect(types).toEqual(["float32", "float64", "int32", "bool", "int64"]);
  expect(types.map(tensorType)).toEqual(["float32", "float64", "int32", "bool", "int32"]);
});

test("other types are refused by name", () => {
  expect(() => fileType("input x of digits.onnx", 10)).toThrow(DTypeError);
  expect(() => fileType("input x of digits.onnx", 10)).toThrow(
    "input x of digits.onnx must be float32, float64, int32, int64 or bool, got float16. Export the model",
  );
  expect(() => fileType("x", 99)).toThrow("got type 99");
});

test("whole numbers become long ones and come back", () => {
  const numbers = Int32Array.of(-3, 0, 2 ** 31 - 1);
  const long = toFile("int64", numbers);
  expect(long).toEqual(BigInt64Array.of(-3n, 0n, 2147483647n));
  expect(fromFile("y", long)).toEqual(numbers);
  expect(fromFile("y", numbers)).toBe(numbers);
});

test("a number that is too long for a tensor is refused", () => {
  expect(() => fromFile("y of digits.onnx", BigInt64Array.of(1n, 2n ** 40n))).toThrow(
    "y of digits.onnx must give numbers that fit int32, got 1099511627776. Export the model",
  );
});
