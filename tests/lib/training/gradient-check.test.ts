// checkGradients: right layers pass; each typical mistake is found, placed and explained.
// Covers: lib/training/gradient-*.ts, lib/training/finite-differences.ts
import { describe, expect, test } from "vitest";
import {
  add,
  cast,
  checkGradients,
  CrossEntropyLoss,
  div,
  Dropout,
  full,
  Generator,
  GradientError,
  Layer,
  matmul,
  mul,
  Parameter,
  randomUniform,
  ReLU,
  Sequential,
  Sigmoid,
  sub,
  sum,
  tensor,
  type Tensor,
  transpose,
} from "../../../lib/index.ts";

/** A linear layer whose gradients can be spoilt. */
class MyLinear extends Layer {
  readonly weight: Parameter;
  readonly bias = new Parameter("bias", tensor([0.5, -0.5]));
  savedInput!: Tensor;

  constructor(inFeatures = 3) {
    super();
    this.weight = new Parameter("weight", randomUniform(new Generator(1), [inFeatures, 2]));
  }

  override forward(input: Tensor): Tensor {
    this.savedInput = input;
    return add(matmul(input, this.weight.value), this.bias.value);
  }

  override backward(gradOutput: Tensor): Tensor {
    this.weight.accumulate(this.gradWeight(gradOutput));
    this.bias.accumulate(this.gradBias(gradOutput));
    return this.gradInput(gradOutput);
  }

  gradWeight(gradOutput: Tensor): Tensor {
    return matmul(this.savedInput, gradOutput, { transposeA: true });
  }

  gradBias(gradOutput: Tensor): Tensor {
    return sum(gradOutput, { axes: [0] });
  }

  gradInput(gradOutput: Tensor): Tensor {
    return matmul(gradOutput, this.weight.value, { transposeB: true });
  }
}

function messageOf(layer: Layer, shape: readonly number[] = [4, 3]): string {
  try {
    checkGradients(layer, shape);
  } catch (error) {
    if (error instanceof GradientError) return error.message;
    throw error;
  }
  return "passed";
}

describe("a right layer", () => {
  test("passes, with a table of the largest errors", () => {
    const report = checkGradients(new MyLinear(), [4, 3]);
    expect(
      report.results.map(({ gradientName, shape, checked }) => [gradientName, shape, checked]),
    ).toEqual([
      ["gradInput", [4, 3], 12],
      ["gradWeight", [3, 2], 6],
      ["gradBias", [2], 2],
    ]);
    for (const { worstError } of report.results) expect(worstError).toBeLessThan(1e-6);
    expect(report.toString()).toBe(
      "MyLinear: gradInput, gradWeight, gradBias agree with finite differences",
    );
    expect(report.toMimeBundle()["text/plain"]).toMatch(/gradWeight +\[3, 2\] +6 of 6/);
  });

  test("gets values, gradients and generators back as they were", () => {
    const random = new Generator(4);
    const layer = new MyLinear();
    const model = new Sequential(layer, new Dropout({ rate: 0.5, random }));
    layer.bias.accumulate(tensor([7, 7]));
    const { value, gradient } = layer.bias;
    checkGradients(model, [4, 3]);
    expect([layer.bias.value, layer.bias.gradient]).toEqual([value, gradient]);
    expect((model.chain[1] as Dropout).random).toBe(random);
    expect(random.state.position).toBe(0);
  });

  test("is sampled when it is large", () => {
    const report = checkGradients(new Sigmoid(), [30, 30]);
    expect(report.results[0]!.checked).toBe(200);
    expect(checkGradients(new Sigmoid(), [30, 30], { maxEntries: 5 }).results[0]!.checked).toBe(5);
  });
});

