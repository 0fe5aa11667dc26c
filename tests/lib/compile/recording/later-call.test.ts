// A step is called again and again: what differs from call to call is refused, and nothing else.
// Covers: lib/backends/onnx/recorded-calls.ts
import { describe, expect, test } from "vitest";
import * as lib from "../../../../lib/index.ts";
import { batch, parts, step } from "../../../support/small-step.ts";

type Batch = ReturnType<typeof batch>;

/** What the first run of a step says. */
async function refusal(
  body: (each: Batch) => lib.Tensors,
  options: lib.CompileOptions = { model: [], optimizer: [] },
): Promise<string> {
  const compiled = lib.compile(body, options);
  const error: unknown = await compiled.run(batch()).catch((caught: unknown) => caught);
  compiled.dispose();
  expect(error).toBeInstanceOf(lib.TracingError);
  return (error as Error).message;
}

const HERE = String.raw`at tests/lib/compile/recording/later-call\.test\.ts:\d+`;

describe("a recorded step may not", () => {
  test("count for itself: the message says where, what it takes, and what to do", async () => {
    let count = 0;
    const message = await refusal(({ inputs }) => ({ y: lib.mul(inputs, ++count) }));
    expect(message).toMatch(
      new RegExp(
        `every call must do the same, but mul ${HERE} takes 1 in the first call and 2 in a later one\\. Pass a number that changes in the batch`,
      ),
    );
  });

  test("ask for chance that is not the library's", async () => {
    const message = await refusal(({ inputs }) => ({
      y: lib.mul(inputs, lib.tensor([Math.random(), 2, 3, 4])),
    }));
    expect(message).toMatch(
      /mul at .* takes a constant \[4\] in the first call and another in a later one/,
    );
    expect(message).toContain("Chance comes from randomUniform");
  });

  test("cut another piece each time", async () => {
    let start = 0;
    const message = await refusal(({ inputs }) => ({
      y: lib.slice(inputs, [
        [0, 2],
        [start++, 4],
      ]),
    }));
    expect(message).toMatch(new RegExp(`slice ${HERE} takes`));
  });

  test("do two things in turns", async () => {
    let turn = 0;
    const message = await refusal(({ inputs }) => ({
      y: turn++ % 2 === 0 ? lib.tanh(inputs) : lib.matmul(inputs, lib.ones([4, 4])),
    }));
    expect(message).toMatch(
      new RegExp(
        `the first call does tanh ${HERE}, and a later one matmul ${HERE}\\. Compile a step of its own`,
      ),
    );
    let hasRun = false;
    const longer = await refusal(({ inputs }) => {
      const y = lib.tanh(inputs);
      if (hasRun) lib.exp(y);
      hasRun = true;
      return { y };
    });
    expect(longer).toContain("the first call does nothing more, and a later one exp");
    const { model, loss, optimizer } = parts();
    let count = 0;
    const frozen = await refusal(
      ({ inputs, targets }) => {
        const value = loss.forward(model.forward(inputs), targets);
        model.backward(loss.backward());
        if (++count % 2 === 0) model.parameters()[0]!.gradient = undefined;
        optimizer.step();
        return { loss: value };
      },
      { model, optimizer },
    );
    expect(frozen).toMatch(/ takes a tensor .* and a tensor .* in a later one\. Compile a step of/);
  });

  test.each([2, 3, 4, 5])("move weights in every call of %i", async (every) => {
    const { model, loss, optimizer } = parts();
    let count = 0;
    const options = { model, optimizer };
    const compiled = lib.compile(({ inputs, targets }: Batch) => {
      const value = loss.forward(model.forward(inputs), targets);
      model.backward(loss.backward());
      if (++count % every === 0) optimizer.step();
      return { loss: value };
    }, options);
    const runs = async (): Promise<void> => {
      for (let run = 0; run < 8; run++) await compiled.run(batch());
    };
    await expect(runs()).rejects.toThrow(
      /and a later one the step of an optimizer at|does the step of an optimizer at/,
    );
    compiled.dispose();
  });

  test("give other results, or leave other weights", async () => {
    let turn = 0;
    const swap = <Item>(...both: readonly [Item, Item]): readonly Item[] =>
      turn++ % 2 === 0 ? both : both.toReversed();
    const results = await refusal(({ inputs }) => {
      const [a, b] = swap(lib.tanh(inputs), lib.exp(inputs));
      return { a: a!, b: b! };
    });
    expect(results).toMatch(
      /the result a is a tensor \[2, 4\] in the first call and another in a later one/,
    );
    const all = parts();
    const weights = await refusal((each) => {
      const { loss } = step(all)(each);
      const [kept] = swap(all.model.parameters()[0]!.value, lib.zeros([4, 3]));
      all.model.parameters()[0]!.value = kept!;
      return { loss };
    }, all);
    expect(weights).toMatch(/weight is a tensor \[4, 3\] in the first call and a constant/);
  });

  test("carry a tensor on in a plain field", async () => {
    class Running extends lib.Layer {
      mean = lib.zeros([4]);
      forward(input: lib.Tensor): lib.Tensor {
        this.mean = lib.add(lib.mul(this.mean, 0.9), lib.mean(input, { axes: [0] }));
        return lib.sub(input, this.mean);
      }
      backward(gradOutput: lib.Tensor): lib.Tensor {
        return gradOutput;
      }
    }
    const model = new Running();
    const message = await refusal(({ inputs }) => ({ y: model.forward(inputs) }), {
      model,
      optimizer: [],
    });
    expect(message).toMatch(
      new RegExp(`but an op ${HERE} takes a tensor that an earlier call of the step has made`),
    );
    expect(message).toContain("Keep it in a LayerState of a layer");
  });

  test("change numbers of a table between the calls", async () => {
    let table = lib.tensor([1, 2, 3, 4]);
    const message = await refusal(({ inputs }) => {
      table = lib.mul(table, 2);
      return { y: lib.mul(inputs, table) };
    });
    expect(message).toMatch(/takes a constant \[4\] in the first call and another in a later one/);
  });

  describe("in an optimizer of one's own,", () => {
    class Momentum extends lib.Optimizer {
      readonly velocities = new Map(
        this.parameters.map((each) => [each, { value: lib.zeros(each.value.shape) }]),
      );
      states(): lib.OptimizerState[] {
        return [];
      }
      rule(): lib.UpdateRule {
        return (parameter, gradient) => {
          const velocity = this.velocities.get(parameter)!;
          velocity.value = lib.add(lib.mul(velocity.value, 0.9), gradient);
          return lib.sub(parameter.value, velocity.value);
        };
      }
    }
    class Rate extends Momentum {
      override rule(): lib.UpdateRule {
        return ({ value }, gradient) => lib.sub(value, lib.mul(gradient, this.learningRate));
      }
    }
    class Count extends Momentum {
      override rule(): lib.UpdateRule {
        return ({ value }, gradient) => lib.sub(value, lib.div(gradient, this.stepCount + 1));
      }
    }
    const train = (
      make: (parameters: lib.Parameter[]) => lib.Optimizer,
    ): { message: Promise<string>; optimizer: lib.Optimizer } => {
      const all = parts();
      const optimizer = make(all.model.parameters());
      return {
        message: refusal(step({ ...all, optimizer }), { model: all.model, optimizer }),
        optimizer,
      };
    };

    test("forget a tensor in states()", async () => {
      const { message } = train((parameters) => new Momentum(parameters, 0.1));
      expect(await message).toMatch(
        new RegExp(
          `an op ${HERE} takes a tensor that an earlier .* states\\(\\) of the optimizer gives`,
        ),
      );
    });

    test("take the rate of a schedule as a plain number", async () => {
      const schedule = lib.stepDecay({ start: 0.5, every: 1 });
      const { message, optimizer } = train((parameters) => new Rate(parameters, schedule));
      expect(await message).toMatch(/mul at .* takes 0\.5 in the first call and 0\.25/);
      expect(await message).toContain("is given: learningRate, and scalar((moves) => ...)");
      expect(optimizer).toMatchObject({ stepCount: 0, learningRate: 0.5 });
    });

    test("take the count of steps as a plain number", async () => {
      const { message, optimizer } = train((parameters) => new Count(parameters, 0.1));
      expect(await message).toMatch(/div at .* takes 1 in the first call and 2 in a later one/);
      expect(optimizer.stepCount).toBe(0);
    });
  });
});

