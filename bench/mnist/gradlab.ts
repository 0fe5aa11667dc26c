// Worker: trains one recipe with fit, compiled. Parameter: the recipe. Answers one request with how long and how well.
import { createInterface } from "node:readline";
import * as lib from "../../lib/index.ts";
import { RECIPES, type RecipeName } from "./recipes.ts";
import type { Trained } from "./suite.ts";

const recipe = RECIPES[process.argv[2] as RecipeName];

async function train(): Promise<Trained> {
  const { epochs, batchSize, learningRate, shape } = recipe;
  const { train: seen, test: unseen } = await lib.loadMnist();
  const shaped = ({ inputs, targets }: lib.Dataset): lib.Dataset =>
    new lib.Dataset(lib.reshape(inputs, [-1, ...shape]), targets);
  const random = new lib.Generator(7);
  const model = recipe.model(random);
  const steps = Math.ceil(seen.length / batchSize) * epochs;
  const schedule = lib.cosineDecay({ start: learningRate, steps });
  const optimizer = new lib.Adam(model.parameters(), { learningRate: schedule });
  const settings = { epochs, batchSize, random, compiled: true, progress: false } as const;
  const data = shaped(seen);
  const start = performance.now();
  await lib.fit(model, { ...settings, train: data, loss: new lib.CrossEntropyLoss(), optimizer });
  const seconds = (performance.now() - start) / 1000;
  const memoryMiB = process.resourceUsage().maxRSS / 1024;
  return { seconds, accuracy: lib.accuracy(model, shaped(unseen)), memoryMiB };
}

for await (const _request of createInterface({ input: process.stdin })) {
  process.stdout.write(`${JSON.stringify(await train())}\n`);
}
