// What a file has in it, what is refused and with which words, and that the model stays as it is.
// Covers: lib/interchange/onnx/recording.ts, lib/interchange/onnx/tidy.ts
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import * as lib from "../../../../lib/index.ts";
import { checkFileSize } from "../../../../lib/interchange/onnx/export.ts";
import { Custom, expectNear, exported, floats } from "../../../support/exported.ts";
import { allNodes, readOnnxFile } from "../../../support/onnx-file.ts";

const folder = mkdtempSync(join(tmpdir(), "gradlab-export-"));
afterAll(() => rmSync(folder, { recursive: true }));

const random = (): lib.Generator => new lib.Generator(1);
const linear = (): lib.Linear =>
  new lib.Linear({ inFeatures: 3, outFeatures: 2, random: random() });
const ROWS = { inputs: { x: { shape: ["batch", 3] } } };

describe("a file", () => {
  test("is written whole, in place of the one that was there, and nothing else", async () => {
    const path = join(folder, "digits.onnx");
    writeFileSync(path, "old");
    await lib.saveOnnx(linear(), path, ROWS);
    expect(new Uint8Array(readFileSync(path))).toEqual(new Uint8Array(lib.toOnnx(linear(), ROWS)));
    expect(readdirSync(folder)).toEqual(["digits.onnx"]);
  });

  test("that cannot be written is an error that names it", async () => {
    const path = join(folder, "missing", "digits.onnx");
    await expect(lib.saveOnnx(linear(), path, ROWS)).rejects.toThrow(lib.DataError);
    await expect(lib.saveOnnx(linear(), path, ROWS)).rejects.toThrow(
      `saveOnnx: expected to write ${path}`,
    );
  });

  test("of a model that cannot be exported is not touched", async () => {
    const path = join(folder, "untouched.onnx");
    const model = new Custom((x) => lib.mul(x, lib.sum(x).item()));
    await expect(lib.saveOnnx(model, path, ROWS)).rejects.toThrow(lib.TracingError);
    expect(existsSync(path)).toBe(false);
  });

  test("has the biases of convolutions as they are in the model, and equal constants once", () => {
    const model = new lib.Sequential(
      new lib.Conv2d({ inChannels: 1, outChannels: 2, kernelSize: 3, random: random() }),
      new lib.ReLU(),
      new lib.Conv2d({ inChannels: 2, outChannels: 2, kernelSize: 3, random: random() }),
    );
    const { graph } = readOnnxFile(
      lib.toOnnx(model, { inputs: { image: { shape: ["batch", 1, 8, 8] } }, output: "maps" }),
    );
    expect(graph.nodes.map(({ operator, inputs }) => [operator, ...inputs.slice(1)])).toEqual([
      ["Conv", "0.weight", "0.bias"],
      ["Relu"],
      ["Conv", "2.weight", "2.bias"],
    ]);
    expect(graph.nodes[0]!.inputs[0]).toBe("image");
    expect(graph.nodes[2]!.outputs).toEqual(["maps"]);
    expect(graph.initializers.size).toBe(4);
  });

  test("tells 0 and -0 apart", () => {
    const zeros = (x: lib.Tensor): lib.Tensor =>
      lib.concat([lib.div(1, lib.add(x, 0)), lib.div(1, lib.mul(x, lib.tensor(-0)))], { axis: 0 });
    const quotients = lib.fromOnnx(exported(zeros, [1])).forward(lib.tensor([0]));
    expect(quotients.toArray()).toEqual([Infinity, -Infinity]);
  });

  test("has nothing that the output is not made of", () => {
    const bytes = exported(
      (x) => {
        lib.exp(x);
        return lib.neg(x);
      },
      ["batch", 2],
    );
    expect(readOnnxFile(bytes).graph.nodes.map(({ operator }) => operator)).toEqual(["Neg"]);
  });

  test("calls things by different names where a model and its user choose the same", () => {
    const options = { inputs: { weight: { shape: ["bias", 3] } }, output: "Gemm_1" };
    const bytes = lib.toOnnx(linear(), options);
    const { graph } = readOnnxFile(bytes);
    expect(graph.inputs[0]!.name).toBe("weight");
    expect([...graph.initializers.keys()]).toContain("weight_");
    const x = floats([2, 3]);
    expectNear(lib.fromOnnx(bytes).forward(x), linear().forward(x));
  });

  test("of several models has the weights of each", () => {
    const models = [linear(), new lib.Linear({ inFeatures: 2, outFeatures: 3, random: random() })];
    const bytes = lib.toOnnx(models, {
      ...ROWS,
      forward: ({ x }) => {
        const code = models[0]!.forward(x);
        return { code, image: models[1]!.forward(code) };
      },
    });
    const { graph } = readOnnxFile(bytes);
    expect(graph.outputs.map(({ name }) => name)).toEqual(["code", "image"]);
    expect([...graph.initializers.keys()]).toEqual(
      expect.arrayContaining(["0.weight", "0.bias", "1.weight", "1.bias"]),
    );
  });

  test("says an output's length where it follows from that of an input", () => {
    const bytes = exported((x) => lib.concat([x, x, lib.zeros([1, 2])]), ["batch", 2]);
    expect(readOnnxFile(bytes).graph.outputs[0]!.shape).toEqual(["2*batch+1", 2]);
  });

  test("leaves an output's length open where it follows in another way", () => {
    const bytes = exported((x) => lib.maxPool2d(x, { kernelSize: 2 }), [1, 1, "height", 4]);
    expect(readOnnxFile(bytes).graph.outputs[0]!.shape).toEqual([1, 1, 0, 2]);
    expect(lib.fromOnnx(bytes).outputs["output"]!.shape).toEqual([1, 1, "?", 2]);
  });

  test("may give out an input or a weight as it is", () => {
    const model = linear();
    const bytes = lib.toOnnx(model, {
      ...ROWS,
      forward: ({ x }) => ({ same: x, weight: model.weight.value }),
    });
    const { same, weight } = lib.fromOnnx(bytes).run({ x: floats([2, 3]) });
    expect(same!.toArray()).toEqual(floats([2, 3]).toArray());
    expect(weight!.toArray()).toEqual(model.weight.value.toArray());
  });
});

