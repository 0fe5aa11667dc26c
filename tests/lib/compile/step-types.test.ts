// Types of steps: what may be written, and the sentence that stands in place of the type where something else is.
import { expect, test } from "vitest";
import type { ByName, OfTensors } from "../../../lib/compile/step-types.ts";
import * as lib from "../../../lib/index.ts";

const options = { model: [], optimizer: [] } as const;
const inputs = lib.ones([2]);

test("a step that returns something else is told what to return", () => {
  const words: [
    ByName<lib.Tensor>,
    ByName<void>,
    ByName<Promise<{ loss: lib.Tensor }>>,
    ByName<{ loss: number }>,
    ByName<readonly lib.Tensor[]>,
  ] = [
    "give the tensor a name: return { loss };",
    "end the step with the tensors to be seen, by name: return { loss };",
    "a step is recorded in one go: write it without async, and load what it needs before",
    "return tensors without .item(): run(...) gives their numbers",
    "end the step with the tensors to be seen, by name: return { loss };",
  ];
  // @ts-expect-error -- a bare tensor
  lib.compile(() => inputs, options).dispose();
  // @ts-expect-error -- nothing
  lib.compile(() => {}, options).dispose();
  // @ts-expect-error -- a promise
  lib.compile(() => Promise.resolve({ inputs }), options).dispose();
  // @ts-expect-error -- a number
  lib.compile(() => ({ loss: 1 }), options).dispose();
  expect(new Set(words).size).toBe(4);
});

test("a step that takes something else is told what a batch is", () => {
  const words: [OfTensors<lib.Tensor>, OfTensors<{ inputs: lib.Tensor; beta: number }>] = [
    "a step takes all tensors as one batch, by name: ({ inputs, targets }) => ...",
    "a batch has tensors alone: pass a number as tensor(number)",
  ];
  // @ts-expect-error -- a tensor
  lib.compile((x: lib.Tensor) => ({ x }), options).dispose();
  // @ts-expect-error -- a number in it
  lib.compile((each: { x: lib.Tensor; beta: number }) => ({ x: each.x }), options).dispose();
  expect(words).toHaveLength(2);
});

test("batches and results may be of a type, of an interface, or of no type that is written", async () => {
  interface Named {
    readonly x: lib.Tensor;
  }
  const typed = lib.compile(({ x }: { x: lib.Tensor }): Named => ({ x: lib.mul(x, 2) }), options);
  const named = lib.compile(({ x }: Named) => ({ y: lib.mul(x, 2) }), options);
  const free = lib.compile(({ x }) => ({ y: lib.mul(x!, 2) }), options);
  const batch: Named = { x: inputs };
  const results: Float32Array[] = [
    (await typed.run(batch)).x,
    (await named.run([batch, batch])).y,
    (await free.run({ x: inputs })).y,
  ];
  expect(results.map(([first]) => first)).toEqual([2, 2, 2]);
  for (const step of [typed, named, free]) step.dispose();
});
