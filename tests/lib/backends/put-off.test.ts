// Arrays that wait for who needs them: the same numbers, whether they are read or multiplied first.
import { expect, test } from "vitest";
import { automaticBackend } from "../../../lib/backends/automatic.ts";
import { PutOff } from "../../../lib/backends/put-off.ts";
import { withBackend } from "../../../lib/backends/select.ts";
import { typescriptBackend } from "../../../lib/backends/typescript/index.ts";
import * as lib from "../../../lib/index.ts";

const eager = automaticBackend({ multiplyAdds: 0, elements: 0 });

function gradients({ readsFirst }: { readonly readsFirst: boolean }): lib.Tensor[] {
  const random = new lib.Generator(3);
  const x = lib.relu(lib.randomNormal(random, [2, 3, 4, 6]));
  const y = lib.maxPool2d(x, { kernelSize: 2 });
  const gradPooled = lib.randomNormal(random, y.shape);
  const gradOutput = lib.maxPool2dGrad(gradPooled, x, y, { kernelSize: 2 });
  const mask = lib.reluMask(x);
  if (readsFirst) for (const each of [gradOutput, mask]) each.toTypedArray();
  const product = lib.mul(gradOutput, mask);
  return [product, gradOutput, mask, lib.mul(mask, mask), lib.mul(lib.add(mask, 1), gradOutput)];
}

test.each([false, true])(
  "what waits gives the plain loops' numbers, read first: %s",
  (readsFirst) => {
    const numbersOn = (backend: typeof eager): number[][] =>
      withBackend(backend, () =>
        gradients({ readsFirst }).map((each) =>
          Array.from(each.toTypedArray(), (value) => value + 0),
        ),
      );
    const [actual, expected] = [numbersOn(eager), numbersOn(typescriptBackend)];
    for (const [index, values] of expected.entries()) {
      for (const [at, value] of values.entries()) expect(actual[index]![at]).toBeCloseTo(value, 6);
    }
  },
);

test("an array is computed once, when it is read, and then forgets what it was made of", () => {
  let count = 0;
  const like = { shape: [1], dtype: "float32" } as const;
  const fuse = () => ({ ...like, data: Float32Array.of(++count) });
  const call = { name: "unary", parameters: ["reluMask", like] } as const;
  const x = new PutOff(like, call, fuse);
  expect([count, x.call]).toEqual([0, call]);
  expect([x.data[0], x.data[0], count]).toEqual([1, 1, 1]);
  expect(x.call).toBeUndefined();
});

test("an array is handed over to one op; who needs it after that computes it", () => {
  withBackend(eager, () => {
    const random = new lib.Generator(4);
    const x = lib.randomNormal(random, [2, 3, 4, 4]);
    const weight = lib.randomNormal(random, [5, 3, 3, 3]);
    const biased = lib.add(lib.conv2d(x, weight), lib.reshape(lib.arange(5), [5, 1, 1]));
    expect((biased.value as PutOff).call).toBeDefined();
    const cut = lib.relu(biased).toTypedArray();
    expect((biased.value as PutOff).call).toBeUndefined();
    expect(cut).toEqual(lib.maximum(biased, 0).toTypedArray());
    expect(cut).toEqual(lib.relu(biased).toTypedArray());
  });
});

const convolutions: Record<string, (x: lib.Tensor, weight: lib.Tensor) => lib.Tensor> = {
  "a convolution": (x, weight) => lib.conv2d(x, weight),
  "one with a ReLU": (x, weight) => lib.relu(lib.conv2d(x, weight)),
  "one with a bias": (x, weight) => lib.add(lib.conv2d(x, weight), bias([1, 16, 1, 1])),
  "one with both": (x, weight) => lib.relu(lib.add(lib.conv2d(x, weight), bias([16, 1, 1]))),
  "one with a number": (x, weight) => lib.relu(lib.add(lib.conv2d(x, weight), -1)),
  "one with itself": (x, weight) => {
    const y = lib.conv2d(x, weight);
    return lib.relu(lib.add(y, y));
  },
  "one with a row": (x, weight) => lib.add(lib.conv2d(x, weight), lib.arange(4)),
  "one with more axes": (x, weight) => lib.add(lib.conv2d(x, weight), lib.ones([2, 1, 16, 1, 1])),
};
const bias = (shape: lib.Shape): lib.Tensor => lib.reshape(lib.arange(16), shape);

test.each(Object.entries(convolutions))("%s gives the plain loops' numbers", (_, compute) => {
  for (const channels of [3, 16]) {
    const random = new lib.Generator(5);
    const x = lib.randomNormal(random, [2, channels, 6, 6]);
    const weight = lib.randomNormal(random, [16, channels, 3, 3]);
    const [actual, expected] = [eager, typescriptBackend].map((backend) =>
      withBackend(backend, () => compute(x, weight)),
    );
    expect(actual!.shape).toEqual(expected!.shape);
    const numbers = expected!.toTypedArray();
    for (const [at, value] of actual!.toTypedArray().entries()) {
      expect(Math.abs(value - numbers[at]!)).toBeLessThan(1e-4);
    }
  }
});