describe("the model", () => {
  // BatchNorm and dropout, one of them in training mode and one not.
  const mixed = (): lib.Sequential => {
    const model = new lib.Sequential(
      new lib.BatchNorm({ channels: 3 }),
      new lib.Dropout({ rate: 0.5, random: random() }),
      linear(),
    );
    model.chain[1]!.eval();
    return model;
  };
  const modes = (model: lib.Layer): boolean[] => model.layers().map(({ training }) => training);
  const slots = (model: lib.Layer): lib.Tensor[] =>
    [...model.parameters(), ...model.states()].map(({ value }) => value);

  test("is exported in evaluation mode and stays in its own, with its weights and gradients", () => {
    const model = mixed();
    model.backward(model.forward(floats([4, 3])));
    const before = [modes(model), slots(model), model.parameters().map((each) => each.gradient)];
    const loaded = lib.fromOnnx(lib.toOnnx(model, ROWS));
    expect([modes(model), slots(model), model.parameters().map((each) => each.gradient)]).toEqual(
      before,
    );
    const x = floats([2, 3]);
    expectNear(loaded.forward(x), model.eval().forward(x));
  });

  test("stays in its mode when the export fails", () => {
    const model = mixed();
    const before = modes(model);
    const forward = ({ x }: Readonly<Record<string, lib.Tensor>>) => ({
      y: lib.tensor(lib.sum(model.forward(x!)).item()),
    });
    expect(() => lib.toOnnx(model, { ...ROWS, forward })).toThrow(lib.TracingError);
    expect(modes(model)).toEqual(before);
  });

  test("keeps a state that a layer of one's own changes even in evaluation", () => {
    class Counting extends lib.Layer {
      readonly seen = new lib.LayerState("seen", lib.tensor(0));

      forward(input: lib.Tensor): lib.Tensor {
        this.seen.value = lib.add(this.seen.value, 1);
        return lib.mul(input, this.seen.value);
      }

      backward(gradOutput: lib.Tensor): lib.Tensor {
        return gradOutput;
      }
    }
    const model = new Counting();
    lib.toOnnx(model, ROWS);
    expect(model.seen.value.item()).toBe(0);
  });

  test("goes on with the backward pass that it was at", () => {
    const [model, other] = [new lib.Sequential(linear(), new lib.Tanh()), linear()] as const;
    const before = Object.keys(model.chain[1]!);
    const output = model.forward(floats([2, 3]));
    lib.toOnnx(model, ROWS);
    expect(Object.keys(model.chain[1]!)).toEqual(before);
    const expected = new lib.Sequential(other, new lib.Tanh());
    expected.forward(floats([2, 3]));
    expectNear(model.backward(output), expected.backward(output));
  });

  test("must be called again before a backward pass where it keeps something in a private place", () => {
    const model = new lib.GlobalMaxPool2d();
    const output = model.forward(floats([1, 2, 3, 3]));
    lib.toOnnx(model, { inputs: { x: { shape: ["batch", 2, 3, 3] } } });
    expect(() => model.backward(output)).toThrow(lib.GradlabError);
    model.forward(floats([1, 2, 3, 3]));
    expect(model.backward(output).shape).toEqual([1, 2, 3, 3]);
  });
});

