// The contract of windows: convolution, its two gradients and pooling against their formulas, loop by loop.
import { describe, expect, test } from "vitest";
import * as lib from "../../../lib/index.ts";
import { at, build, indices, numbers, type Plain, toTensor } from "../../support/arrays.ts";
import { expectClose } from "../../support/expect-close.ts";
import type { Subject } from "./subject.ts";

interface Case {
  readonly name: string;
  readonly input: readonly [batch: number, channels: number, height: number, width: number];
  readonly outChannels: number;
  readonly kernel: readonly [number, number];
  readonly stride?: readonly [number, number];
  readonly padding?: readonly [number, number];
  readonly dilation?: readonly [number, number];
  readonly groups?: number;
}

const CASES: Case[] = [
  { name: "one pixel", input: [1, 1, 1, 1], outChannels: 1, kernel: [1, 1] },
  { name: "a 1 x 1 kernel mixes channels", input: [2, 3, 3, 4], outChannels: 5, kernel: [1, 1] },
  { name: "a plain kernel", input: [2, 2, 5, 6], outChannels: 3, kernel: [3, 3] },
  { name: "padding", input: [1, 2, 4, 3], outChannels: 2, kernel: [3, 2], padding: [1, 1] },
  {
    name: "padding wider than the kernel",
    input: [1, 1, 2, 2],
    outChannels: 1,
    kernel: [2, 2],
    padding: [2, 3],
  },
  {
    name: "a stride that leaves rows over",
    input: [2, 1, 6, 8],
    outChannels: 2,
    kernel: [3, 2],
    stride: [2, 3],
    padding: [0, 1],
  },
  { name: "dilation", input: [1, 2, 7, 6], outChannels: 2, kernel: [3, 2], dilation: [2, 3] },
  {
    name: "groups",
    input: [2, 4, 3, 3],
    outChannels: 6,
    kernel: [2, 2],
    padding: [1, 0],
    groups: 2,
  },
  {
    name: "one group for each channel",
    input: [1, 3, 4, 4],
    outChannels: 3,
    kernel: [3, 3],
    groups: 3,
  },
  {
    name: "many channels",
    input: [2, 16, 4, 3],
    outChannels: 3,
    kernel: [3, 2],
    padding: [1, 0],
  },
  { name: "eight images", input: [8, 2, 4, 4], outChannels: 2, kernel: [3, 3], padding: [1, 1] },
  {
    name: "many channels with a stride",
    input: [1, 16, 5, 4],
    outChannels: 2,
    kernel: [2, 2],
    stride: [2, 2],
  },
  {
    name: "all of it",
    input: [2, 4, 9, 8],
    outChannels: 4,
    kernel: [2, 3],
    stride: [2, 2],
    padding: [1, 2],
    dilation: [3, 1],
    groups: 2,
  },
];

type Three = [lib.Tensor, lib.Tensor, lib.Tensor];

interface Settings {
  readonly stride: readonly [number, number];
  readonly padding: readonly [number, number];
  readonly dilation: readonly [number, number];
  readonly groups: number;
}

const settings = (options: Case): Settings => ({
  stride: options.stride ?? [1, 1],
  padding: options.padding ?? [0, 0],
  dilation: options.dilation ?? [1, 1],
  groups: options.groups ?? 1,
});

function places({ input, kernel, ...rest }: Case): [number, number] {
  const { stride, padding, dilation } = settings({ input, kernel, ...rest });
  const along = (axis: 0 | 1): number =>
    Math.floor(
      (input[axis + 2]! + 2 * padding[axis] - (kernel[axis] - 1) * dilation[axis] - 1) /
        stride[axis],
    ) + 1;
  return [along(0), along(1)];
}

// Where the kernel's element (i, j) of the place (y, x) lies in the image; undefined in the padding.
function pixel(options: Case, [y, x]: number[], [i, j]: number[]): [number, number] | undefined {
  const { stride, padding, dilation } = settings(options);
  const v = y! * stride[0] + i! * dilation[0] - padding[0];
  const u = x! * stride[1] + j! * dilation[1] - padding[1];
  const [, , height, width] = options.input;
  return v >= 0 && v < height && u >= 0 && u < width ? [v, u] : undefined;
}

// Every meeting of an input, a weight and an output: the three formulas are sums over these.
function forEachMeeting(
  options: Case,
  visit: (input: number[], weight: number[], output: number[]) => void,
): void {
  const { groups } = settings(options);
  const [batch, channels] = options.input;
  const perGroup = channels / groups;
  for (const output of indices([batch, options.outChannels, ...places(options)])) {
    const [b, o, y, x] = output as [number, number, number, number];
    const group = Math.floor(o / (options.outChannels / groups));
    for (const [c, i, j] of indices([perGroup, ...options.kernel])) {
      const where = pixel(options, [y, x], [i!, j!]);
      if (where) visit([b, group * perGroup + c!, ...where], [o, c!, i!, j!], output);
    }
  }
}

function summed(
  shape: readonly number[],
  options: Case,
  add: (total: (index: number[], term: number) => void) => Parameters<typeof forEachMeeting>[1],
): Plain {
  const sums = new Map<string, number>();
  const total = (index: number[], term: number): void => {
    sums.set(index.join(), (sums.get(index.join()) ?? 0) + term);
  };
  forEachMeeting(options, add(total));
  return build(shape, (index) => sums.get(index.join()) ?? 0);
}

