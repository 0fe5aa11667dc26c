// Arrays that wait for who needs them: the same numbers, whether they are read or multiplied first.
import { expect, test } from "vitest";
import { automaticBackend } from "../../../lib/backends/automatic.ts";
import { PutOff, recipeOf } from "../../../lib/backends/put-off.ts";
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
  const compute = (): Float32Array => Float32Array.of(++count);
  const like = { shape: [1], dtype: "float32" } as const;
  const x = new PutOff(like, () => like, compute);
  expect([count, recipeOf(x)?.(typescriptBackend, (each) => each)]).toEqual([0, like]);
  expect([x.data[0], x.data[0], count]).toEqual([1, 1, 1]);
  expect([recipeOf(x), recipeOf(like), recipeOf(2)]).toEqual([undefined, undefined, undefined]);
});
