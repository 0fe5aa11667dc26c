// LSTM: a recurrent layer with a memory cell, and gates that decide what enters, stays and leaves it.
import { checkChoices, checkCount, checkOptions } from "../check.ts";
import { xavierUniform, type Initializer } from "../init.ts";
import { checkGradOutput, checkSequence } from "../layer-check.ts";
import { add, mul, sub } from "../ops/arithmetic.ts";
import { concat, flip, reshape, slice, split, transpose } from "../ops/arrange.ts";
import { tensor, zeros } from "../ops/creation.ts";
import { sigmoid, tanh } from "../ops/elementwise.ts";
import { affine, matmul } from "../ops/product.ts";
import { sum } from "../ops/reduce.ts";
import { scan } from "../ops/scan.ts";
import type { Generator } from "../random.ts";
import { savedByForward } from "../saved.ts";
import type { Shape } from "../shape.ts";
import type { Tensor } from "../tensor.ts";
import { Layer, Parameter } from "./layer.ts";

/** Settings of an LSTM. */
export interface LSTMOptions {
  /** Numbers of each element of the sequence. */
  readonly inFeatures: number;
  /** Numbers of the hidden state and of the cell. */
  readonly hiddenSize: number;
  /** The hidden state of every step, or that of the last one alone. Default `"sequence"`. */
  readonly output?: "sequence" | "last";
  /** Source of chance for the first weights. */
  readonly random: Generator;
  /** How the first weights are drawn. */
  readonly initWeight?: Initializer;
}

// What the backward pass needs of every step; [sequence, batch, ...] each.
interface Saved {
  readonly input: Tensor;
  readonly hidden: Tensor;
  readonly cell: Tensor;
  readonly gates: readonly [input: Tensor, forget: Tensor, candidate: Tensor, output: Tensor];
}

/**
 * Long short-term memory.
 *
 * [zi, zf, zg, zo] = input[t] weightInput + h[t-1] weightHidden + bias;
 * i = sigmoid(zi), f = sigmoid(zf), g = tanh(zg), o = sigmoid(zo);
 * c[t] = f * c[t-1] + i * g;  h[t] = o * tanh(c[t]);  h and c start at 0
 *
 * Symbols: i, f, o input, forget and output gate, g candidate, c cell, h hidden state.
 * The forget gate's bias starts at 1, so that an untrained cell keeps what it holds.
 *
 * @saved the gates, cells and hidden states of all steps, because every factor of the backward pass is made of them
 * @source Hochreiter & Schmidhuber 1997, "Long short-term memory"; gates as in Gers, Schmidhuber & Cummins 2000, "Learning to forget", section 3
 * @source Jozefowicz, Zaremba & Sutskever 2015, "An empirical exploration of recurrent network architectures", section 2.2 (bias 1)
 * @differs PyTorch has two biases, whose sum is ours, takes `[sequence, batch, features]` unless asked, and starts uniform in +-1/sqrt(hiddenSize)
 */
export class LSTM extends Layer {
  readonly inFeatures: number;
  readonly hiddenSize: number;
  readonly output: "sequence" | "last";
  /** `[inFeatures, 4 * hiddenSize]`, gates in the order i, f, g, o */
  readonly weightInput: Parameter;
  /** `[hiddenSize, 4 * hiddenSize]` */
  readonly weightHidden: Parameter;
  /** `[4 * hiddenSize]` */
  readonly bias: Parameter;
  // Gates, cells and hidden states of the last forward pass.
  private saved: Saved | undefined;

  constructor(options: LSTMOptions) {
    super();
    checkOptions("LSTM", options, "inFeatures: 28, hiddenSize: 64, random");
    const { inFeatures, hiddenSize, output = "sequence", random } = options;
    const { initWeight = xavierUniform } = options;
    checkCount("LSTM", "inFeatures", inFeatures);
    checkCount("LSTM", "hiddenSize", hiddenSize);
    checkChoices("LSTM", { output }, ["sequence", "last"]);
    this.inFeatures = inFeatures;
    this.hiddenSize = hiddenSize;
    this.output = output;
    const four = 4 * hiddenSize;
    this.weightInput = new Parameter("weightInput", initWeight([inFeatures, four], { random }));
    this.weightHidden = new Parameter("weightHidden", initWeight([hiddenSize, four], { random }));
    this.bias = new Parameter("bias", firstBias(hiddenSize));
  }

