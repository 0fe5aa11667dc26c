// verify: it finds graphs that compute something else, and lets rounding and what is not finite pass.
// Covers: lib/backends/typescript/nudged.ts
import { afterEach, describe, expect, test, vi } from "vitest";
import { LOWERINGS } from "../../../lib/backends/onnx/primitives.ts";
import * as lib from "../../../lib/index.ts";
import { hashClasses, hashUniform } from "../../support/hash.ts";

type Batch = Readonly<Record<"inputs" | "targets", lib.Tensor>>;

const numbers = (shape: readonly number[], seed: number): lib.Tensor =>
  lib.cast(hashUniform(shape, seed), "float32");

interface Training {
  readonly shape: readonly number[];
  readonly layers: (random: lib.Generator) => lib.Layer[];
  readonly optimizer?: (parameters: lib.Parameter[]) => lib.Optimizer;
}

/** Three verified steps. @returns their losses */
async function verified({ shape, layers, optimizer }: Training): Promise<Float32Array> {
  const model = new lib.Sequential(...layers(new lib.Generator(1)));
  const loss = new lib.CrossEntropyLoss();
  const moved =
    optimizer?.(model.parameters()) ?? new lib.SGD(model.parameters(), { learningRate: 1e-3 });
  const step = ({ inputs, targets }: Batch): { loss: lib.Tensor } => {
    const value = loss.forward(model.forward(inputs), targets);
    model.backward(loss.backward());
    moved.step();
    return { loss: value };
  };
  const compiled = lib.compile(step, { model, optimizer: moved, verify: 3, worker: false });
  try {
    const { loss: losses } = await compiled.run(
      [0, 1, 2].map((seed) => ({
        inputs: numbers(shape, seed),
        targets: hashClasses(shape[0]!, seed, 3),
      })),
    );
    return losses;
  } finally {
    compiled.dispose();
  }
}

const perceptron: Training = {
  shape: [8, 4],
  layers: (random) => [
    new lib.Linear({ inFeatures: 4, outFeatures: 8, random }),
    new lib.Tanh(),
    new lib.Linear({ inFeatures: 8, outFeatures: 3, random }),
  ],
};

const convolution: Training = {
  shape: [4, 2, 6, 6],
  layers: (random) => [
    new lib.Conv2d({ inChannels: 2, outChannels: 4, kernelSize: 3, padding: 1, random }),
    new lib.ReLU(),
    new lib.MaxPool2d({ kernelSize: 2 }),
    new lib.Flatten(),
    new lib.Linear({ inFeatures: 36, outFeatures: 3, random }),
  ],
};

afterEach(() => {
  vi.restoreAllMocks();
});

const plain = { ...LOWERINGS };

describe("verify finds a graph in which", () => {
  test("tanh is another function of the same form", async () => {
    vi.spyOn(LOWERINGS, "unary").mockImplementation((graph, name, x) =>
      plain.unary(graph, name === "tanh" ? "sigmoid" : name, x),
    );
    await expect(verified(perceptron)).rejects.toThrow(lib.VerificationError);
  });

  test("a product forgets to turn a matrix, as only the gradient asks for", async () => {
    vi.spyOn(LOWERINGS, "matmul").mockImplementation((graph, a, b, options) => {
      const product = plain.matmul(graph, a, b, options);
      return options.transposeA ? plain.unary(graph, "neg", product) : product;
    });
    await expect(verified(perceptron)).rejects.toThrow(lib.VerificationError);
    // Adam makes the same step of any gradient, whatever its size: only its sign is left.
    await expect(
      verified({ ...perceptron, optimizer: (parameters) => new lib.Adam(parameters) }),
    ).rejects.toThrow(lib.VerificationError);
  });

  test("the gradient of a filter has the other sign", async () => {
    vi.spyOn(LOWERINGS, "conv2dGradWeight").mockImplementation((graph, ...parameters) =>
      plain.unary(graph, "neg", plain.conv2dGradWeight(graph, ...parameters)),
    );
    await expect(verified(convolution)).rejects.toThrow(/but weight \[4, 2, 3, 3\] is /);
  });

  test("the gradient of a filter is a hundredth too large", async () => {
    vi.spyOn(LOWERINGS, "conv2dGradWeight").mockImplementation((graph, ...parameters) =>
      plain.binary(graph, "mul", plain.conv2dGradWeight(graph, ...parameters), graph.scalar(1.01)),
    );
    await expect(verified(convolution)).rejects.toThrow(lib.VerificationError);
  });

  test("a pool sends its gradient to another place", async () => {
    vi.spyOn(LOWERINGS, "maxPool2dGrad").mockImplementation((graph, ...parameters) => {
      const right = plain.maxPool2dGrad(graph, ...parameters);
      const ranges = right.shape.map((size, axis) =>
        axis < 3 ? { start: 0, size, step: 1 } : { start: size - 1, size, step: -1 },
      );
      return plain.slice(graph, right, ranges);
    });
    await expect(verified(convolution)).rejects.toThrow(lib.VerificationError);
  });
});

describe("verify lets pass", () => {
  test("what rounding decides: the full step that Adam makes of a gradient that is 0", async () => {
    const losses = await verified({
      shape: [8, 3, 6, 6],
      layers: (random) => [
        new lib.Conv2d({ inChannels: 3, outChannels: 8, kernelSize: 3, random }),
        new lib.BatchNorm({ channels: 8 }),
        new lib.GlobalAvgPool2d(),
        new lib.Linear({ inFeatures: 8, outFeatures: 3, random }),
      ],
      optimizer: (parameters) => new lib.Adam(parameters, { learningRate: 0.1 }),
    });
    expect(losses.length).toBe(3);
  });

  test.each([
    ["NaN", Number.NaN],
    ["Infinity", Number.POSITIVE_INFINITY],
  ])("%s among ordinary numbers, when it is there both ways", async (_name, odd) => {
    const model = new lib.Linear({
      inFeatures: 300,
      outFeatures: 20,
      random: new lib.Generator(1),
    });
    const values = numbers([30, 300], 1).toTypedArray();
    values[5] = odd;
    const compiled = lib.compile(
      ({ inputs }: { inputs: lib.Tensor }) => ({ outputs: model.forward(inputs) }),
      { model, optimizer: [], verify: 1, worker: false },
    );
    const { outputs } = await compiled.run({ inputs: lib.fromTypedArray(values, [30, 300]) });
    expect(Array.from(outputs).every(Number.isFinite)).toBe(false);
    compiled.dispose();
  });
});

test("verify finds a number from outside that changes later", async () => {
  const model = new lib.ReLU();
  let beta = 1;
  const compiled = lib.compile(
    ({ inputs }: { inputs: lib.Tensor }) => ({ outputs: lib.mul(inputs, beta) }),
    { model, optimizer: [], verify: 3, worker: false },
  );
  const batch = { inputs: lib.ones([1]) };
  // The second run calls the step again, which would find it, too.
  for (let run = 0; run < 2; run++) await compiled.run(batch);
  beta = 0.5;
  const running = compiled.run(batch);
  await expect(running).rejects.toThrow(lib.VerificationError);
  await expect(running).rejects.toThrow("such as beta, and pass it in the batch");
  compiled.dispose();
});

test("verify finds a NaN that only one way has", async () => {
  vi.spyOn(LOWERINGS, "unary").mockImplementation((graph, name, x) =>
    plain.unary(graph, name === "tanh" ? "log" : name, x),
  );
  await expect(verified(perceptron)).rejects.toThrow(/is NaN and not/);
});
