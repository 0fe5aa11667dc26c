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

  test.each([
    ["all is padding", false, [false, false, false], [0, 1, 2]],
    ["all before it is padding and attention is causal", true, [false, false, true], [0, 1]],
  ])("takes nothing for a position when %s", (_, causal, mask, blind) => {
    const attention = make(causal);
    attention.combine.bias.value = tensor([1, 2, 3, 4]);
    const output = attention.forward(input(), { paddingMask: tensor([mask]) });
    const [rows] = output.toArray() as number[][][];
    for (const position of blind) expect(rows![position]).toEqual([1, 2, 3, 4]);
    // A gradient at blind positions alone reaches the last bias and nothing else.
    const ofBlind = [0, 1, 2].map((position) => Array(4).fill(Number(blind.includes(position))));
    const gradInput = attention.backward(tensor([ofBlind]));
    expect(gradInput.toTypedArray().every((value) => value === 0)).toBe(true);
    const { project, combine } = attention;
    for (const { gradient } of [project.weight, project.bias, combine.weight]) {
      expect(gradient!.toTypedArray().every((value) => value === 0)).toBe(true);
    }
    expect(combine.bias.gradient!.toArray()).toEqual(Array(4).fill(blind.length));
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
