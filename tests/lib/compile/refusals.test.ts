// What compile refuses, and how it helps: every message names the line or the thing, and the way out.
import { inspect } from "node:util";
import { describe, expect, test } from "vitest";
import * as lib from "../../../lib/index.ts";
import { batch, type Parts, parts, step } from "../../support/small-step.ts";

describe("compile refuses", () => {
  const attempt = async (
    body: (all: Parts, each: ReturnType<typeof batch>) => unknown,
  ): Promise<string> => {
    const all = parts();
    const weights = all.model.parameters().map(({ value }) => value);
    const compiled = lib.compile(
      (each: ReturnType<typeof batch>) => body(all, each) as lib.Tensors,
      {
        ...all,
        stepsPerRun: 1,
      },
    );
    const error: unknown = await compiled.run(batch()).catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(lib.TracingError);
    // Whatever went wrong, the model has its numbers again.
    expect(all.model.parameters().map(({ value }) => value)).toEqual(weights);
    return (error as Error).message;
  };

  test("to read a number while it records, and says what to do", async () => {
    const message = await attempt((all, each) => {
      const { loss } = step(all)(each);
      return { loss: lib.tensor(loss.item()) };
    });
    expect(message).toContain("Return the tensor from the step");
  });

  test("a step that returns nothing, or a bare number", async () => {
    expect(await attempt((all, each) => void step(all)(each))).toContain("return { loss };");
    expect(await attempt(() => ({ loss: 3 }))).toContain("got loss: 3");
  });

  test("a step that changes the shape of a weight", async () => {
    const message = await attempt((all, each) => {
      const result = step(all)(each);
      all.model.parameters()[0]!.value = lib.ones([7]);
      return result;
    });
    expect(message).toContain("keep the shape [4, 3]");
  });

  describe("to change what its options leave out, and names it with its line:", () => {
    const message = async (make: () => lib.CompiledStep<lib.Tensors, lib.Tensors>) => {
      const error: unknown = await make()
        .run(batch())
        .catch((caught: unknown) => caught);
      expect(error).toBeInstanceOf(lib.TracingError);
      return (error as Error).message;
    };

    test("an optimizer, whose moments would begin anew in every step", async () => {
      const all = parts();
      const text = await message(() =>
        lib.compile(step(all), { model: all.model, optimizer: [], stepsPerRun: 1 }),
      );
      expect(text).toMatch(/it changes Adam at tests\/support\/small-step\.ts:\d+\. List/);
      expect(text).toContain("compile(step, { model: [encoder, head], optimizer })");
      // Nothing of the recording is left in it.
      step(all)(batch());
      expect(all.optimizer.states()[0]!.value.toArray()).toHaveLength(4);
    });

    test("a layer, whose gradients would stay in the recording", async () => {
      const all = parts();
      const extra = new lib.Linear({ inFeatures: 3, outFeatures: 3, random: new lib.Generator(2) });
      const text = await message(() =>
        lib.compile(({ inputs, targets }) => {
          const value = all.loss.forward(extra.forward(all.model.forward(inputs!)), targets!);
          all.model.backward(extra.backward(all.loss.backward()));
          all.optimizer.step();
          return { value };
        }, all),
      );
      expect(text).toMatch(/it changes the gradient of weight \[3, 3\] at tests/);
      expect(extra.weight.gradient).toBeUndefined();
    });

    test("a batch normalisation, whose running statistics would never move", async () => {
      const all = parts();
      const normalise = new lib.BatchNorm({ channels: 4 });
      const text = await message(() =>
        lib.compile(
          ({ inputs }) => ({ logits: all.model.forward(normalise.forward(inputs!)) }),
          all,
        ),
      );
      expect(text).toMatch(/it changes runningMean \[4\] at tests/);
      expect(normalise.runningMean.value.toArray()).toEqual([0, 0, 0, 0]);
    });

    test("a weight, whatever it is set to", async () => {
      const all = parts();
      const [other, zeros] = [parts(), lib.zeros([4, 3])];
      const text = await message(() =>
        lib.compile(({ inputs }) => {
          other.model.parameters()[0]!.value = zeros;
          return { logits: all.model.forward(inputs!) };
        }, all),
      );
      expect(text).toMatch(/it changes weight \[4, 3\] at tests/);
    });
  });

  test("calls that belong around a step, with their line", async () => {
    const all = parts();
    const other = lib.compile(step(all), all);
    const rejected: unknown[] = [];
    for (const [call, misplaced] of [
      ["useBackend", () => lib.useBackend("typescript")],
      ["compile", () => lib.compile(step(all), all)],
    ] as const) {
      const message = await attempt((_all, each) => {
        misplaced();
        return { inputs: each.inputs };
      });
      expect(message).toMatch(
        new RegExp(
          `^${call}: must be called outside of a step, got a call while a step is recorded at tests/lib/compile/refusals\\.test\\.ts:\\d+\\. `,
        ),
      );
    }
    const compiled = lib.compile((each: ReturnType<typeof batch>) => {
      other.run(each).catch((error: unknown) => rejected.push(error));
      return step(all)(each);
    }, all);
    await compiled.run(batch());
    expect(String(rejected[0])).toMatch(
      /TracingError: run of a compiled step: must be called outside .* at tests/,
    );
    lib.useBackend("automatic");
  });

  test("numbers that a generator gives at once, which all runs would share", async () => {
    const random = new lib.Generator(3);
    const before = random.state;
    const inputs = lib.ones([2]);
    for (const draw of [
      () => random.uniform(),
      () => random.normal(),
      () => random.integer(0, 9),
      () => random.permutation(4)[0]!,
      () => random.fillUniform(new Float32Array(1))[0]!,
    ]) {
      const message = await attempt(() => ({ scaled: lib.mul(inputs, draw()) }));
      expect(message).toMatch(
        /a generator was asked for numbers at tests\/lib\/compile\/refusals\.test\.ts:\d+\. Draw tensors with randomUniform or randomNormal/,
      );
    }
    expect(random.state).toEqual(before);
    expect(random.uniform()).toBeLessThan(1);
  });

  test("weights in float64", () => {
    const all = parts();
    for (const each of all.model.parameters()) each.value = lib.cast(each.value, "float64");
    expect(() => lib.compile(step(all), all)).toThrow(lib.TracingError);
    expect(() => lib.compile(step(all), all)).toThrow("make the model in float32");
  });

  test("to tell numbers of tensors that were kept from a recording", async () => {
    const all = parts();
    let kept: lib.Tensor | undefined;
    const compiled = lib.compile((each: ReturnType<typeof batch>) => {
      kept = all.model.forward(each.inputs);
      return { kept };
    }, all);
    await compiled.run(batch());
    compiled.dispose();
    expect(() => lib.add(kept!, 1)).toThrow(
      /no numbers; they were asked for at tests\/lib.*\. Return the tensor from the step/,
    );
    // Whoever only looks at it, in a notebook or on the console, gets a line in place of an error.
    expect(inspect(kept)).toMatch(
      /^tensor of shape \[2, 3\], float32, without numbers\. compile: /,
    );
    const useWhatWasSaved = (): unknown => all.model.backward(lib.ones([2, 3]));
    expect(useWhatWasSaved).toThrow("call forward again");
    all.model.forward(batch().inputs);
    expect(useWhatWasSaved).not.toThrow();
  });

  test("a step that waits", async () => {
    const waiting = await attempt(async (all, each) => {
      await Promise.reject(new lib.ArgumentError("late"));
      return step(all)(each);
    });
    expect(waiting).toContain("got a promise of them. A step is recorded in one go: write it");
  });

  test.each([
    [
      "in the batch",
      { x: lib.zeros([2, 3], { dtype: "float64" }) },
      /got x \[2, 3\] of float64 in/,
    ],
    ["in the step", { x: lib.zeros([2, 3]) }, /got shape \[2, 3\] of float64 at tests\/lib.*:\d+/],
  ])("float64 %s", async (_where, each, message) => {
    const wide = ({ x }: lib.Tensors): lib.Tensors => ({ sum: lib.sum(lib.cast(x!, "float64")) });
    const error: unknown = await lib
      .compile(wide, { model: [], optimizer: [] })
      .run(each)
      .catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(lib.DTypeError);
    expect((error as Error).message).toMatch(message);
  });

  test.each([
    ["nothing", undefined, "got undefined"],
    ["a tensor without a name", lib.ones([2]), "got a value of class Tensor"],
    ["numbers that are no tensor", { inputs: [1, 2] }, "got inputs: an array"],
  ])("as a batch %s", async (_what, wrong, message) => {
    const all = parts();
    const running = lib.compile(step(all), all).run(wrong as unknown as ReturnType<typeof batch>);
    await expect(running).rejects.toThrow(`${message}. Pass { inputs, targets }`);
  });

  test("a loss that is none", () => {
    const all = parts();
    expect(() => lib.compile(step(all), { ...all, loss: "mean" as unknown as lib.Loss })).toThrow(
      /loss must be a loss, .* got "mean"\. Write compile\(step, \{ model, optimizer, loss \}/,
    );
  });

  test("an empty list of batches, and a number of steps that is none", async () => {
    const all = parts();
    await expect(lib.compile(step(all), all).run([])).rejects.toThrow("got none");
    expect(() => lib.compile(step(all), { ...all, stepsPerRun: 0 })).toThrow(lib.ArgumentError);
  });
});