/** Runs the contract of convolution and pooling. */
export function windowContract({ on, dtypes, tolerance }: Subject): void {
  describe.each(CASES)("$name", (options) => {
    const { input, outChannels, kernel } = options;
    const how = settings(options);
    const weightShape = [outChannels, input[1] / how.groups, ...kernel];
    const outputShape = [input[0], outChannels, ...places(options)];

    test.each(dtypes)("conv2d and its gradients are the sums of the formulas in %s", (dtype) => {
      const x = numbers(input, 1, { dtype });
      const w = numbers(weightShape, 2, { dtype });
      const g = numbers(outputShape, 3, { dtype });
      const [forward, gradInput, gradWeight] = on<Three>(() => [
        lib.conv2d(toTensor(x), toTensor(w), how),
        lib.conv2dGradInput(toTensor(g), toTensor(w), { ...how, inputSize: [input[2], input[3]] }),
        lib.conv2dGradWeight(toTensor(x), toTensor(g), { ...how, kernelSize: kernel }),
      ]);
      const bound = 64 * tolerance(dtype);
      const output = summed(outputShape, options, (total) => (i, k, o) => {
        total(o, at(x, i) * at(w, k));
      });
      expectClose(forward, output, bound);
      const byInput = summed(input, options, (total) => (i, k, o) => {
        total(i, at(g, o) * at(w, k));
      });
      expectClose(gradInput, byInput, bound);
      const byWeight = summed(weightShape, options, (total) => (i, k, o) => {
        total(k, at(g, o) * at(x, i));
      });
      expectClose(gradWeight, byWeight, bound);
      expect(forward.dtype).toBe(dtype);
    });

    test.each(dtypes)("pooling takes the largest and the mean of each window in %s", (dtype) => {
      const padding = how.padding.map((edge, axis) => Math.min(edge, kernel[axis]! - 1));
      const pool = { ...how, padding: padding as [number, number], kernelSize: kernel };
      const own = { ...options, ...pool, outChannels: input[1] };
      const x = numbers(input, 1, { dtype });
      const windowOf = ([b, c, y, u]: number[]): (number[] | undefined)[] =>
        indices([...kernel]).map((element) => {
          const where = pixel(own, [y!, u!], element);
          return where && [b!, c!, ...where];
        });
      const shape = [input[0], input[1], ...places(own)];
      const seen = (index: number[]): number[] =>
        windowOf(index).flatMap((position) => (position ? [at(x, position)] : []));
      const sum = (values: number[]): number => values.reduce((a, b) => a + b, 0);
      const [largest, mean, inner] = on<Three>(() => [
        lib.maxPool2d(toTensor(x), pool),
        lib.avgPool2d(toTensor(x), pool),
        lib.avgPool2d(toTensor(x), { ...pool, countIncludePad: false }),
      ]);
      expectClose(
        largest,
        build(shape, (index) => Math.max(...seen(index))),
        0,
      );
      const count = kernel[0] * kernel[1];
      const bound = 8 * tolerance(dtype);
      expectClose(
        mean,
        build(shape, (index) => sum(seen(index)) / count),
        bound,
      );
      expectClose(
        inner,
        build(shape, (index) => sum(seen(index)) / seen(index).length),
        bound,
      );
    });
  });

  describe.each([
    [[1, 1, 1, 1], 1],
    [
      [2, 3, 2, 4],
      [2, 3],
    ],
    [[1, 16, 3, 2], 2],
    [
      [3, 1, 1, 5],
      [4, 1],
    ],
  ] as [number[], lib.Size][])("upsampleNearest of shape %j by %j", (shape, scale) => {
    test.each(dtypes)("repeats pixels in %s", (dtype) => {
      const x = numbers(shape, 1, { dtype });
      const [down, right] = typeof scale === "number" ? [scale, scale] : scale;
      const larger = [shape[0]!, shape[1]!, shape[2]! * down, shape[3]! * right];
      const expected = build(larger, ([b, c, y, u]) =>
        at(x, [b!, c!, Math.floor(y! / down), Math.floor(u! / right)]),
      );
      const actual = on(() => lib.upsampleNearest(toTensor(x), scale));
      expectClose(actual, expected, 0);
      expect(actual.dtype).toBe(dtype);
    });
  });

  test("the gradient of max-pooling goes to the first of equal elements, and adds up where windows overlap", () => {
    const x = lib.tensor([[[[1, 3, 3, 0]]]]);
    const options = { kernelSize: [1, 2], stride: 1 } as const;
    const gradient = on(() => {
      const y = lib.maxPool2d(x, options);
      return lib.maxPool2dGrad(lib.tensor([[[[10, 20, 40]]]]), x, y, options);
    });
    expect(gradient.toArray()).toEqual([[[[0, 30, 40, 0]]]]);
  });

  test("the gradient of average pooling shares out evenly", () => {
    const options = { kernelSize: 2, inputSize: [2, 3] } as const;
    const gradient = on(() => lib.avgPool2dGrad(lib.tensor([[[[8]]]]), options));
    expect(gradient.toArray()).toEqual([
      [
        [
          [2, 2, 0],
          [2, 2, 0],
        ],
      ],
    ]);
  });

  test("the largest of nothing but NaN is NaN", () => {
    const x = lib.tensor([[[[NaN, NaN, 2, 3]]]]);
    const largest = on(() => lib.maxPool2d(x, { kernelSize: [1, 2] }));
    expect(largest.toArray()).toEqual([[[[NaN, 3]]]]);
  });
}
