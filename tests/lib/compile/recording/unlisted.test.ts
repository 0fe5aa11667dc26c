// Weights that a step reads and does not list: as long as they stay as they are, nobody notices.
import { expect, test } from "vitest";
import * as lib from "../../../../lib/index.ts";

function parts() {
  const random = new lib.Generator(1);
  const linear = (): lib.Linear => new lib.Linear({ inFeatures: 2, outFeatures: 2, random });
  const [generator, discriminator] = [linear(), linear()];
  const optimizer = new lib.SGD(discriminator.parameters(), { learningRate: 0.1 });
  const step = ({ x }: { x: lib.Tensor }): { y: lib.Tensor } => {
    const y = discriminator.forward(generator.forward(x));
    discriminator.accumulateGradients(y);
    optimizer.step();
    return { y };
  };
  return { generator, discriminator, optimizer, step };
}

const batch = { x: lib.ones([1, 2]) };

test("a step that reads a frozen model need not list it", async () => {
  const [all, eager] = [parts(), parts()];
  const { discriminator: model, optimizer } = all;
  const compiled = lib.compile(all.step, { model, optimizer, stepsPerRun: 1 });
  for (let turn = 0; turn < 3; turn++) {
    const { y } = await compiled.run(batch);
    expect([...y]).toEqual(
      Array.from(eager.step(batch).y.toTypedArray(), (value) => expect.closeTo(value, 5)),
    );
  }
  compiled.dispose();
});

test("a model that changes must be listed, and the message says so", async () => {
  const [all, eager] = [parts(), parts()];
  const { discriminator, generator, optimizer } = all;
  const compiled = lib.compile(all.step, { model: discriminator, optimizer, stepsPerRun: 1 });
  await compiled.run(batch);
  generator.weight.value = lib.zeros([2, 2]);
  const refused = compiled.run(batch);
  await expect(refused).rejects.toThrow(lib.TracingError);
  await expect(refused).rejects.toThrow(
    /weight \[2, 2\] has changed since\. List the model too, as in compile\(step, \{ model: \[/,
  );
  compiled.dispose();
  const model = [generator, discriminator];
  const listed = lib.compile(all.step, { model, optimizer, stepsPerRun: 1 });
  eager.step(batch);
  eager.generator.weight.value = lib.zeros([2, 2]);
  for (let turn = 0; turn < 2; turn++) {
    const { y } = await listed.run(batch);
    expect([...y]).toEqual(
      Array.from(eager.step(batch).y.toTypedArray(), (value) => expect.closeTo(value, 5)),
    );
    for (const each of [all, eager]) each.generator.weight.value = lib.full([2, 2], 0.3);
  }
  listed.dispose();
});

test("a gradient of a model that is not listed must stay what it is", async () => {
  const { discriminator: model, generator, optimizer } = parts();
  const { weight } = generator;
  const compiled = lib.compile(
    ({ x }: typeof batch) => {
      model.accumulateGradients(model.forward(x));
      optimizer.step();
      return { norm: lib.sum(lib.abs(weight.gradient ?? lib.zeros([2, 2]))) };
    },
    { model, optimizer, stepsPerRun: 1 },
  );
  const norm = async (): Promise<number> => (await compiled.run(batch)).norm[0]!;
  expect(await norm()).toBe(0);
  expect(await norm()).toBe(0);
  for (const gradient of [lib.ones([2, 2]), lib.full([2, 2], 3)]) {
    weight.gradient = gradient;
    await expect(norm()).rejects.toThrow(
      /the gradient of weight \[2, 2\] has changed since\. List the model too/,
    );
    weight.gradient = undefined;
    expect(await norm()).toBe(0);
  }
  compiled.dispose();
});

test("a layer that is not listed must stay in its mode", async () => {
  const { discriminator: model, optimizer, step } = parts();
  const dropout = new lib.Dropout({ rate: 0.5, random: new lib.Generator(3) }).eval();
  const compiled = lib.compile(({ x }: typeof batch) => step({ x: dropout.forward(x) }), {
    model,
    optimizer,
    stepsPerRun: 1,
  });
  await compiled.run(batch);
  dropout.train();
  await expect(compiled.run(batch)).rejects.toThrow(/the mode of Dropout\(.*\) has changed since/);
  dropout.eval();
  expect((await compiled.run(batch)).y).toHaveLength(2);
  compiled.dispose();
});

test("a layer that is not listed may be in any mode when the step sets it first", async () => {
  const { discriminator: model, optimizer, step } = parts();
  const dropout = new lib.Dropout({ rate: 0.5, random: new lib.Generator(3) });
  const compiled = lib.compile(({ x }: typeof batch) => step({ x: dropout.eval().forward(x) }), {
    model,
    optimizer,
    stepsPerRun: 1,
  });
  const eager = parts();
  for (let turn = 0; turn < 3; turn++) {
    dropout.train();
    const { y } = await compiled.run(batch);
    expect([...y]).toEqual(
      Array.from(eager.step(batch).y.toTypedArray(), (value) => expect.closeTo(value, 5)),
    );
  }
  compiled.dispose();
});