  /**
   * @param input - `[batch, sequence, inFeatures]`
   * @returns `[batch, sequence, hiddenSize]`, or `[batch, hiddenSize]` with output `"last"`
   * @throws {ShapeError} when the input does not have these three axes
   */
  forward(input: Tensor): Tensor {
    checkSequence(this.toString(), input.shape, this.inFeatures);
    const [batch, sequence] = [input.shape[0]!, input.shape[1]!];
    const byStep = transpose(input, [1, 0, 2]); // [sequence, batch, inFeatures]
    const start = zeros([batch, this.hiddenSize], { dtype: input.dtype });
    // input[t] weightInput + bias, of all steps at once: no step has to wait for it.
    const products = affine(rowsOf(byStep), this.weightInput.value, this.bias.value); // [sequence * batch, 4 * hidden]
    const sequences = [reshape(products, [sequence, batch, 4 * this.hiddenSize])];
    const { outputs } = scan({ states: [start, start], sequences }, ([h, c], [x]) =>
      this.step(h!, c!, x!),
    );
    const [hidden, cell, ...gates] = outputs as [Tensor, Tensor, Tensor, Tensor, Tensor, Tensor];
    this.saved = { input: byStep, hidden, cell, gates }; // [sequence, batch, ...] each
    if (this.output === "sequence") return transpose(hidden, [1, 0, 2]); // [batch, sequence, hiddenSize]
    return reshape(slice(hidden, [[-1, Infinity]]), [batch, this.hiddenSize]);
  }

  // One step forward; h, c [batch, hiddenSize].
  private step(h: Tensor, c: Tensor, product: Tensor) {
    // [zi, zf, zg, zo] = input[t] weightInput + bias + h[t-1] weightHidden
    const z = add(product, matmul(h, this.weightHidden.value)); // [batch, 4 * hiddenSize]
    const [zi, zf, zg, zo] = split(z, fourTimes(this.hiddenSize), { axis: 1 });
    const [i, f, g, o] = [sigmoid(zi!), sigmoid(zf!), tanh(zg!), sigmoid(zo!)];
    // c[t] = f * c[t-1] + i * g
    const cell = add(mul(f, c), mul(i, g));
    // h[t] = o * tanh(c[t])
    const hidden = mul(o, tanh(cell));
    return { states: [hidden, cell], outputs: [hidden, cell, i, f, g, o] };
  }

  backward(gradOutput: Tensor): Tensor {
    const gradProducts = this.backwardThroughTime(gradOutput); // [sequence * batch, 4 * hiddenSize]
    // gradInput = gradProducts weightInputᵀ
    const gradRows = matmul(gradProducts, this.weightInput.value, { transposeB: true });
    const { input } = savedByForward(this.saved, this);
    return transpose(reshape(gradRows, input.shape), [1, 0, 2]); // [batch, sequence, inFeatures]
  }

  override accumulateGradients(gradOutput: Tensor): void {
    this.backwardThroughTime(gradOutput);
  }

  // Gradients of the three parameters, and that of [zi, zf, zg, zo], which the input's gradient is made of.
  private backwardThroughTime(gradOutput: Tensor): Tensor {
    const saved = savedByForward(this.saved, this);
    const { input, hidden } = saved;
    const [sequence, batch] = [hidden.shape[0]!, hidden.shape[1]!];
    const wanted = this.outputShape([batch, sequence, this.inFeatures]);
    checkGradOutput(this.toString(), gradOutput.shape, wanted);
    const start = zeros([batch, this.hiddenSize], { dtype: hidden.dtype });
    // From the last step to the first: each hands the gradients of h and c to the one before.
    const sequences = [this.gradHidden(gradOutput, hidden), ...factors(saved)].map((x) =>
      flip(x, [0]),
    );
    const { outputs } = scan({ states: [start, start], sequences }, ([gradH, gradC], items) =>
      this.stepBack(gradH!, gradC!, items as StepFactors),
    );
    const gradProducts = rowsOf(flip(outputs[0]!, [0])); // [sequence * batch, 4 * hiddenSize]
    // gradWeightInput = sum over t of input[t]ᵀ gradZ[t]: one product of all steps
    this.weightInput.accumulate(matmul(rowsOf(input), gradProducts, { transposeA: true }));
    // gradWeightHidden = sum over t of h[t-1]ᵀ gradZ[t]
    const previous = rowsOf(shifted(hidden)); // [sequence * batch, hiddenSize]
    this.weightHidden.accumulate(matmul(previous, gradProducts, { transposeA: true }));
    // gradBias = sum over t and b of gradZ[t]
    this.bias.accumulate(sum(gradProducts, { axes: [0] }));
    return gradProducts;
  }

