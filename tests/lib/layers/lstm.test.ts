// LSTM: what an untrained cell does, the last state alone, and inputs that do not fit.
import { describe, expect, test } from "vitest";
import { Generator, LSTM, ones, ShapeError, slice, tensor, zeros } from "../../../lib/index.ts";

const make = (output: "sequence" | "last" = "sequence"): LSTM =>
  new LSTM({ inFeatures: 1, hiddenSize: 1, output, random: new Generator(1) });

describe("the LSTM layer", () => {
  test("remembers what its gates let in", () => {
    const layer = make();
    // Input gate open, forget gate open, output gate open (sigmoid(20) is 1 to 2e-9), candidate tanh(input).
    layer.weightInput.value = tensor([[0, 0, 1, 0]]);
    layer.weightHidden.value = zeros([1, 4]);
    layer.bias.value = tensor([20, 20, 0, 20]);
    const output = layer.forward(tensor([[[0.5], [0.25], [0]]])).toArray() as number[][][];
    const [first, second] = [Math.tanh(0.5), Math.tanh(0.5) + Math.tanh(0.25)];
    expect(output[0]!.map(([h]) => h)).toEqual([
      expect.closeTo(Math.tanh(first), 6),
      expect.closeTo(Math.tanh(second), 6),
      expect.closeTo(Math.tanh(second), 6),
    ]);
  });

  test("starts with a forget gate that is open", () => {
    const { value } = new LSTM({ inFeatures: 2, hiddenSize: 2, random: new Generator(1) }).bias;
    expect(value.toArray()).toEqual([0, 0, 1, 1, 0, 0, 0, 0]);
  });

  test("gives the last state alone when asked, with the gradient of that state", () => {
    const [all, last] = [make(), make("last")];
    const input = tensor([[[1], [-1], [2]]]);
    const states = all.forward(input);
    expect(last.forward(input).toArray()).toEqual(
      slice(states, [null, [-1, Infinity]]).toArray()[0 as never],
    );
    const gradInput = last.backward(tensor([[1]]));
    expect(gradInput.toArray()).toEqual(all.backward(tensor([[[0], [0], [1]]])).toArray());
    expect(last.weightHidden.gradient?.toArray()).toEqual(all.weightHidden.gradient?.toArray());
  });

  test("says what to change when the input has no steps", () => {
    expect(() => make().forward(ones([4, 1]))).toThrow(ShapeError);
    expect(() => make().forward(ones([4, 1]))).toThrow("[batch, sequence, 1]");
    expect(make().toString()).toBe("LSTM(1 -> 1)");
  });
});
