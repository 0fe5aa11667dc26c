// What the caller changes while a compiled training runs counts as it does eagerly.
import { describe, expect, test, vi } from "vitest";
import {
  accuracy,
  CrossEntropyLoss,
  Dataset,
  Dropout,
  fit,
  type FitOptions,
  Generator,
  Linear,
  MeanSquaredErrorLoss,
  mul,
  randomNormal,
  SGD,
  tensor,
  type Tensor,
  VerificationError,
} from "../../../lib/index.ts";
import { regression, smallFit, weightOf } from "../../support/small-fit.ts";

/** A loss with a factor that anneals. */
class Annealed extends MeanSquaredErrorLoss {
  beta = 1;

  override forward(predictions: Tensor, targets: Tensor): Tensor {
    return mul(super.forward(predictions, targets), this.beta);
  }

  override backward(): Tensor {
    return mul(super.backward(), this.beta);
  }
}

type Change = (parts: { loss: Annealed; optimizer: SGD; count: number }) => void;

const CHANGES: readonly (readonly [string, Change])[] = [
  ["a number of the loss", ({ loss, count }) => (loss.beta = 1 / (count + 2))],
  ["the learning rate", ({ optimizer, count }) => (optimizer.learningRate = 0.1 / (count + 2))],
];

/** Weights after a training in which a callback changes something. */
async function weightsAfter(
  compiled: boolean,
  callback: string,
  change: Change,
): Promise<number[]> {
  const loss = new Annealed();
  const { model, options } = smallFit({ epochs: 6, batchSize: 5, compiled, loss });
  const optimizer = options.optimizer as SGD;
  let count = 0;
  const call = (): void => change({ loss, optimizer, count: count++ });
  await fit(model, { ...options, [callback]: call });
  return (weightOf(model) as number[][]).flat();
}

describe.each(["onEpoch", "onStep"])("in %s", (callback) => {
  test.each(CHANGES)("%s counts from the next step on", async (_, change) => {
    const expected = await weightsAfter(false, callback, change);
    const unchanged = await weightsAfter(false, callback, () => undefined);
    expect(expected[0]).not.toBeCloseTo(unchanged[0]!, 4);
    const actual = await weightsAfter(true, callback, change);
    expect(actual).toEqual(expected.map((value) => expect.closeTo(value, 5)));
  });

  test("the model can be asked, and answers with what it has learned so far", async () => {
    const random = new Generator(3);
    const data = new Dataset(
      randomNormal(random, [60, 4]),
      tensor(
        Array.from({ length: 60 }, (_, index) => index % 3),
        { dtype: "int32" },
      ),
    );
    const answers = async (compiled: boolean): Promise<number[]> => {
      const model = new Linear({ inFeatures: 4, outFeatures: 3, random: new Generator(1) });
      const seen: number[] = [];
      const options: FitOptions = {
        train: data,
        loss: new CrossEntropyLoss(),
        optimizer: new SGD(model.parameters(), { learningRate: 0.3 }),
        epochs: 3,
        batchSize: 6,
        random: new Generator(2),
        progress: false,
        compiled,
      };
      await fit(model, { ...options, [callback]: () => seen.push(accuracy(model, data)) });
      return seen;
    };
    expect(await answers(true)).toEqual(await answers(false));
  });
});

/** A linear layer that has dropout in front of it, once somebody puts it there. */
class Dropping extends Linear {
  drop: Dropout | undefined;
  readonly isLazy: boolean;

  constructor(isLazy: boolean) {
    super({ inFeatures: 2, outFeatures: 1, random: new Generator(1) });
    this.isLazy = isLazy;
  }

  override forward(input: Tensor): Tensor {
    if (this.isLazy) this.add();
    return super.forward(this.drop ? this.drop.forward(input) : input);
  }

  add(): void {
    this.drop ??= new Dropout({ rate: 0.5, random: new Generator(5) });
  }
}

test.each([
  ["makes in its first forward", true],
  ["gets in onEpoch", false],
])("a layer that the model %s is measured in evaluation mode", async (_when, isLazy) => {
  const losses = async (compiled: boolean): Promise<number[]> => {
    const model = new Dropping(isLazy);
    const optimizer = new SGD(model.parameters(), { learningRate: 0.1 });
    const validation = regression(4);
    const { options } = smallFit({ epochs: 4, compiled, optimizer, validation });
    const { epochs } = await fit(model, { ...options, onEpoch: () => model.add() });
    expect(model.drop!.training).toBe(true);
    return epochs.flatMap(({ loss, validationLoss }) => [loss, validationLoss!]);
  };
  const expected = await losses(false);
  expect(await losses(true)).toEqual(expected.map((value) => expect.closeTo(value, 4)));
});

test("a step is recorded once while nobody changes a setting", async () => {
  const { model, options } = smallFit({ epochs: 5, batchSize: 20, compiled: true });
  const forward = vi.spyOn(model, "forward");
  await fit(model, { ...options, onStep: () => undefined, onEpoch: () => undefined });
  // A recording calls it twice, and again before run 2, 4 and 8.
  expect(forward.mock.calls.length).toBeLessThanOrEqual(5);
});

test("a layer that is wrong when it is recorded is found by verify", async () => {
  let calls = 0;
  class Counting extends Linear {
    override forward(input: Tensor): Tensor {
      return mul(super.forward(input), Math.ceil(++calls / 2));
    }
  }
  const model = new Counting({ inFeatures: 2, outFeatures: 1, random: new Generator(1) });
  const optimizer = new SGD(model.parameters(), { learningRate: 0.01 });
  const { options } = smallFit({ optimizer, compiled: true });
  await expect(fit(model, { ...options, verify: 3 })).rejects.toThrow(VerificationError);
});