  // One step back, with the gradients of h and c that the step after it hands over; [batch, hiddenSize] each.
  private stepBack(gradH: Tensor, gradC: Tensor, [fromOutput, ...slopes]: StepFactors) {
    const [throughCell, forget, ofInput, ofForget, ofCandidate, ofOutput] = slopes;
    // dL/dh[t] = what comes from outside + what comes from step t + 1
    const dh = add(fromOutput, gradH);
    // dL/dc[t] = dL/dh[t] * o * (1 - tanh(c)²) + dL/dc[t+1] * f[t+1]
    const dc = add(mul(dh, throughCell), gradC);
    // gradZ = [dc * dc/dzi, dc * dc/dzf, dc * dc/dzg, dh * dh/dzo]
    const parts = [mul(dc, ofInput), mul(dc, ofForget), mul(dc, ofCandidate), mul(dh, ofOutput)];
    const gradZ = concat(parts, { axis: 1 }); // [batch, 4 * hiddenSize]
    // dL/dh[t-1] = gradZ weightHiddenᵀ, dL/dc[t-1] = dc * f
    const gradPrevious = matmul(gradZ, this.weightHidden.value, { transposeB: true });
    return { states: [gradPrevious, mul(dc, forget)], outputs: [gradZ] };
  }

  // The gradient that comes from outside at every step: [sequence, batch, hiddenSize].
  private gradHidden(gradOutput: Tensor, hidden: Tensor): Tensor {
    if (this.output === "sequence") return transpose(gradOutput, [1, 0, 2]);
    const last = reshape(gradOutput, [1, ...gradOutput.shape]);
    if (hidden.shape[0] === 1) return last;
    const others = zeros([hidden.shape[0]! - 1, ...gradOutput.shape], { dtype: gradOutput.dtype });
    return concat([others, last]);
  }

  override outputShape([batch, sequence]: Shape): Shape {
    const ends = [batch!, this.hiddenSize];
    return this.output === "last" ? ends : [batch!, sequence!, this.hiddenSize];
  }

  override toString(): string {
    return `LSTM(${this.inFeatures} -> ${this.hiddenSize})`;
  }
}

// The gradient from outside, then what factors gives, all of one step.
type StepFactors = readonly [Tensor, Tensor, Tensor, Tensor, Tensor, Tensor, Tensor];

// What the gradients of c and h are multiplied by, for all steps at once, so that the scan is left with one product of
// matrices a step. [sequence, batch, hiddenSize] each; the slope of s = sigmoid(z) is s * (1 - s), that of tanh 1 - tanh².
function factors({ cell, gates: [i, f, g, o] }: Saved): Tensor[] {
  const tanhCell = tanh(cell);
  const one = (x: Tensor): Tensor => sub(1, x);
  return [
    mul(o, one(mul(tanhCell, tanhCell))), // dh/dc = o * (1 - tanh(c)²)
    f, // dc[t+1]/dc[t]
    mul(g, mul(i, one(i))), // dc/dzi = g * i * (1 - i)
    mul(shifted(cell), mul(f, one(f))), // dc/dzf = c[t-1] * f * (1 - f)
    mul(i, one(mul(g, g))), // dc/dzg = i * (1 - g²)
    mul(tanhCell, mul(o, one(o))), // dh/dzo = tanh(c) * o * (1 - o)
  ];
}

// Row t becomes row t + 1; row 0 is 0: the state before each step.
function shifted(x: Tensor): Tensor {
  const first = zeros([1, ...x.shape.slice(1)], { dtype: x.dtype });
  return x.shape[0] === 1 ? first : concat([first, slice(x, [[0, -1]])]);
}

const fourTimes = (size: number): number[] => [size, size, size, size];

// [sequence, batch, features] as [sequence * batch, features].
const rowsOf = (x: Tensor): Tensor => reshape(x, [x.shape[0]! * x.shape[1]!, x.shape[2]!]);

// 0 for the gates i, g and o, 1 for f.
function firstBias(hiddenSize: number): Tensor {
  const isForget = (index: number): boolean => Math.floor(index / hiddenSize) === 1;
  return tensor(Array.from({ length: 4 * hiddenSize }, (_, k) => (isForget(k) ? 1 : 0)));
}