describe("is refused:", () => {
  const expectRefused = (
    attempt: () => unknown,
    kind: new (message: string) => Error,
    message: string | RegExp,
  ): void => {
    expect(attempt).toThrow(kind);
    expect(attempt).toThrow(message);
  };

  test("chance in evaluation mode", () => {
    const compute = (x: lib.Tensor): lib.Tensor => lib.mul(x, lib.randomUniform(random(), x.shape));
    expectRefused(
      () => exported(compute, ["batch", 2]),
      lib.TracingError,
      /saveOnnx: .*chance at .*export\.test\.ts:\d+.*Draw while training only/s,
    );
  });

  test("reading a number", () => {
    const compute = (x: lib.Tensor): lib.Tensor => (lib.sum(x).item() > 0 ? x : lib.neg(x));
    expectRefused(
      () => exported(compute, ["batch", 2]),
      lib.TracingError,
      /saveOnnx: .*a number was asked for at .*export\.test\.ts:\d+.*where\(\.\.\.\)/s,
    );
  });

  test("float64", () => {
    const model = new Custom((x) =>
      lib.add(x, lib.cast(lib.zeros([2], { dtype: "float64" }), "float32")),
    );
    expectRefused(
      () => lib.toOnnx(model, { inputs: { x: { shape: ["batch", 2] } } }),
      lib.DTypeError,
      "saveOnnx: weights and numbers must be float32, int32 or bool",
    );
    const input = { shape: ["batch", 3], dtype: "float64" } as const;
    expectRefused(
      () => lib.toOnnx(linear(), { inputs: { x: input } }),
      lib.DTypeError,
      'saveOnnx: input "x" must be float32, int32 or bool, got float64. Leave dtype out',
    );
  });

  test("a forward that gives no tensors by name", () => {
    const forward = (() => 5) as unknown as () => Record<string, lib.Tensor>;
    expectRefused(
      () => lib.toOnnx(linear(), { ...ROWS, forward }),
      lib.ArgumentError,
      "forward must return tensors by name, got 5. End it with",
    );
    const bare = (({ x }: { x: lib.Tensor }) => x) as unknown as typeof forward;
    expectRefused(
      () => lib.toOnnx(linear(), { ...ROWS, forward: bare }),
      lib.ArgumentError,
      "got a value of class Tensor. End it with",
    );
    const named = (() => ({ y: 5 })) as unknown as () => Record<string, lib.Tensor>;
    expectRefused(
      () => lib.toOnnx(linear(), { ...ROWS, forward: named }),
      lib.ArgumentError,
      "got y: 5",
    );
  });

  test("an output that is called like an input, or not at all", () => {
    const forward = ({ x }: Readonly<Record<string, lib.Tensor>>) => ({ x: lib.neg(x!) });
    expectRefused(
      () => lib.toOnnx([], { ...ROWS, forward }),
      lib.ArgumentError,
      'every output needs a name that no input has, got "x". Rename it.',
    );
    expectRefused(() => lib.toOnnx(linear(), { ...ROWS, output: "" }), lib.ArgumentError, 'got ""');
  });

  test("no options, and a path that is none", async () => {
    const attempt = (): unknown => lib.toOnnx(linear(), undefined as unknown as lib.OnnxOptions);
    expectRefused(attempt, lib.ArgumentError, "inputs must say what goes in");
    const saving = lib.saveOnnx(linear(), 5 as unknown as string, ROWS);
    await expect(saving).rejects.toThrow(
      'expects the path of a file, got 5. Pass a string such as "digits.onnx"',
    );
  });

  test("something that is no layer", () => {
    expectRefused(
      () => lib.toOnnx("model" as unknown as lib.Layer, ROWS),
      lib.ArgumentError,
      'expects a layer, or a list of layers, got "model"',
    );
    expectRefused(
      () => lib.toOnnx(undefined as unknown as lib.Layer, ROWS),
      lib.ArgumentError,
      "got undefined",
    );
  });

  test("several inputs, or several models, without a forward", () => {
    const inputs = { a: { shape: [3] }, b: { shape: [3] } };
    expectRefused(
      () => lib.toOnnx(linear(), { inputs }),
      lib.ArgumentError,
      "forward: ({ a, b }) => ({ output: ... })",
    );
    expectRefused(
      () => lib.toOnnx([linear(), linear()], ROWS),
      lib.ArgumentError,
      "got 2 models and 1 inputs",
    );
  });

  test.each([
    ["a shape alone", ["batch", 3], "inputs must say what goes in, by name, got an array"],
    ["no inputs", {}, "inputs must say what goes in, by name, got an object"],
    [
      "no shape",
      { x: {} },
      'input "x" needs a name, and its shape must be a list of whole numbers from 1 on and names such as "batch", got undefined',
    ],
    ["a shape with zero", { x: { shape: [0] } }, "got [0]"],
    ["a name that is none", { x: { shape: ["a b"] } }, 'got ["a b"]'],
    ["an input without a name", { "": { shape: [1] } }, 'input "" needs a name'],
    [
      "too many names",
      { x: { shape: ["a", "b", "c", "d", "e"] } },
      "at most 4 axes may have names, got 5: a, b, c, d, e",
    ],
  ])("%s", (_what, inputs, message) => {
    const attempt = (): Uint8Array =>
      lib.toOnnx(linear(), { inputs } as unknown as lib.OnnxOptions);
    expect(attempt).toThrow(lib.GradlabError);
    expect(attempt).toThrow(message);
  });

  test("more than a file can hold", () => {
    const weights = { byteLength: 1.2e9 } as Float32Array;
    const weight = { name: "w", shape: [3e8], dtype: "float32", data: weights } as const;
    expect(() => checkFileSize({ initializers: [weight] })).not.toThrow();
    expectRefused(
      () => checkFileSize({ initializers: [weight, weight] }),
      lib.ArgumentError,
      "an ONNX file holds up to 2 GB, but the weights are 2.40 GB. Write parts",
    );
  });
});

test("every node of a file has a name of its own", () => {
  const bytes = lib.toOnnx(new lib.LSTM({ inFeatures: 3, hiddenSize: 2, random: random() }), {
    inputs: { x: { shape: ["batch", "sequence", 3] } },
  });
  const outputs = allNodes(readOnnxFile(bytes).graph).flatMap((node) => node.outputs);
  expect(new Set(outputs).size).toBe(outputs.length);
});
