// A batch whose names are not those that the step takes.
import { expect, test } from "vitest";
import * as lib from "../../../../lib/index.ts";
import { batch, parts, step } from "../../../support/small-step.ts";

const { inputs, targets } = batch();

test("a batch with other names than the step takes is told with both", async () => {
  const all = parts();
  const compiled = lib.compile(step(all) as unknown as (each: lib.Tensors) => lib.Tensors, all);
  const run = compiled.run({ x: inputs, y: targets });
  await expect(run).rejects.toThrow(lib.ArgumentError);
  await expect(run).rejects.toThrow(
    "a batch must have what the step asks for, inputs, targets, but this one has x, y. Give its",
  );
  await expect(compiled.run({ inputs, y: targets })).rejects.toThrow("asks for, targets, but");
  expect((await compiled.run({ inputs, targets })).loss).toHaveLength(1);
  compiled.dispose();
});

test("so is one whose missing tensor the step takes apart itself", async () => {
  const all = parts();
  const look = (each: lib.Tensors) => ({ loss: lib.ones(each["images"]!.shape) });
  const compiled = lib.compile(look, all);
  await expect(compiled.run({ inputs })).rejects.toThrow(
    "asks for, images, but this one has inputs",
  );
  compiled.dispose();
});

test("a step may do without a tensor, and its other mistakes are told as they are", async () => {
  const all = parts();
  const weighted = ({ weights, ...each }: lib.Tensors): lib.Tensors => {
    const { loss } = step(all)(each as ReturnType<typeof batch>);
    return { loss: weights ? lib.mul(loss, weights) : loss };
  };
  const compiled = lib.compile(weighted, all);
  expect((await compiled.run({ inputs, targets })).loss).toHaveLength(1);
  await expect(compiled.run({ inputs: lib.ones([2, 5]), targets })).rejects.toThrow(lib.ShapeError);
  compiled.dispose();
});
