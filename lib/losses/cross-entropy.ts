// Cross-entropy on logits: how surprised a classifier is by the right class.
import { checkChoices } from "../check.ts";
import { checkClassTargets } from "../layer-check.ts";
import { div, mul, sub } from "../ops/arithmetic.ts";
import { exp, neg } from "../ops/elementwise.ts";
import { sum } from "../ops/reduce.ts";
import { oneHot } from "../ops/rows.ts";
import { logSoftmax } from "../ops/softmax.ts";
import { savedByForward } from "../saved.ts";
import type { Tensor } from "../tensor.ts";
import { Loss, reducedBy, type Reduction, REDUCTIONS } from "./loss.ts";

/**
 * Softmax cross-entropy.
 *
 * loss = mean over b of -log(softmax(logits)[b, targets[b]])
 *
 * It takes logits, not probabilities: the logarithm of the softmax is computed as a difference, which
 * stays exact where a probability would round to 0.
 *
 * @saved the logarithms of the probabilities and the one-hot targets, because the gradient is their difference
 * @source Bishop 2006, "Pattern Recognition and Machine Learning", equations 4.108 and 4.109
 */
export class CrossEntropyLoss extends Loss {
  /** Whether the loss is the mean or the sum over the batch. */
  readonly reduction: Reduction;
  // log softmax(logits): its exp is the softmax that the gradient starts from.
  private savedLogProbabilities: Tensor | undefined;
  // 1 at the right class of each example.
  private savedOneHot: Tensor | undefined;

  /** @throws {ArgumentError} when reduction is none of its words */
  constructor({ reduction = "mean" }: { readonly reduction?: Reduction } = {}) {
    super();
    checkChoices("CrossEntropyLoss", { reduction }, REDUCTIONS);
    this.reduction = reduction;
  }

  /**
   * @param logits - `[batch, classes]`
   * @param targets - `[batch]` int32, the right class of each example
   * @returns `[]`
   * @throws {ShapeError} when the shapes do not fit
   * @throws {DTypeError} when the targets are not int32
   */
  forward(logits: Tensor, targets: Tensor): Tensor {
    checkClassTargets("CrossEntropyLoss", logits, targets);
    const logProbabilities = logSoftmax(logits); // [batch, classes]
    const rightClass = oneHot(targets, logits.shape[1]!, { dtype: logits.dtype }); // [batch, classes]
    this.savedLogProbabilities = logProbabilities;
    this.savedOneHot = rightClass;
    // loss = -(1 / batch) * sum over b of logProbabilities[b, targets[b]]
    const total = neg(sum(mul(logProbabilities, rightClass))); // []
    return reducedBy(this.reduction, div(total, this.divisor(logits)));
  }

  backward(): Tensor {
    const logProbabilities = savedByForward(this.savedLogProbabilities, this);
    const rightClass = savedByForward(this.savedOneHot, this);
    // gradLogits = (softmax(logits) - oneHot(targets)) / batch
    const gradLogits = div(sub(exp(logProbabilities), rightClass), this.divisor(logProbabilities));
    return reducedBy(this.reduction, gradLogits);
  }

  private divisor(logits: Tensor): number {
    return this.reduction === "mean" ? logits.shape[0]! : 1;
  }
}
