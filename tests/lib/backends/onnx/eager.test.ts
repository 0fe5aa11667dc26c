// Op by op on ONNX Runtime: what it refuses, and models that are forgotten and made again.
import { describe, expect, test } from "vitest";
import { onnxBackend } from "../../../../lib/backends/onnx/eager.ts";
import { withBackend } from "../../../../lib/backends/select.ts";
import * as lib from "../../../../lib/index.ts";

const onOnnx = <Result>(body: () => Result): Result => withBackend(onnxBackend, body);

describe("the onnx backend", () => {
  test("refuses float64, and says which backend has it", () => {
    const product = (): unknown => onOnnx(() => lib.exp(lib.tensor([1], { dtype: "float64" })));
    expect(product).toThrow(lib.DTypeError);
    expect(product).toThrow("exp: the onnx backend computes in float32");
    expect(product).toThrow("float64 runs on the typescript backend only");
  });

  test("refuses rows that are not in the table, as the readable backend does", () => {
    const index = lib.tensor([0, 3], { dtype: "int32" });
    expect(() => onOnnx(() => lib.gather(lib.ones([3, 2]), index))).toThrow(lib.ArgumentError);
    expect(() => onOnnx(() => lib.oneHot(index, 3))).toThrow("from 0 to 2, got 3 at position 1");
    expect(() => onOnnx(() => lib.scatterAdd(index, lib.ones([2, 2]), 3))).toThrow("position 1");
  });

  test("keeps on giving right numbers when there are more shapes than models it keeps", () => {
    onOnnx(() => {
      const sizes = Array.from({ length: 520 }, (_, size) => size + 1);
      const sums = sizes.map((size) =>
        lib
          .add(lib.ones([size]), 1)
          .toTypedArray()
          .at(-1),
      );
      expect(sums.every((sum) => sum === 2)).toBe(true);
      expect(lib.add(lib.ones([1]), 1).toArray()).toEqual([2]);
    });
  });

  test("keeps models apart whose settings are different numbers that JSON has no words for", () => {
    const filled = (value: number): unknown =>
      onOnnx(() => lib.pad(lib.ones([1]), [[0, 1]], { value })).toArray();
    expect([filled(-Infinity), filled(NaN), filled(Infinity)]).toEqual([
      [1, -Infinity],
      [1, NaN],
      [1, Infinity],
    ]);
  });

  test("scatters into tables that are too large for a product, every repeated row counted", () => {
    const rows = 600;
    const index = lib.fromTypedArray(
      Int32Array.from({ length: 2000 }, (_, i) => i % rows),
      [2000],
    );
    const sums = onOnnx(() => lib.scatterAdd(index, lib.ones([2000, 3]), rows)).toTypedArray();
    expect(Array.from(sums.subarray(0, 3))).toEqual([4, 4, 4]);
    expect(Array.from(sums.subarray(-3))).toEqual([3, 3, 3]);
  });
});
