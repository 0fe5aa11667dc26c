// Ops that may run as one: the same numbers as one after the other, and no trace where they fail.
// Covers: lib/backends/onnx/together.ts, lib/backends/onnx/session-cache.ts
import { expect, test } from "vitest";
import { automaticBackend } from "../../../lib/backends/automatic.ts";
import type { Backend } from "../../../lib/backends/backend.ts";
import { withBackend } from "../../../lib/backends/select.ts";
import { typescriptBackend } from "../../../lib/backends/typescript/index.ts";
import * as lib from "../../../lib/index.ts";
import { type Holder, together } from "../../../lib/ops/together.ts";

const eager = automaticBackend({ multiplyAdds: 0, elements: 0, together: 0 });
const plain: Backend = { ...eager, together: () => undefined };

/** Some steps of an optimizer on one backend: all weights after them. */
function trained(
  backend: Backend,
  optimizerOf: (parameters: lib.Parameter[]) => lib.Optimizer,
  dtype: lib.DType = "float32",
): lib.TypedArray[] {
  return withBackend(backend, () => {
    const random = new lib.Generator(5);
    const shapes = [[7, 3], [3], [2, 3, 2]];
    const parameters = shapes.map(
      (shape, index) =>
        new lib.Parameter(`weight${index}`, lib.randomNormal(random, shape, { dtype })),
    );
    const optimizer = optimizerOf(parameters);
    for (let step = 0; step < 4; step++) {
      // The last parameter stays behind once, and gets a clock of its own.
      for (const each of parameters.slice(0, step === 1 ? 2 : 3)) {
        each.accumulate(lib.randomNormal(random, each.value.shape, { dtype }));
      }
      optimizer.step();
    }
    return parameters.map(({ value }) => value.toTypedArray());
  });
}

const OPTIMIZERS: [string, (parameters: lib.Parameter[]) => lib.Optimizer][] = [
  ["Adam", (parameters) => new lib.Adam(parameters, { weightDecay: 0.1 })],
  ["AdamW", (parameters) => new lib.AdamW(parameters)],
  ["SGD", (parameters) => new lib.SGD(parameters, { learningRate: 0.1 })],
  [
    "SGD with momentum and a schedule",
    (parameters) =>
      new lib.SGD(parameters, {
        learningRate: (step: number) => 0.1 / step,
        momentum: 0.9,
        nesterov: true,
      }),
  ],
];

test.each(OPTIMIZERS)("%s moves weights to the same bits as op by op", (_, optimizerOf) => {
  expect(trained(eager, optimizerOf)).toEqual(trained(plain, optimizerOf));
});

test("float64 stays with the plain loops", () => {
  const adam = OPTIMIZERS[0]![1];
  expect(trained(eager, adam, "float64")).toEqual(trained(typescriptBackend, adam, "float64"));
});

test("numbers can be looked at in between, and fresh tensors used", () => {
  withBackend(eager, () => {
    const holder: Holder = { value: lib.tensor([1, 2, 3]) };
    const untouched: Holder = { value: lib.tensor([4]) };
    const [former, kept] = [holder.value, untouched.value];
    const seen: unknown[] = [];
    together([holder, untouched], () => {
      const doubled = lib.mul(former, 2);
      seen.push(doubled.toArray(), lib.sum(doubled).item());
      holder.value = lib.add(doubled, lib.tensor([10, 20, 30]));
    });
    expect(seen).toEqual([[2, 4, 6], 12]);
    expect(holder.value.toArray()).toEqual([12, 24, 36]);
    expect(untouched.value).toBe(kept);
  });
});

test("after an error the holders hold what they held", () => {
  withBackend(eager, () => {
    const holder: Holder = { value: lib.ones([2]) };
    const former = holder.value;
    const failing = (): void =>
      together([holder], () => {
        holder.value = lib.add(former, 1);
        lib.add(former, lib.ones([3]));
      });
    expect(failing).toThrow(lib.ShapeError);
    expect(holder.value).toBe(former);
  });
});
