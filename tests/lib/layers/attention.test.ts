// Attention: what masks hide, order that does not matter without them, and settings that do not fit together.
// Covers: lib/layers/feed-forward.ts
import { describe, expect, test } from "vitest";
import {
  ArgumentError,
  cast,
  FeedForward,
  Generator,
  MultiHeadAttention,
  ones,
  reshape,
  ShapeError,
  slice,
  tensor,
  type Tensor,
} from "../../../lib/index.ts";
import { expectClose } from "../../support/expect-close.ts";
import { hashUniform } from "../../support/hash.ts";

const make = (causal = false): MultiHeadAttention =>
  new MultiHeadAttention({ features: 4, heads: 2, causal, random: new Generator(1) });

const input = (): Tensor => cast(hashUniform([1, 3, 4], 1), "float32");

describe("multi-head attention", () => {
  test("does not know the order of the positions", () => {
    const flipped = (x: Tensor): Tensor => tensor([(x.toArray() as number[][][])[0]!.toReversed()]);
    const output = make().forward(flipped(input()));
    const expected = flipped(make().forward(input()));
    expectClose(output, { shape: [1, 3, 4], data: expected.toTypedArray() }, 1e-6);
  });

  test("sees no later position when it is causal", () => {
    const early = [null, [0, 2]] as const;
    const start = slice(input(), early);
    const whole = slice(make(true).forward(input()), early);
    const alone = make(true).forward(start);
    expectClose(whole, { shape: [1, 2, 4], data: alone.toTypedArray() }, 1e-6);
  });

  test("looks at no padding", () => {
    const paddingMask = tensor([[true, true, false]], { dtype: "bool" });
    const padded = make().forward(input(), { paddingMask });
    const alone = make().forward(slice(input(), [null, [0, 2]]));
    const kept = slice(padded, [null, [0, 2]]);
    expectClose(kept, { shape: [1, 2, 4], data: alone.toTypedArray() }, 1e-6);
  });

  test("stays finite where there is nothing to look at", () => {
    const paddingMask = tensor([[false, false, false]], { dtype: "bool" });
    const numbers = make().forward(input(), { paddingMask }).toTypedArray();
    expect(Array.from(numbers).every(Number.isFinite)).toBe(true);
  });

  test("says what to change when heads, input or mask do not fit", () => {
    const odd = { features: 4, heads: 3, random: new Generator(1) };
    expect(() => new MultiHeadAttention(odd)).toThrow(ArgumentError);
    expect(() => new MultiHeadAttention(odd)).toThrow("Use 6 features");
    expect(() => make().forward(ones([3, 4]))).toThrow(ShapeError);
    const flat = reshape(tensor([true, true, true], { dtype: "bool" }), [3]);
    expect(() => make().forward(input(), { paddingMask: flat })).toThrow("bool [1, 3]");
  });
});

describe("the feed-forward block", () => {
  test("is four times as wide inside unless told otherwise, and keeps the shape", () => {
    const random = new Generator(1);
    const block = new FeedForward({ features: 3, random });
    expect(block.parameterCount).toBe(3 * 12 + 12 + 12 * 3 + 3);
    expect(block.forward(ones([2, 5, 3])).shape).toEqual([2, 5, 3]);
    expect(new FeedForward({ features: 3, hiddenFeatures: 2, random }).parameterCount).toBe(17);
    expect(block.toString()).toBe("FeedForward(Linear(3 -> 12), GELU, Linear(12 -> 3))");
  });
});
