// Words the messages about shapes that layers, losses and parameters refuse: who expects what; what came; the fix.
import { checkCount, checkTensor, type Described } from "./check.ts";
import { ArgumentError, DTypeError, ShapeError } from "./errors.ts";
import { sameShape, type Shape, shapeText, sizeOf } from "./shape.ts";

/** The last axis of an input must have the layer's number of features. */
export function checkLastAxis(layer: string, shape: Shape, inFeatures: number): void {
  if (shape.at(-1) === inFeatures) return;
  const images = shape.length > 2 ? " Put a Flatten in front if each example is an image." : "";
  throw new ShapeError(
    `${layer}: expects an input of shape [batch, ${inFeatures}], got ${shapeText(shape)}. ` +
      `Make the last axis ${inFeatures} numbers long, or build the layer with inFeatures: ${shape.at(-1) ?? 1}.${images}`,
  );
}

/** Every layer of a model stands in one place; the places are paths such as `blocks.0.1`. */
export function checkEachOnce(
  model: string,
  places: readonly (readonly [path: string, layer: object])[],
): void {
  const seen = new Map<object, string>();
  for (const [path, layer] of places) {
    const first = seen.get(layer);
    seen.set(layer, path);
    if (first === undefined) continue;
    const kind = layer.constructor.name;
    throw new ArgumentError(
      `${model}: each layer must stand in one place, got one ${kind} at ${first} and at ${path}: ` +
        "it saves what backward needs of its last forward alone, so that its gradients would be wrong. " +
        `Make a new ${kind} for each place.`,
    );
  }
}

/** Channels must split evenly into the groups of a convolution. */
export function checkChannels(
  layer: string,
  channels: { readonly inChannels: number; readonly outChannels: number },
  groups: number,
): void {
  checkCount(layer, "groups", groups);
  for (const [name, count] of Object.entries(channels)) {
    if (count % groups === 0) continue;
    throw new ArgumentError(
      `${layer}: ${name} must be a multiple of groups, got ${count} channels and ${groups} groups. ` +
        `Use ${Math.ceil(count / groups) * groups} channels, or leave groups out.`,
    );
  }
}

/** The gradient that comes back must have the shape of the output that went out. */
export function checkGradOutput(layer: string, gradOutput: Shape, output: Shape): void {
  if (sameShape(gradOutput, output)) return;
  throw new ShapeError(
    `${layer}.backward: gradOutput must have the shape ${shapeText(output)} of the last output, ` +
      `got ${shapeText(gradOutput)}. Pass the gradient that belongs to the last forward call.`,
  );
}

/** What a residual block adds must have the shape of what it is added to. */
export function checkResidual(block: string, input: Shape, output: Shape): void {
  if (sameShape(input, output)) return;
  throw new ShapeError(
    `Residual: the block must keep the shape ${shapeText(input)} of its input, ` +
      `got ${shapeText(output)} from ${block}. ` +
      "Use as many output channels as input channels, and padding that keeps the size.",
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

/** Axis 1 must hold the channels; a batch that is to be normalised needs two numbers for each. */
export function checkChannelAxis(
  layer: string,
  shape: Shape,
  channels: number,
  isTraining: boolean,
): void {
  if (shape.length < 2 || shape[1] !== channels) {
    throw new ShapeError(
      `${layer}: expects an input of shape [batch, ${channels}, ...], got ${shapeText(shape)}. ` +
        `Build the layer with channels: ${shape[1] ?? 1}, or bring the channels to axis 1.`,
    );
  }
  if (!isTraining || sizeOf(shape) > channels) return;
  throw new ShapeError(
    `${layer}: while training, expects at least 2 numbers for each channel, got ${shapeText(shape)}: ` +
      "the variance of one number is 0. To train, use larger batches, and dropLast: true in fit or Dataset.batches " +
      "where the last one is too small; to predict, call eval() before.",
  );
}

/** Sequences have three axes. */
export function checkSequence(layer: string, shape: Shape, features: number): void {
  if (shape.length === 3 && shape[2] === features) return;
  throw new ShapeError(
    `${layer}: expects an input of shape [batch, sequence, ${features}], got ${shapeText(shape)}. ` +
      "Reshape the input to three axes, or build the layer for its number of features.",
  );
}

/** Features must split evenly into heads. */
export function checkHeads(layer: string, features: number, heads: number): void {
  checkCount(layer, "heads", heads);
  if (features % heads === 0) return;
  throw new ArgumentError(
    `${layer}: features must be a multiple of heads, got ${features} features and ${heads} heads. ` +
      `Use ${Math.ceil(features / heads) * heads} features.`,
  );
}

/** A mask says yes or no for every position of every sequence. */
export function checkMask(layer: string, mask: Described, shape: Shape): void {
  checkTensor(layer, mask);
  if (mask.dtype === "bool" && sameShape(mask.shape, shape)) return;
  throw new ShapeError(
    `${layer}: paddingMask must be bool ${shapeText(shape)}, [batch, sequence], got ${mask.dtype} ` +
      `${shapeText(mask.shape)}. Make it with a comparison, for example greater(lengths, positions).`,
  );
}
