// What changes between two runs of a compiled step counts: settings in fields, and which layers there are.
import { describe, expect, test, vi } from "vitest";
import { RecordedSettings } from "../../../../lib/compile/recording/recorded-settings.ts";
import * as lib from "../../../../lib/index.ts";
import { batch } from "../../../support/small-step.ts";

type Batch = ReturnType<typeof batch>;

/** A layer with settings of all kinds. */
class Plain extends lib.Layer {
  factor = 1;
  shift = { by: 0 };
  table = lib.tensor([1, 2, 3]);
  calls = 0;
  seen: unknown;

  forward(input: lib.Tensor): lib.Tensor {
    this.calls++;
    this.seen = { rows: input.shape[0] };
    return lib.add(lib.mul(input, lib.mul(this.table, this.factor)), this.shift.by);
  }

  backward(gradOutput: lib.Tensor): lib.Tensor {
    return lib.mul(gradOutput, lib.mul(this.table, this.factor));
  }
}

/** A loss with a factor. */
class Scaled extends lib.CrossEntropyLoss {
  beta = 1;

  override forward(logits: lib.Tensor, targets: lib.Tensor): lib.Tensor {
    return lib.mul(super.forward(logits, targets), this.beta);
  }

  override backward(): lib.Tensor {
    return lib.mul(super.backward(), this.beta);
  }
}

function parts() {
  const random = new lib.Generator(1);
  const linear = new lib.Linear({ inFeatures: 4, outFeatures: 3, random });
  const dropout = new lib.Dropout({ rate: 0.2, random: new lib.Generator(2) });
  const [plain, loss] = [new Plain(), new Scaled()];
  const model = new lib.Sequential(linear, plain, dropout);
  const optimizer = new lib.SGD(model.parameters(), { learningRate: 0.1, momentum: 0.5 });
  const step = ({ inputs, targets }: Batch): { loss: lib.Tensor } => {
    const value = loss.forward(model.forward(inputs), targets);
    model.backward(loss.backward());
    optimizer.step();
    return { loss: value };
  };
  return { linear, plain, dropout, model, loss, optimizer, step };
}

type Parts = ReturnType<typeof parts>;

const options = ({ model, optimizer, loss }: Parts): lib.CompileOptions => ({
  model,
  optimizer,
  loss,
});

/** Lets readonly fields be set, as JavaScript does. */
const set = (owner: object, fields: Readonly<Record<string, unknown>>): void =>
  void Object.assign(owner, fields);

/** Losses of both ways, where something changes before each step. */
async function bothWays(
  change: (all: Parts, turn: number) => void,
  turns = 4,
): Promise<{ compiled: number[]; eager: unknown[] }> {
  const [all, eager] = [parts(), parts()];
  const losses = { compiled: [] as number[], eager: [] as unknown[] };
  const compiled = lib.compile(all.step, { ...options(all), stepsPerRun: 1 });
  for (let turn = 0; turn < turns; turn++) {
    for (const each of [all, eager]) change(each, turn);
    losses.compiled.push(...(await compiled.run(batch())).loss);
    losses.eager.push(expect.closeTo(eager.step(batch()).loss.item(), 4));
  }
  compiled.dispose();
  return losses;
}

