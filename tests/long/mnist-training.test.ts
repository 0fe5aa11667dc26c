// The whole of MNIST: the network that textbooks report reaches at least 97 % of the test images in five epochs.
import { expect, test } from "vitest";
import {
  Adam,
  confusionMatrix,
  CrossEntropyLoss,
  fit,
  Generator,
  Linear,
  loadMnist,
  ReLU,
  Sequential,
} from "../../lib/index.ts";

test("784-256-128-10 recognises 97 % of the digits it has not seen", async () => {
  const { train, test: unseen } = await loadMnist();
  const random = new Generator(7);
  const linear = (inFeatures: number, outFeatures: number): Linear =>
    new Linear({ inFeatures, outFeatures, random });
  const model = new Sequential(
    linear(784, 256),
    new ReLU(),
    linear(256, 128),
    new ReLU(),
    linear(128, 10),
  );
  const history = await fit(model, {
    train,
    loss: new CrossEntropyLoss(),
    optimizer: new Adam(model.parameters(), { learningRate: 1e-3 }),
    epochs: 5,
    batchSize: 128,
    random,
    progress: false,
  });
  const seconds = history.epochs.reduce((sum, epoch) => sum + epoch.seconds, 0);
  const matrix = confusionMatrix(model, unseen);
  console.log(`${(history.steps / seconds).toFixed(1)} steps/s\n${matrix.toString()}`);
  expect(matrix.accuracy).toBeGreaterThanOrEqual(0.97);
});
