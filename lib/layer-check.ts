// Words the messages about shapes that layers, losses and parameters refuse: who expects what; what came; the fix.
import { checkTensor, type Described } from "./check.ts";
import { DTypeError, ShapeError } from "./errors.ts";
import { sameShape, type Shape, shapeText } from "./shape.ts";

/** The last axis of an input must have the layer's number of features. */
export function checkLastAxis(layer: string, shape: Shape, inFeatures: number): void {
  if (shape.at(-1) === inFeatures) return;
  const images = shape.length > 2 ? " Put a Flatten in front if each example is an image." : "";
  throw new ShapeError(
    `${layer}: expects an input of shape [batch, ${inFeatures}], got ${shapeText(shape)}. ` +
      `Make the last axis ${inFeatures} numbers long, or build the layer with inFeatures: ${shape.at(-1) ?? 1}.${images}`,
  );
}

/** The gradient that comes back must have the shape of the output that went out. */
export function checkGradOutput(layer: string, gradOutput: Shape, output: Shape): void {
  if (sameShape(gradOutput, output)) return;
  throw new ShapeError(
    `${layer}.backward: gradOutput must have the shape ${shapeText(output)} of the last output, ` +
      `got ${shapeText(gradOutput)}. Pass the gradient that belongs to the last forward call.`,
  );
}

/** A parameter's gradient must have the parameter's shape. */
export function checkParameterGradient(name: string, gradient: Shape, value: Shape): void {
  if (sameShape(gradient, value)) return;
  const isTransposed = sameShape(gradient, value.toReversed());
  const fix = isTransposed
    ? "The two axes are swapped: transpose it, or swap the factors of the product."
    : "A sum over the batch axis may be missing or one too many.";
  throw new ShapeError(
    `${name}: a gradient has the shape ${shapeText(value)} of its parameter, ` +
      `got ${shapeText(gradient)}. ${fix}`,
  );
}

/** Targets must have the shape and type of the predictions: broadcasting would compare each with all. */
export function checkTargets(loss: string, targets: Described, predictions: Described): void {
  checkTensor(loss, predictions);
  checkTensor(loss, targets);
  if (!sameShape(targets.shape, predictions.shape)) {
    const wanted = shapeText(predictions.shape);
    throw new ShapeError(
      `${loss}: targets must have the shape ${wanted} of the predictions, ` +
        `got ${shapeText(targets.shape)}. Reshape one of them: reshape(targets, ${wanted}).`,
    );
  }
  if (targets.dtype === predictions.dtype) return;
  throw new DTypeError(
    `${loss}: targets must be ${predictions.dtype} like the predictions, got ${targets.dtype}. ` +
      `Convert them first: cast(targets, "${predictions.dtype}").`,
  );
}

/** One int32 class for each row of logits. */
export function checkClassTargets(loss: string, logits: Described, targets: Described): void {
  checkTensor(loss, logits);
  checkTensor(loss, targets);
  const [batch, classes] = logits.shape;
  if (logits.shape.length !== 2 || !sameShape(targets.shape, [batch!])) {
    throw new ShapeError(
      `${loss}: expects logits [batch, classes] and targets [batch], got ${shapeText(logits.shape)} ` +
        `and ${shapeText(targets.shape)}. Give each row of logits one target, the index of its class.`,
    );
  }
  if (targets.dtype === "int32") return;
  throw new DTypeError(
    `${loss}: targets must be int32 class indices from 0 to ${classes! - 1}, got ${targets.dtype}. ` +
      'Convert them first: cast(targets, "int32").',
  );
}