describe("from the next run on counts", () => {
  test.each<[string, (all: Parts, turn: number) => void]>([
    ["a number of a layer", ({ plain }, turn) => (plain.factor = 1 + turn)],
    ["a number in an object of a layer", ({ plain }, turn) => (plain.shift.by = turn)],
    ["a tensor of a layer", ({ plain }, turn) => (plain.table = lib.tensor([turn, 2, 3]))],
    ["a setting of an optimizer", ({ optimizer }, turn) => set(optimizer, { momentum: turn / 5 })],
    ["a listed loss", ({ loss }, turn) => (loss.beta = 1 / (turn + 1))],
    ["a rate of dropout", ({ dropout }, turn) => set(dropout, { rate: turn / 5 })],
    ["another generator", ({ dropout }, turn) => set(dropout, { random: new lib.Generator(turn) })],
    ["another method", ({ plain }, turn) => turn > 1 && set(plain, { forward: lib.neg })],
  ])("%s", async (_what, change) => {
    const { compiled, eager } = await bothWays(change);
    expect(compiled).toEqual(eager);
  });

  test("what the first forward fills in", async () => {
    class Lazy extends lib.Linear {
      scale: number | undefined;
      drop: lib.Dropout | undefined;
      override forward(input: lib.Tensor): lib.Tensor {
        this.scale ??= 2;
        this.drop ??= new lib.Dropout({ rate: 0.5, random: new lib.Generator(5) });
        return super.forward(this.drop.forward(lib.mul(input, this.scale)));
      }
    }
    const make = (): Lazy =>
      new Lazy({ inFeatures: 4, outFeatures: 3, random: new lib.Generator(1) });
    const [model, eager] = [make(), make()];
    const use = ({ inputs }: Batch): { y: lib.Tensor } => ({ y: model.forward(inputs) });
    const compiled = lib.compile(use, { model, optimizer: [] });
    for (let turn = 0; turn < 7; turn++) {
      for (const each of [model, eager]) {
        if (turn > 3) set(each, { scale: turn });
        if (turn > 4) set(each.drop!, { rate: 0.1 });
      }
      const expected = eager.forward(batch().inputs).toTypedArray();
      const { y } = await compiled.run(batch());
      expect([...y]).toEqual(Array.from(expected, (value) => expect.closeTo(value, 5)));
    }
    compiled.dispose();
  });

  test("a learning rate that the step itself takes as a number", async () => {
    const decaying = (all: Parts): Parts["step"] => {
      return (each) => {
        const result = all.step(each);
        const { weight } = all.linear;
        weight.value = lib.mul(weight.value, 1 - 0.1 * all.optimizer.learningRate);
        return result;
      };
    };
    const [all, eager] = [parts(), parts()];
    const [compiled, step] = [lib.compile(decaying(all), options(all)), decaying(eager)];
    for (const rate of [0, 0, 0.5, 0.5, 0, 0.3, 0.1, 0.5, 0.5]) {
      all.optimizer.learningRate = rate;
      eager.optimizer.learningRate = rate;
      const { loss } = await compiled.run(batch());
      expect(loss[0]).toBeCloseTo(step(batch()).loss.item(), 5);
    }
    expect(compiled.toString()).toContain("4 graphs recorded");
    compiled.dispose();
  });

  test("a layer that is new in the model, and one that is gone", async () => {
    const extra = (seed: number): lib.Layer =>
      new lib.Linear({ inFeatures: 3, outFeatures: 3, random: new lib.Generator(seed) });
    const [all, eager] = [parts(), parts()];
    const compiled = lib.compile(all.step, { ...options(all), stepsPerRun: 1 });
    const chains = ({ linear, plain }: Parts): lib.Layer[][] => [
      [linear, plain],
      [linear, plain, extra(5)],
      [linear, extra(6), plain],
      [linear],
    ];
    const [both, others] = [chains(all), chains(eager)];
    for (const turn of [0, 1, 1, 2, 3, 0, 2]) {
      set(all.model, { chain: both[turn] });
      set(eager.model, { chain: others[turn] });
      for (let count = 0; count < 2; count++) {
        const { loss } = await compiled.run(batch());
        expect(loss[0]).toBeCloseTo(eager.step(batch()).loss.item(), 4);
      }
      // The optimizer knows nothing of a new layer, whose gradients add up.
      const gradients = (model: lib.Layer): (number[] | undefined)[] =>
        model.parameters().map(({ gradient }) => gradient && [...gradient.toTypedArray()]);
      expect(gradients(all.model)).toEqual(
        gradients(eager.model).map((each) => each?.map((value) => expect.closeTo(value, 4))),
      );
    }
    compiled.dispose();
  });

  test("the mode of a layer that the model makes in its first forward", async () => {
    class Lazy extends lib.Linear {
      drop: lib.Dropout | undefined;
      override forward(input: lib.Tensor): lib.Tensor {
        this.drop ??= new lib.Dropout({ rate: 0.5, random: new lib.Generator(5) });
        return super.forward(this.drop.forward(input));
      }
    }
    const make = (): Lazy =>
      new Lazy({ inFeatures: 4, outFeatures: 3, random: new lib.Generator(1) });
    const [model, eager] = [make(), make()];
    const use = ({ inputs }: Batch): { y: lib.Tensor } => ({ y: model.forward(inputs) });
    const compiled = lib.compile(use, { model, optimizer: [] });
    for (const training of [true, true, false, false, true, false]) {
      for (const { drop } of [model, eager]) if (drop) drop.training = training;
      const expected = eager.forward(batch().inputs).toTypedArray();
      const { y } = await compiled.run(batch());
      expect([...y]).toEqual(Array.from(expected, (value) => expect.closeTo(value, 5)));
    }
    compiled.dispose();
  });

  test("a layer that is new, while runs are under way that nobody waits for", async () => {
    const [all, eager] = [parts(), parts()];
    const compiled = lib.compile(all.step, { ...options(all), stepsPerRun: 1 });
    const running: Promise<{ readonly loss: Float32Array }>[] = [];
    for (let turn = 0; turn < 4; turn++) running.push(compiled.run([batch(), batch()]));
    const bias = (): lib.Layer =>
      new lib.Linear({ inFeatures: 3, outFeatures: 3, random: new lib.Generator(5) });
    await running[1];
    set(all.model, { chain: [all.linear, bias()] });
    running.push(compiled.run(batch()));
    const losses = (await Promise.all(running)).flatMap(({ loss }) => [...loss]);
    // Those that had not begun when the model changed count with it.
    expect(losses).toHaveLength(9);
    const expected = Array.from({ length: 4 }, () => eager.step(batch()).loss.item());
    expect(losses.slice(0, 4)).toEqual(expected.map((value) => expect.closeTo(value, 4)));
    compiled.dispose();
  });
});

