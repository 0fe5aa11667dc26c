// The contract of every loss: a scalar, a gradient of the predictions' shape, purity and errors; and PyTorch's numbers.
import { describe, expect, test } from "vitest";
import {
  BinaryCrossEntropyLoss,
  cast,
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
import { SUBJECTS } from "./backend/subject.ts";
import { LOSSES } from "./catalogue/losses.ts";

// Sums of some ten numbers around 1 in float32.
const TOLERANCE_ACROSS_BACKENDS = 1e-5;

const inSingle = (x: Tensor): Tensor => (x.dtype === "float64" ? cast(x, "float32") : x);
const inDouble = (x: Tensor): Tensor => (x.dtype === "float32" ? cast(x, "float64") : x);

describe.each(LOSSES)("the loss $name", ({ make, shapes, predictions, targets }) => {
  describe.each(shapes.map((shape) => ({ shape })))(
    "for predictions of shape $shape",
    ({ shape }) => {
      const [x, t] = [predictions(shape, 1), targets(shape, 2)];

      test("has a gradient that agrees with finite differences", () => {
        const report = checkGradients(make(), x, { targets: t });
        expect(report.results).toHaveLength(1);
      });

      test("is one number, with a gradient of the predictions' shape and type", () => {
        const loss = make();
        const value = loss.forward(x, t);
        expect([value.shape, value.dtype]).toEqual([[], "float64"]);
        expect([loss.backward().shape, loss.backward().dtype]).toEqual([shape, "float64"]);
      });

      test.each(SUBJECTS)("gives on the %s backend what it gives in float64", (_, { on }) => {
        const single = { x: inSingle(x), t: inSingle(t) };
        const [loss, double] = [make(), make()];
        const value = double.forward(inDouble(single.x), inDouble(single.t));
        const actual = on(() => [loss.forward(single.x, single.t), loss.backward()]);
        for (const [index, expected] of [value, double.backward()].entries()) {
          const plain = { shape: expected.shape, data: expected.toTypedArray() };
          expectClose(actual[index]!, plain, TOLERANCE_ACROSS_BACKENDS);
        }
      });
    },
  );

  const [shape] = shapes;

  test("gives the same gradient when asked twice, and leaves its arguments alone", () => {
    const loss = make();
    const [x, t] = [predictions(shape, 1), targets(shape, 2)];
    const before = [x.toTypedArray(), t.toTypedArray()];
    loss.forward(x, t);
    expect(loss.backward().toArray()).toEqual(loss.backward().toArray());
    expect([x.toTypedArray(), t.toTypedArray()]).toEqual(before);
  });

  test("refuses backward before forward, and targets that do not fit", () => {
    expect(() => make().backward()).toThrow(StateError);
    expect(() => make().backward()).toThrow("Call forward first");
    const longer = targets([shape[0]! + 1, ...shape.slice(1)], 2);
    expect(() => make().forward(predictions(shape, 1), longer)).toThrow(ShapeError);
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