describe("a wrong gradient is placed and explained:", () => {
  test("a mean over the batch where a sum is needed", () => {
    class Wrong extends MyLinear {
      override gradWeight = (g: Tensor): Tensor =>
        div(MyLinear.prototype.gradWeight.call(this, g), 4);
    }
    const message = messageOf(new Wrong());
    expect(message).toMatch(
      /^checkGradients\(Wrong\): gradWeight\[\d,\d\] is -?[\d.]+, finite differences say -?[\d.]+/,
    );
    expect(message).toContain("all checked entries of gradWeight differ; the batch is 4");
    expect(message).toContain("a mean over the batch where a sum is needed");
  });

  test("a factor of 2 in a batch of 2, which may be either", () => {
    class Square extends Layer {
      private savedInput!: Tensor;
      forward(input: Tensor): Tensor {
        this.savedInput = input;
        return mul(input, input);
      }
      backward(gradOutput: Tensor): Tensor {
        return mul(gradOutput, this.savedInput);
      }
    }
    expect(() => checkGradients(new Square(), [2, 3])).toThrow(
      /2 times too small.*a factor 2 is missing.*mixed up. A check with a batch of 5 tells which/,
    );
    expect(() => checkGradients(new Square(), [5, 3])).toThrow("the derivative of x² is 2x");
  });

  test("a sum where a mean is needed", () => {
    const loss = new CrossEntropyLoss();
    const right = loss.backward.bind(loss);
    loss.backward = () => mul(right(), 5);
    const targets = tensor([0, 1, 2, 0, 1], { dtype: "int32" });
    expect(() => checkGradients(loss, [5, 3], { targets })).toThrow(
      "a sum over the batch where a mean is needed",
    );
    expect(() => checkGradients(loss, [5, 3], { targets })).toThrow("gradPredictions[");
  });

  test.each([
    ["a wrong sign", (g: Tensor) => mul(g, -1), "The sign is wrong"],
    ["a missing 2", (g: Tensor) => mul(g, 0.5), "the derivative of x² is 2x"],
    ["something added twice", (g: Tensor) => mul(g, 2), "added twice"],
    ["another constant", (g: Tensor) => mul(g, 0.8), "the same number, 1.250"],
    ["zero", (g: Tensor) => mul(g, 0), "All of it is zero"],
    ["no number", (g: Tensor) => div(mul(g, 0), 0), "division by 0"],
    ["a wrong term", (g: Tensor) => add(g, 1), "No simple factor explains it"],
  ])("%s", (_, change, cause) => {
    class Wrong extends MyLinear {
      override gradInput = (g: Tensor): Tensor =>
        change(MyLinear.prototype.gradInput.call(this, g));
    }
    expect(messageOf(new Wrong())).toContain("gradInput[");
    expect(messageOf(new Wrong())).toContain(cause);
  });

  test("the transpose of a square gradient", () => {
    class Wrong extends MyLinear {
      override gradWeight = (g: Tensor): Tensor =>
        transpose(MyLinear.prototype.gradWeight.call(this, g));
    }
    expect(messageOf(new Wrong(2), [4, 2])).toContain("It equals the transpose of the right one");
  });

  test("another shape", () => {
    class Wrong extends MyLinear {
      override gradInput = (g: Tensor): Tensor =>
        transpose(MyLinear.prototype.gradInput.call(this, g));
    }
    expect(messageOf(new Wrong())).toContain(
      "should have the shape [4, 3]; it has [3, 4]. It looks transposed",
    );
  });

  test("a gradient that is right in some entries only", () => {
    class Wrong extends Sigmoid {
      override backward(gradOutput: Tensor): Tensor {
        return mul(super.backward(gradOutput), tensor([[1, 1, 2]], { dtype: "float64" }));
      }
    }
    expect(messageOf(new Wrong())).toContain("8 of 12 entries are right");
  });

  test("a parameter that backward forgets", () => {
    class Wrong extends MyLinear {
      override backward(gradOutput: Tensor): Tensor {
        this.weight.accumulate(this.gradWeight(gradOutput));
        return this.gradInput(gradOutput);
      }
    }
    expect(messageOf(new Wrong())).toContain(
      "backward left it undefined. Add it in backward: this.bias.accumulate(...)",
    );
  });

  test("a gradient that is assigned instead of added", () => {
    class Wrong extends MyLinear {
      override backward(gradOutput: Tensor): Tensor {
        const gradInput = super.backward(gradOutput);
        this.bias.gradient = this.gradBias(gradOutput);
        return gradInput;
      }
    }
    expect(messageOf(new Wrong())).toContain("Call accumulate(gradient), which adds");
  });
});

