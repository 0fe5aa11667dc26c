// Worker: measures one cost of compiled steps, in a process of its own. Parameter: its name. Answers one request.
import { createInterface } from "node:readline";
import * as lib from "../../lib/index.ts";
import {
  type Batch,
  makeTraining,
  Positions,
  RECIPES,
  type WorkloadName,
} from "../lib/workloads.ts";
import { type Claim, claim, median } from "../report.ts";

/** Steps of one model over the same batch. */
class Steps {
  readonly #compiled: lib.CompiledStep<Batch, { loss: lib.Tensor }>;
  readonly #batch: Batch;

  constructor(model: lib.Layer, batch: Batch, stepsPerRun = 16) {
    const loss = new lib.CrossEntropyLoss();
    const optimizer = new lib.Adam(model.parameters());
    this.#batch = batch;
    const step = ({ inputs, targets }: Batch): { loss: lib.Tensor } => {
      const value = loss.forward(model.forward(inputs), targets);
      model.accumulateGradients(loss.backward());
      optimizer.step();
      return { loss: value };
    };
    this.#compiled = lib.compile(step, { model, optimizer, stepsPerRun });
  }

  /** Takes steps. @returns seconds */
  async take(count: number): Promise<number> {
    const start = performance.now();
    await this.#compiled.run(Array.from({ length: count }, () => this.#batch));
    return (performance.now() - start) / 1000;
  }

  dispose(): void {
    this.#compiled.dispose();
  }
}

const targets = (count: number, numClasses: number): lib.Tensor =>
  lib.tensor(
    Array.from({ length: count }, (_, index) => index % numClasses),
    { dtype: "int32" },
  );

const linear = (inFeatures: number, outFeatures: number): lib.Linear =>
  new lib.Linear({ inFeatures, outFeatures, random: new lib.Generator(1) });

function mlp(batchSize: number): Steps {
  const model = new lib.Sequential(linear(784, 256), new lib.ReLU(), linear(256, 10));
  return new Steps(model, { inputs: lib.ones([batchSize, 784]), targets: targets(batchSize, 10) });
}

function overTime(layer: lib.Layer, length: number): Steps {
  const model = new lib.Sequential(layer, new Positions(), linear(64, 10));
  const inputs = lib.randomNormal(new lib.Generator(1), [8, length, 64]);
  return new Steps(model, { inputs, targets: targets(8 * length, 10) });
}

const TURNS = 5;

/** How many times as long b takes as a, the same number of steps in turns. */
async function ratioOf(a: Steps, b: Steps, count: number): Promise<number> {
  await a.take(count);
  await b.take(count);
  const ratios: number[] = [];
  for (let turn = 0; turn < TURNS; turn++) {
    const before = await a.take(count);
    ratios.push((await b.take(count)) / before);
  }
  a.dispose();
  b.dispose();
  return median(ratios);
}

const residentMiB = (): number => process.memoryUsage().rss / 2 ** 20;

async function memory(name: WorkloadName, title: string): Promise<Claim[]> {
  const { model, batches } = makeTraining(name);
  const steps = new Steps(model, batches[0]!);
  const claims: Claim[] = [];
  let [done, early] = [0, 0];
  for (const count of [304, 3008, 10_000]) {
    for (; done < count; done += 16) await steps.take(16);
    const now = residentMiB();
    early ||= now;
    if (count === 304) continue;
    claims.push(
      claim(`${title}: memory after ${count} steps over after 304`, now / early, { atMost: 1.05 }),
    );
  }
  return claims;
}

async function compileTimes(): Promise<Claim[]> {
  const claims: Claim[] = [];
  for (const name of Object.keys(RECIPES) as WorkloadName[]) {
    const { model, batches } = makeTraining(name);
    const steps = new Steps(model, batches[0]!, 1);
    const seconds = await steps.take(1);
    steps.dispose();
    claims.push(
      claim(`${name}: from compile to the first loss`, seconds, { atMost: 0.5, unit: "s" }),
    );
  }
  return claims;
}

async function batchGrowth(): Promise<Claim[]> {
  const ratio = await ratioOf(mlp(128), mlp(512), 64);
  return [claim("MLP: time of four times the batch", ratio, { atMost: 4.4 })];
}

async function stepGrowth(): Promise<Claim[]> {
  const steps = mlp(128);
  await steps.take(160);
  const ratios: [number, number][] = [];
  for (let turn = 0; turn < TURNS; turn++) {
    const single = await steps.take(320);
    ratios.push([(await steps.take(640)) / single, (await steps.take(1280)) / single]);
  }
  const of = (index: 0 | 1): number => median(ratios.map((pair) => pair[index]));
  return [
    claim("MLP: time of twice the steps", of(0), { atMost: 2.2 }),
    claim("MLP: time of four times the steps", of(1), { atMost: 4.4 }),
  ];
}

async function nodeGrowth(): Promise<Claim[]> {
  const record = async (layers: number, stepsPerRun: number): Promise<number> => {
    const model = new lib.Sequential(...Array.from({ length: layers }, () => linear(32, 32)));
    const steps = new Steps(
      model,
      { inputs: lib.ones([8, 32]), targets: targets(8, 32) },
      stepsPerRun,
    );
    const seconds = await steps.take(stepsPerRun);
    steps.dispose();
    return seconds;
  };
  const compare = async (few: readonly [number, number], many: readonly [number, number]) => {
    const ratios: number[] = [];
    for (let turn = 0; turn < TURNS; turn++) {
      const before = await record(...few);
      ratios.push((await record(...many)) / before);
    }
    return median(ratios);
  };
  await record(16, 1);
  return [
    claim("recording four times the layers", await compare([16, 1], [64, 1]), { atMost: 4.4 }),
    claim("recording for 64 steps in one go over 4", await compare([16, 4], [16, 64]), {
      atMost: 1.5,
    }),
  ];
}

async function timeGrowth(): Promise<Claim[]> {
  const random = new lib.Generator(1);
  const lstm = (length: number): Steps =>
    overTime(new lib.LSTM({ inFeatures: 64, hiddenSize: 64, random }), length);
  const attention = (length: number): Steps =>
    overTime(new lib.MultiHeadAttention({ features: 64, heads: 4, causal: true, random }), length);
  return [
    claim("LSTM: time of four times the sequence", await ratioOf(lstm(32), lstm(128), 16), {
      atMost: 4.4,
    }),
    claim(
      "attention: time of four times the sequence",
      await ratioOf(attention(64), attention(256), 16),
      {
        atMost: 17.6,
      },
    ),
  ];
}

const COSTS: Readonly<Record<string, () => Promise<Claim[]>>> = {
  memory: () => memory("mlp", "MLP"),
  lenetMemory: () => memory("lenet", "LeNet"),
  compileTimes,
  batchGrowth,
  stepGrowth,
  nodeGrowth,
  timeGrowth,
};

for await (const line of createInterface({ input: process.stdin })) {
  const { cost } = JSON.parse(line) as { cost: string };
  process.stdout.write(`${JSON.stringify(await COSTS[cost]!())}\n`);
}
