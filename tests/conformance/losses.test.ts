// The contract of every loss: a scalar, a gradient of the predictions' shape, purity and errors; and PyTorch's numbers.
import { describe, expect, test } from "vitest";
import {
  BinaryCrossEntropyLoss,
  checkGradients,
  CrossEntropyLoss,
  type Loss,
  MeanSquaredErrorLoss,
  ShapeError,
  StateError,
  tensor,
  type Tensor,
} from "../../lib/index.ts";
import { expectClose } from "../support/expect-close.ts";
import { goldenCases } from "../support/golden.ts";
import { hashClasses, hashUniform } from "../support/hash.ts";

interface LossCase {
  readonly name: string;
  readonly make: () => Loss;
  readonly predictions: (batch: number, width: number) => Tensor;
  readonly targets: (batch: number, width: number) => Tensor;
}

const between0And1 = (batch: number, width: number): Tensor =>
  hashUniform([batch, width], 2, 0.05, 0.95);
const around0 = (batch: number, width: number): Tensor => hashUniform([batch, width], 1, -2, 2);
const classes = (batch: number, width: number): Tensor => hashClasses(batch, 2, width);

const LOSSES: LossCase[] = (["mean", "sum"] as const).flatMap((reduction): LossCase[] => [
  {
    name: `CrossEntropyLoss, ${reduction}`,
    make: () => new CrossEntropyLoss({ reduction }),
    predictions: around0,
    targets: classes,
  },
  {
    name: `BinaryCrossEntropyLoss from logits, ${reduction}`,
    make: () => new BinaryCrossEntropyLoss({ reduction }),
    predictions: around0,
    targets: between0And1,
  },
  {
    name: `BinaryCrossEntropyLoss from probabilities, ${reduction}`,
    make: () => new BinaryCrossEntropyLoss({ reduction, from: "probabilities" }),
    predictions: (batch, width) => hashUniform([batch, width], 1, 0.05, 0.95),
    targets: between0And1,
  },
  {
    name: `MeanSquaredErrorLoss, ${reduction}`,
    make: () => new MeanSquaredErrorLoss({ reduction }),
    predictions: around0,
    targets: between0And1,
  },
]);

describe.each(LOSSES)("the loss $name", ({ make, predictions, targets }) => {
  test.each([
    [4, 3],
    [1, 1],
  ])("has a gradient that agrees with finite differences for %d x %d", (batch, width) => {
    const report = checkGradients(make(), predictions(batch, width), {
      targets: targets(batch, width),
    });
    expect(report.results).toHaveLength(1);
  });

  test("is one number, with a gradient of the predictions' shape and type", () => {
    const loss = make();
    const x = predictions(4, 3);
    const value = loss.forward(x, targets(4, 3));
    expect([value.shape, value.dtype]).toEqual([[], "float64"]);
    expect([loss.backward().shape, loss.backward().dtype]).toEqual([[4, 3], "float64"]);
  });

  test("gives the same gradient when asked twice, and leaves its arguments alone", () => {
    const loss = make();
    const [x, t] = [predictions(4, 3), targets(4, 3)];
    const before = [x.toTypedArray(), t.toTypedArray()];
    loss.forward(x, t);
    expect(loss.backward().toArray()).toEqual(loss.backward().toArray());
    expect([x.toTypedArray(), t.toTypedArray()]).toEqual(before);
  });

  test("refuses backward before forward, and targets that do not fit", () => {
    expect(() => make().backward()).toThrow(StateError);
    expect(() => make().backward()).toThrow("Call forward first");
    expect(() => make().forward(predictions(4, 3), targets(5, 3))).toThrow(ShapeError);
  });
});

interface GoldenLoss {
  readonly shape: [number, number];
  readonly value: number;
  readonly gradient: number[];
}

// Both programs compute in float64, with different orders of the sums.
const TOLERANCE = 1e-13;
// PyTorch's bound of 1e-12 for p * (1 - p) is a float32, ours a float64.
const TOLERANCE_AT_THE_ENDS = 1e-8;

describe("PyTorch's numbers", () => {
  test.each(goldenCases<GoldenLoss>("losses"))("%s", (name, golden) => {
    const [kind, reduction, variant] = name.split(" ") as [string, "mean" | "sum", string];
    const { loss, x, t } = goldenLoss(kind, reduction, { shape: golden.shape, variant });
    expectClose(loss.forward(x, t), { shape: [], data: [golden.value] }, TOLERANCE);
    const tolerance = variant === "ends" ? TOLERANCE_AT_THE_ENDS : TOLERANCE;
    expectClose(loss.backward(), { shape: golden.shape, data: golden.gradient }, tolerance);
  });
});

function goldenLoss(
  kind: string,
  reduction: "mean" | "sum",
  { shape, variant }: { shape: [number, number]; variant: string },
): { loss: Loss; x: Tensor; t: Tensor } {
  const size = variant === "large" ? 800 : 5;
  const logits = hashUniform(shape, 1, -size, size);
  const fractions = hashUniform(shape, 2, 0, 1);
  switch (kind) {
    case "crossEntropy":
      return {
        loss: new CrossEntropyLoss({ reduction }),
        x: logits,
        t: hashClasses(shape[0], 2, shape[1]),
      };
    case "binaryLogits":
      return { loss: new BinaryCrossEntropyLoss({ reduction }), x: logits, t: fractions };
    case "binaryProbabilities": {
      const drawn = hashUniform(shape, 1, 0, 1);
      return {
        loss: new BinaryCrossEntropyLoss({ reduction, from: "probabilities" }),
        x: variant === "ends" ? rounded(drawn) : drawn,
        t: fractions,
      };
    }
    default:
      return {
        loss: new MeanSquaredErrorLoss({ reduction }),
        x: hashUniform(shape, 1),
        t: hashUniform(shape, 2),
      };
  }
}

function rounded(x: Tensor): Tensor {
  const rows = x.toArray() as number[][];
  return tensor(
    rows.map((row) => row.map(Math.round)),
    { dtype: "float64" },
  );
}
