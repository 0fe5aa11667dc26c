// The stop button during a run of a compiled step: it ends between two groups, and all that was learned is kept.
import { expect, onTestFinished, test } from "vitest";
import * as lib from "../../../lib/index.ts";
import { batch, parts, step } from "../../support/small-step.ts";

function kernelWithFlag(): Int32Array {
  const interruptFlag = new Int32Array(new SharedArrayBuffer(4));
  const key = Symbol.for("Jupyter.kernel");
  Object.defineProperty(globalThis, key, { value: { interruptFlag }, configurable: true });
  onTestFinished(() => void Reflect.deleteProperty(globalThis, key));
  return interruptFlag;
}

test("a stop ends a long run between two groups, and the model and all counts are those of the steps before", async () => {
  const flag = kernelWithFlag();
  const [all, eager] = [parts(), parts()];
  const optimizer = new lib.SGD(all.model.parameters(), {
    learningRate(count) {
      if (count === 40) Atomics.store(flag, 0, 1);
      return 0.1;
    },
  });
  const compiled = lib.compile(step({ ...all, optimizer }), { ...all, optimizer, stepsPerRun: 4 });
  const running = compiled.run(Array.from({ length: 2000 }, () => batch()));
  const error: unknown = await running.catch((caught: unknown) => caught);
  expect(error).toBeInstanceOf(lib.RunInterrupted);
  expect(error).toBeInstanceOf(lib.InterruptedError);
  const { name, message, steps } = error as lib.RunInterrupted;
  expect(name).toBe("KeyboardInterrupt");
  expect(message).toContain(`as in step.run(batches.slice(${steps}))`);
  expect(steps).toBeGreaterThanOrEqual(40);
  expect(steps).toBeLessThan(60);
  expect(optimizer.stepCount).toBe(steps);
  const same = new lib.SGD(eager.model.parameters(), { learningRate: 0.1 });
  for (let count = 0; count < steps; count++) step({ ...eager, optimizer: same })(batch());
  const [weight, wanted] = [all, eager].map(({ model }) => model.parameters()[0]!.value);
  for (const [index, each] of wanted!.toTypedArray().entries()) {
    expect(weight!.toTypedArray()[index]).toBeCloseTo(each, 5);
  }

  Atomics.store(flag, 0, 0);
  expect((await compiled.run(batch())).loss).toHaveLength(1);
  expect(optimizer.stepCount).toBe(steps + 1);
  compiled.dispose();
});

test("a loop of short runs ends too", async () => {
  const flag = kernelWithFlag();
  const all = parts();
  const compiled = lib.compile(step(all), all);
  await compiled.run(batch());
  Atomics.store(flag, 0, 1);
  await expect(compiled.run(batch())).rejects.toThrow("after 0");
  expect(all.optimizer.stepCount).toBe(1);
  compiled.dispose();
});
