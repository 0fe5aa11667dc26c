// How tensors look as text and as a table.
import { describe, expect, test } from "vitest";
import { arange, full, reshape, tensor, zeros } from "../../lib/index.ts";

describe("text", () => {
  test("columns are aligned and whole numbers have a bare point", () => {
    const x = tensor([
      [1, -20],
      [300, 4],
    ]);
    expect(x.toString()).toBe("tensor([[  1., -20.],\n        [300.,   4.]])");
  });

  test("fractions have four digits, and scientific form only when the range asks for it", () => {
    expect(tensor([0.5, 1.25]).toString()).toBe("tensor([0.5000, 1.2500])");
    expect(tensor([0.5, 1e7]).toString()).toBe("tensor([5.0000e-1, 1.0000e+7])");
    expect(tensor([0, 0.5, NaN, -Infinity]).toString()).toBe(
      "tensor([0.0000, 0.5000,    NaN,   -inf])",
    );
  });

  test("element types other than float32 are named", () => {
    expect(tensor([1, 2], { dtype: "int32" }).toString()).toBe("tensor([1, 2], dtype=int32)");
    expect(tensor([true, false]).toString()).toBe("tensor([ true, false], dtype=bool)");
    expect(tensor(2.5, { dtype: "float64" }).toString()).toBe("tensor(2.5000, dtype=float64)");
  });

  test("a scalar is shown bare", () => {
    expect(tensor(3).toString()).toBe("tensor(3.)");
  });

  test("matrices of a deeper tensor are set apart by a blank line", () => {
    expect(zeros([2, 1, 2]).toString()).toBe("tensor([[[0., 0.]],\n\n        [[0., 0.]]])");
  });

  test("long vectors break into lines of at most 88 columns", () => {
    const lines = arange(100).toString().split("\n");
    expect(lines.length).toBeGreaterThan(1);
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(90);
  });

  test("large tensors show three entries at each end, and their shape", () => {
    const text = reshape(arange(10_000), [100, 100]).toString();
    expect(text).toBe(
      [
        "tensor([[   0.,    1.,    2., ...,   97.,   98.,   99.],",
        "        [ 100.,  101.,  102., ...,  197.,  198.,  199.],",
        "        [ 200.,  201.,  202., ...,  297.,  298.,  299.],",
        "        ...,",
        "        [9700., 9701., 9702., ..., 9797., 9798., 9799.],",
        "        [9800., 9801., 9802., ..., 9897., 9898., 9899.],",
        "        [9900., 9901., 9902., ..., 9997., 9998., 9999.]], shape=[100, 100])",
      ].join("\n"),
    );
  });

  test("a tensor of a million elements is shown quickly and briefly", () => {
    expect(full([100, 100, 100], 0.5).toString().length).toBeLessThan(4000);
  });
});

describe("table", () => {
  const html = (x: { toMimeBundle(): Record<string, string> }): string =>
    x.toMimeBundle()["text/html"]!;

  test("names shape, element type and number of elements", () => {
    expect(html(zeros([2, 3]))).toContain("Tensor, shape [2, 3], float32, 6 elements");
    expect(html(tensor(1))).toContain("Tensor, scalar, float32, 1 element<");
    expect(html(zeros([5, 2, 3]))).toContain(", matrix [0, ...]");
  });

  test("holds the numbers, at most twelve rows and columns", () => {
    expect(html(tensor([[1, 2.5]]))).toMatch(/>1\.0000<.*>2\.5000</);
    const large = html(zeros([50, 40]));
    expect(large.match(/<tr>/g)).toHaveLength(13);
    expect(large.match(/<td/g)).toHaveLength(13 * 13);
  });

  test("sets no colours, so that it fits light and dark pages", () => {
    expect(html(zeros([2, 3]))).not.toMatch(/color|background/);
  });
});