describe("a recorded step may", () => {
  const outputs = async (
    model: lib.Layer,
    each: Batch,
    options: { optimizer: lib.Optimizer | readonly lib.Optimizer[] } = { optimizer: [] },
  ): Promise<{ compiled: number[]; eager: number[] }> => {
    const compiled = lib.compile(({ inputs }: Batch) => ({ y: model.forward(inputs) }), {
      model,
      ...options,
    });
    const { y } = await compiled.run(each);
    compiled.dispose();
    return { compiled: [...y], eager: [...model.forward(each.inputs).toTypedArray()] };
  };

  test.each([
    ["from numbers", () => lib.tensor([1, 2, 3, 4])],
    ["by ops", () => lib.exp(lib.concat([lib.arange(2), lib.zeros([2])], { axis: 0 }))],
    ["as one number", () => lib.full([4], 3)],
  ])("keep a table that the first call makes %s, and so may eager code", async (_how, make) => {
    class Table extends lib.Layer {
      table: lib.Tensor | undefined;
      forward(input: lib.Tensor): lib.Tensor {
        this.table ??= make();
        return lib.mul(input, this.table);
      }
      backward(gradOutput: lib.Tensor): lib.Tensor {
        return lib.mul(gradOutput, this.table!);
      }
    }
    const model = new Table();
    const { compiled, eager } = await outputs(model, batch());
    expect(compiled).toEqual(eager.map((value) => expect.closeTo(value, 5)));
    // And so may another graph.
    const another = await outputs(model, batch(3));
    expect(another.compiled).toEqual(another.eager.map((value) => expect.closeTo(value, 5)));
    expect(model.table!.toTypedArray()).toHaveLength(4);
  });

  test("make the same constants in every call, and read numbers of what follows from no input", async () => {
    const compiled = lib.compile(
      ({ inputs }: Batch) => {
        const size = lib.sqrt(lib.tensor([16])).item();
        return { y: lib.mul(lib.mul(inputs, size), lib.tensor([1, 2, 3, 4])) };
      },
      { model: [], optimizer: [] },
    );
    expect([...(await compiled.run(batch(1))).y]).toEqual([4, 8, 12, 16]);
    compiled.dispose();
  });

  test("use a constant often on the way to another one, and so on", async () => {
    const compiled = lib.compile(
      ({ inputs }: Batch) => {
        let root = lib.tensor([1, 1, 1, 1]);
        // Newton's way to the root of 2: each root comes from the one before in two places.
        for (let i = 0; i < 40; i++) root = lib.mul(lib.add(root, lib.div(2, root)), 0.5);
        return { y: lib.mul(inputs, root) };
      },
      { model: [], optimizer: [] },
    );
    const [first] = (await compiled.run(batch(1))).y;
    expect(first).toBeCloseTo(Math.SQRT2, 5);
    compiled.dispose();
  });

  test("draw from generators, and scan: the second call moves nothing", async () => {
    const random = new lib.Generator(5);
    const dropout = new lib.Dropout({ rate: 0.5, random });
    const all = parts();
    const model = new lib.Sequential(dropout, all.model);
    const before = { state: random.state, progress: all.optimizer.progress };
    const twice = lib.compile(
      ({ inputs, targets }: Batch) => {
        const kept = lib.scan(
          { states: [lib.zeros([4])], sequences: [inputs] },
          ([total], [item]) => {
            const sum = lib.add(total!, item!);
            return { states: [sum], outputs: [sum] };
          },
        );
        const result = step({ ...all, model })({
          inputs: lib.add(inputs, kept.outputs[0]!),
          targets,
        });
        throw Object.assign(new lib.ArgumentError("recorded"), { result });
      },
      { ...all, model },
    );
    await expect(twice.run(batch())).rejects.toThrow("recorded");
    expect({ state: random.state, progress: all.optimizer.progress }).toEqual(before);
    twice.dispose();
    const compiled = lib.compile(step({ ...all, model }), { ...all, model, stepsPerRun: 1 });
    await compiled.run(batch());
    expect(all.optimizer.stepCount).toBe(1);
    expect(random.state.position).toBe(before.state.position + 4);
    compiled.dispose();
  });

  test("put fields of its own to use: later calls leave them alone", async () => {
    class Noting extends lib.Layer {
      calls = 0;
      seen: number[] = [];
      saved: lib.Tensor | undefined;
      forward(input: lib.Tensor): lib.Tensor {
        this.calls++;
        this.seen.push(input.shape[0]!);
        this.saved = lib.tanh(input);
        return this.saved;
      }
      backward(gradOutput: lib.Tensor): lib.Tensor {
        return lib.mul(gradOutput, lib.sub(1, lib.mul(this.saved!, this.saved!)));
      }
    }
    const model = new Noting();
    const compiled = lib.compile(({ inputs }: Batch) => ({ y: model.forward(inputs) }), {
      model,
      optimizer: [],
      stepsPerRun: 1,
    });
    await compiled.run(batch());
    expect(model).toMatchObject({ calls: 1, seen: [2] });
    model.forward(lib.ones([3, 4]));
    for (let run = 0; run < 4; run++) await compiled.run(batch());
    expect(model).toMatchObject({ calls: 2, seen: [2, 3] });
    expect(model.backward(lib.ones([3, 4])).toTypedArray()).toHaveLength(12);
    compiled.dispose();
  });
});

test("a schedule is asked for each step once, however often the step is called", async () => {
  const all = parts();
  const asked: number[] = [];
  const learningRate = (count: number): number => (asked.push(count), 0.1);
  const optimizer = new lib.SGD(all.model.parameters(), { learningRate });
  const compiled = lib.compile(step({ ...all, optimizer }), {
    model: all.model,
    optimizer,
    stepsPerRun: 1,
  });
  for (let run = 0; run < 4; run++) await compiled.run(batch());
  // The first time when the optimizer is made.
  expect(asked).toEqual([1, 1, 2, 3, 4]);
  compiled.dispose();
});

test("a step may not set a learning rate, and has not set it then", async () => {
  const all = parts();
  const message = await refusal((each) => {
    all.optimizer.learningRate *= 0.5;
    return step(all)(each);
  }, all);
  expect(message).toMatch(
    /it changes the learningRate of Adam from 0\.1 to 0\.05\. Set it between/,
  );
  expect(all.optimizer.learningRate).toBe(0.1);
});
