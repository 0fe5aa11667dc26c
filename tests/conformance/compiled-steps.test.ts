// Steps that are more than forward, backward, update: compiled they give the eager step's numbers, and errors name cells.
import { describe, expect, test } from "vitest";
import * as lib from "../../lib/index.ts";
import { hashClasses, hashUniform } from "../support/hash.ts";
import { TestKernel } from "../support/test-kernel.ts";

type Batch = Readonly<Record<"inputs" | "targets", lib.Tensor>>;

interface Made {
  readonly models: readonly lib.Layer[];
  readonly optimizers: readonly lib.Optimizer[];
  readonly step: (batch: Batch) => Readonly<Record<string, lib.Tensor>>;
}

const layers = (random: lib.Generator, sizes: readonly [number, number]): lib.Layer =>
  new lib.Sequential(
    new lib.Linear({ inFeatures: sizes[0], outFeatures: 8, random }),
    new lib.Tanh(),
    new lib.Linear({ inFeatures: 8, outFeatures: sizes[1], random }),
  );

// Gradients of two halves of the batch add up before the update.
function accumulating(): Made {
  const model = layers(new lib.Generator(1), [4, 3]);
  const optimizer = new lib.Adam(model.parameters(), { learningRate: 0.05 });
  const loss = new lib.CrossEntropyLoss();
  const step: Made["step"] = ({ inputs, targets }) => {
    const losses = [0, 1].map((half) => {
      const rows = [half * 4, half * 4 + 4] as const;
      const predictions = model.forward(lib.slice(inputs, [rows]));
      const value = loss.forward(predictions, lib.slice(targets, [rows]));
      model.backward(loss.backward());
      return value;
    });
    optimizer.step();
    return { loss: lib.add(losses[0]!, losses[1]!) };
  };
  return { models: [model], optimizers: [optimizer], step };
}

// A generator and a discriminator, each with an optimizer of its own, move in turns.
function adversarial(): Made {
  const random = new lib.Generator(2);
  const [generator, discriminator] = [layers(random, [4, 4]), layers(random, [4, 1])];
  const mover = (model: lib.Layer): lib.Optimizer =>
    new lib.Adam(model.parameters(), { learningRate: 0.05 });
  const [moveGenerator, moveDiscriminator] = [mover(generator), mover(discriminator)];
  const loss = new lib.BinaryCrossEntropyLoss();
  const [real, fake] = [lib.ones([8, 1]), lib.zeros([8, 1])];
  const step: Made["step"] = ({ inputs }) => {
    const noise = lib.randomNormal(random, [8, 4]);
    const judge = (x: lib.Tensor, label: lib.Tensor): lib.Tensor => {
      const value = loss.forward(discriminator.forward(x), label);
      discriminator.backward(loss.backward());
      return value;
    };
    const seen = lib.add(judge(inputs, real), judge(generator.forward(noise), fake));
    moveDiscriminator.step();
    const fooled = loss.forward(discriminator.forward(generator.forward(noise)), real);
    generator.backward(discriminator.backward(loss.backward()));
    moveDiscriminator.clearGradients();
    moveGenerator.step();
    return { seen, fooled };
  };
  return {
    models: [generator, discriminator],
    optimizers: [moveGenerator, moveDiscriminator],
    step,
  };
}

// The head moves twice in every step, the second time together with the body.
function headFirst(): Made {
  const random = new lib.Generator(3);
  const [body, head] = [layers(random, [4, 4]), layers(random, [4, 3])];
  const model = new lib.Sequential(body, head);
  const optimizer = new lib.Adam(model.parameters(), { learningRate: 0.05 });
  const loss = new lib.CrossEntropyLoss();
  const step: Made["step"] = ({ inputs, targets }) => {
    const losses = [head, model].map((moved) => {
      const value = loss.forward(model.forward(inputs), targets);
      moved.backward(loss.backward());
      optimizer.step();
      return value;
    });
    return { first: losses[0]!, second: losses[1]! };
  };
  return { models: [model], optimizers: [optimizer], step };
}