describe("nothing is recorded anew", () => {
  const recordings = async (change: (all: Parts, turn: number) => void): Promise<number> => {
    const all = parts();
    const compiled = lib.compile(all.step, { ...options(all), stepsPerRun: 1, worker: false });
    for (let turn = 0; turn < 6; turn++) {
      change(all, turn);
      await compiled.run(batch());
    }
    const text = compiled.toString();
    compiled.dispose();
    return Number(/(\d+) graphs?/.exec(text)![1]);
  };

  test("while nobody changes a setting, or for settings that were there before", async () => {
    expect(await recordings(() => undefined)).toBe(1);
    expect(await recordings(({ plain }, turn) => (plain.factor = turn % 2))).toBe(2);
  });

  test("for what forward keeps, also where eager code calls it between two runs", async () => {
    const ask = ({ model, linear }: Parts, turn: number): void => {
      model.eval();
      model.forward(lib.ones([turn + 1, 4]));
      linear.forward(lib.ones([3, 4]));
      model.train();
    };
    expect(await recordings(ask)).toBe(1);
  });

  test("for what forward keeps in a layer that the step does not call", async () => {
    const all = parts();
    const [flatten, dropout] = [
      new lib.Flatten(),
      new lib.Dropout({ rate: 0.5, random: new lib.Generator(3) }),
    ];
    const unused = new lib.Sequential(flatten, dropout);
    const compiled = lib.compile(all.step, {
      ...options(all),
      model: [all.model, unused],
      stepsPerRun: 1,
    });
    for (let turn = 0; turn < 3; turn++) {
      await compiled.run(batch());
      unused.forward(lib.ones([turn + 1, 2, 2]));
    }
    expect(compiled.toString()).toContain("1 graph recorded");
    compiled.dispose();
  });

  test("for rates and counts, which every run asks for", async () => {
    const rate = ({ optimizer }: Parts, turn: number): void => {
      optimizer.learningRate = 0.1 / (turn + 1);
    };
    expect(await recordings(rate)).toBe(1);
  });

  test("for tensors that no graph holds", async () => {
    expect(await recordings(({ plain }, turn) => (plain.seen = lib.full([2], turn)))).toBe(1);
  });
});

test("whoever changes settings all the time is told what it is that changes, once", async () => {
  const warn = vi.spyOn(console, "warn").mockImplementation(() => undefined);
  await bothWays(({ plain }, turn) => (plain.factor = 1 + turn / 10), 20);
  const words = warn.mock.calls.flat().filter((each) => String(each).includes("recorded anew"));
  expect(words).toHaveLength(1);
  expect(words[0]).toContain("factor of Plain has changed");
  warn.mockRestore();
});

test("a table of many words is data: it is another one, or the same", () => {
  const vocabulary = Object.fromEntries(Array.from({ length: 300 }, (_, index) => [index, index]));
  const part: { layers: unknown[] } = { layers: [vocabulary, [1]] };
  const settings = new RecordedSettings({ part });
  vocabulary["7"] = 8;
  expect(settings.haveChanged()).toBe(false);
  part.layers[0] = { ...vocabulary };
  expect(settings.haveChanged()).toBe(true);
  part.layers[1] = [2];
  expect(settings.haveChanged()).toBe(true);
  expect(settings.lastChange).toBe("part.layers.1 of Object");
});

test("the last of many layers is a layer, too", () => {
  const layers = Array.from({ length: 300 }, () => new Plain());
  const settings = new RecordedSettings({ model: new lib.Sequential(...layers) });
  layers.at(-1)!.factor = 2;
  expect(settings.haveChanged()).toBe(true);
  expect(settings.lastChange).toBe("factor of Plain");
});

test("settings are found in lists and plain objects, also where those name each other", () => {
  const part: Record<string, unknown> = { weights: [1, { beta: 2 }] };
  part["self"] = part;
  const settings = new RecordedSettings({ part });
  expect(settings.haveChanged()).toBe(false);
  part["weights"] = [1, { beta: 3 }];
  expect(settings.haveChanged()).toBe(true);
  expect(settings.haveChanged()).toBe(false);
  settings.during(() => (part["count"] = 1));
  part["count"] = 2;
  expect(settings.haveChanged()).toBe(false);
});