describe("small errors", () => {
  /** output = input * scale, with a gradient that is wrong by a factor for each column. */
  class Scaled extends Layer {
    readonly scale: Tensor;
    readonly factors: Tensor;

    constructor(scale: number[], factors: number[]) {
      super();
      this.scale = tensor([scale], { dtype: "float64" });
      this.factors = tensor([factors], { dtype: "float64" });
    }

    override forward(input: Tensor): Tensor {
      return mul(input, this.scale);
    }

    override backward(gradOutput: Tensor): Tensor {
      return mul(mul(gradOutput, this.scale), this.factors);
    }
  }

  test("of 1 % in an entry a million times smaller than the others are found", () => {
    expect(messageOf(new Scaled([1, 1e-6], [1, 1]), [1, 2])).toBe("passed");
    expect(messageOf(new Scaled([1, 1e-6], [1, 1.01]), [1, 2])).toContain("gradInput[0,1]");
  });

  test("too small in each entry are found in all of them together", () => {
    const factor = 1 + 6e-7;
    expect(messageOf(new Scaled([1, 2], [factor, factor]), [1, 2])).toContain("gradInput[0,");
  });

  test("are told from rounding where a function is nearly flat", () => {
    const saturated = tensor([[25, -25, 12, 0]]);
    expect(() => checkGradients(new Sigmoid(), saturated)).not.toThrow();
  });

  test("are told from rounding far from 0, where steps are wider", () => {
    const far = tensor([[1e12, -1e12]], { dtype: "float64" });
    expect(() => checkGradients(new Scaled([1, 2], [1, 1]), far)).not.toThrow();
    expect(() => checkGradients(new Scaled([1, 2], [1, 3]), far)).toThrow("gradInput[0,1]");
  });
});

describe("inputs on which no check is possible", () => {
  test("a bend of the function is named", () => {
    const atBend = tensor([[1, 0, -1]]);
    expect(() => checkGradients(new ReLU(), atBend)).toThrow("gradInput[0,1]");
    expect(() => checkGradients(new ReLU(), atBend)).toThrow("at least 1e-5 away from the bend");
  });

  test("random numbers from nowhere are refused", () => {
    class Noisy extends Sigmoid {
      readonly #random = new Generator(1);
      override forward(input: Tensor): Tensor {
        return add(super.forward(input), full([], this.#random.uniform(), { dtype: "float64" }));
      }
    }
    expect(messageOf(new Noisy())).toContain(
      "two calls differ. Draw random numbers from a Generator",
    );
  });

  test("float32 is refused, because differences vanish in it", () => {
    class Single extends Sigmoid {
      override forward(input: Tensor): Tensor {
        return cast(super.forward(input), "float32");
      }
    }
    expect(messageOf(new Single())).toContain("the output is float32");
  });

  test("a loss without targets is refused", () => {
    expect(() => checkGradients(new CrossEntropyLoss(), [2, 3])).toThrow("Pass { targets }");
  });
});

describe("an input of indices", () => {
  test("has no gradient, but the parameters are checked", () => {
    class Scale extends Layer {
      readonly factor = new Parameter("factor", tensor(3));
      savedInput!: Tensor;

      override forward(input: Tensor): Tensor {
        this.savedInput = cast(input, "float64");
        return mul(this.savedInput, this.factor.value);
      }

      override backward(gradOutput: Tensor): Tensor {
        this.factor.accumulate(sum(mul(gradOutput, this.savedInput)));
        return sub(gradOutput, gradOutput);
      }
    }
    const report = checkGradients(new Scale(), tensor([1, 2], { dtype: "int32" }));
    expect(report.results.map(({ gradientName }) => gradientName)).toEqual(["gradFactor"]);
  });
});
