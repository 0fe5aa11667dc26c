// GELU: numbers pass in proportion to how likely a normal number is to be smaller.
import { checkChoices } from "../check.ts";
import { checkGradOutput } from "../layer-check.ts";
import { add, mul, sub } from "../ops/arithmetic.ts";
import { erf, exp, tanh } from "../ops/elementwise.ts";
import { savedByForward } from "../saved.ts";
import type { Shape } from "../shape.ts";
import type { Tensor } from "../tensor.ts";
import { Layer } from "./layer.ts";

/** Settings of GELU. */
export interface GELUOptions {
  /** `"tanh"` is the faster curve that early transformers used; it differs by less than 0.001. */
  readonly approximate?: "none" | "tanh";
}

const SQRT_HALF = Math.SQRT1_2;
const INVERSE_SQRT_TWO_PI = 1 / Math.sqrt(2 * Math.PI);
const SQRT_TWO_OVER_PI = Math.sqrt(2 / Math.PI);
/** The paper's factor of the cubic term. */
const CUBIC = 0.044715;

/**
 * Gaussian error linear unit.
 *
 * exact: output = x * Phi(x), Phi(x) = (1 + erf(x / sqrt(2))) / 2;
 * tanh: output = x * (1 + tanh(u)) / 2, u = sqrt(2 / pi) * (x + 0.044715 * x³)
 *
 * @saved input, because the slope is a function of it
 * @source Hendrycks & Gimpel 2016, "Gaussian error linear units (GELUs)", section 2
 */
export class GELU extends Layer {
  readonly approximate: "none" | "tanh";
  // The slope at x is Phi(x) + x * Phi'(x).
  private savedInput: Tensor | undefined;

  /** @throws {ArgumentError} when approximate is none of its words */
  constructor({ approximate = "none" }: GELUOptions = {}) {
    super();
    checkChoices("GELU", { approximate }, ["none", "tanh"]);
    this.approximate = approximate;
  }

  /** Input of any shape; the output has the same. */
  forward(input: Tensor): Tensor {
    this.savedInput = input;
    return mul(input, this.approximate === "tanh" ? tanhShare(input) : normalShare(input));
  }

  backward(gradOutput: Tensor): Tensor {
    const input = savedByForward(this.savedInput, this);
    checkGradOutput(this.toString(), gradOutput.shape, input.shape);
    return mul(gradOutput, this.approximate === "tanh" ? tanhSlope(input) : normalSlope(input));
  }

  override outputShape(inputShape: Shape): Shape {
    return inputShape;
  }
}

// Phi(x) = (1 + erf(x / sqrt(2))) / 2
const normalShare = (x: Tensor): Tensor => mul(add(erf(mul(x, SQRT_HALF)), 1), 0.5);

// Phi(x) + x * exp(-x² / 2) / sqrt(2 pi)
function normalSlope(x: Tensor): Tensor {
  const density = mul(exp(mul(mul(x, x), -0.5)), INVERSE_SQRT_TWO_PI);
  return add(normalShare(x), mul(x, density));
}

// u = sqrt(2 / pi) * x * (1 + 0.044715 * x²)
const argument = (x: Tensor): Tensor =>
  mul(mul(x, SQRT_TWO_OVER_PI), add(mul(mul(x, x), CUBIC), 1));

const tanhShare = (x: Tensor): Tensor => mul(add(tanh(argument(x)), 1), 0.5);

// (1 + t) / 2 + x * (1 - t²) / 2 * du/dx, t = tanh(u), du/dx = sqrt(2 / pi) * (1 + 3 * 0.044715 * x²)
function tanhSlope(x: Tensor): Tensor {
  const t = tanh(argument(x));
  const inner = mul(add(mul(mul(x, x), 3 * CUBIC), 1), SQRT_TWO_OVER_PI);
  const bend = mul(mul(x, sub(1, mul(t, t))), 0.5);
  return add(mul(add(t, 1), 0.5), mul(bend, inner));
}