describe.each([
  ["gradients that add up over parts of a batch", accumulating],
  ["two optimizers that take turns", adversarial],
  ["one optimizer that moves some twice", headFirst],
])("%s", (_what, make) => {
  test("give the eager step's results and weights", async () => {
    const [eager, compiled] = [make(), make()];
    const batches = Array.from({ length: 5 }, (_, seed) => ({
      inputs: lib.cast(hashUniform([8, 4], seed), "float32"),
      targets: hashClasses(8, 20 + seed, 3),
    }));
    const expected = batches.map((batch) => eager.step(batch));
    const step = lib.compile(compiled.step, {
      model: compiled.models,
      optimizer: compiled.optimizers,
      stepsPerRun: 2,
      verify: 1,
    });
    const results = await step.run(batches);
    await step.sync();
    step.dispose();
    for (const [name, numbers] of Object.entries(results)) {
      for (const [index, value] of numbers.entries()) {
        const eagerly = expected[index]![name]!.item();
        expect(Math.abs(value - eagerly)).toBeLessThanOrEqual(1e-5 * Math.abs(eagerly));
      }
    }
    const weightsOf = ({ models }: Made): number[] =>
      models.flatMap((model) =>
        model.parameters().flatMap(({ value }) => Array.from(value.toTypedArray())),
      );
    const progress = ({ optimizers }: Made) => optimizers.map((each) => each.progress);
    expect(progress(compiled)).toEqual(progress(eager));
    const weights = weightsOf(eager);
    for (const [index, value] of weightsOf(compiled).entries()) {
      // A thousandth of what five steps of Adam can move.
      expect(Math.abs(value - weights[index]!)).toBeLessThanOrEqual(1e-5 + 1e-3 * 5 * 0.05);
    }
  });
});

test("two compiled steps over one optimizer, one for the head alone, count as the eager ones do", async () => {
  const make = () => {
    const random = new lib.Generator(1);
    const body = new lib.Linear({ inFeatures: 4, outFeatures: 4, random });
    const head = new lib.Linear({ inFeatures: 4, outFeatures: 3, random });
    const model = new lib.Sequential(body, head);
    const optimizer = new lib.Adam(model.parameters(), { learningRate: 0.05 });
    const loss = new lib.CrossEntropyLoss();
    const stepOf =
      (moved: lib.Layer) =>
      ({ inputs, targets }: Batch) => {
        const value = loss.forward(model.forward(inputs), targets);
        moved.backward(loss.backward());
        optimizer.step();
        return { loss: value };
      };
    return { model, optimizer, steps: [stepOf(model), stepOf(head)] as const };
  };
  const [eager, traced] = [make(), make()];
  const compiled = traced.steps.map((step) => lib.compile(step, { ...traced, worker: false }));
  for (const [index, which] of [0, 1, 1, 0, 0, 1, 0, 1, 1, 0].entries()) {
    const batch = {
      inputs: lib.cast(hashUniform([4, 4], index), "float32"),
      targets: hashClasses(4, 20 + index, 3),
    };
    const expected = eager.steps[which]!(batch).loss.item();
    const { loss } = await compiled[which]!.run(batch);
    await compiled[which]!.sync();
    expect(Math.abs(loss[0]! - expected)).toBeLessThan(1e-5);
  }
  expect(traced.optimizer.progress).toEqual(eager.optimizer.progress);
  expect(traced.optimizer.progress.moves).toEqual([5, 5, 10, 10]);
});

test("in a notebook, what a graph cannot do is told with its cell and line", async () => {
  const kernel = await TestKernel.start();
  try {
    await kernel.execute(
      'import { compile, Embedding, Generator, tensor, type Tensor } from "gradlab";',
    );
    const failed = await kernel.execute(
      "const model = new Embedding({ vocabularySize: 5, features: 2, random: new Generator(1) });\n" +
        "const look = compile(\n" +
        "  ({ words }: { words: Tensor }) => ({ rows: model.forward(words) }),\n" +
        "  { model, optimizer: [], stepsPerRun: 1 },\n" +
        ");\n" +
        'await look.run({ words: tensor([9], { dtype: "int32" }) })',
    );
    expect(failed.error?.evalue).toMatch(
      /^compile: gather at cell 2, line 3: every index must be .* got 9 at position 0 of words/,
    );
    const peeking = await kernel.execute(
      "await compile(\n" +
        "  ({ words }: { words: Tensor }) => {\n" +
        "    console.log(words.item());\n" +
        "    return { words };\n" +
        "  },\n" +
        "  { model, optimizer: [] },\n" +
        ').run({ words: tensor([1], { dtype: "int32" }) })',
    );
    expect(peeking.error?.evalue).toMatch(/a number was asked for at cell 3, line 3\. Return/);
  } finally {
    await kernel.stop();
  }
});
