// Pooling: an image becomes smaller by keeping the largest, or the mean, of every window.
import { checkOptions } from "../check.ts";
import { checkGradOutput } from "../layer-check.ts";
import { reshape } from "../ops/arrange.ts";
import {
  avgPool2d,
  avgPool2dGrad,
  type AveragePoolOptions,
  maxPool2d,
  maxPool2dGrad,
  type PoolOptions,
} from "../ops/pooling.ts";
import { savedByForward } from "../saved.ts";
import type { Shape } from "../shape.ts";
import type { Tensor } from "../tensor.ts";
import { checkImages, checkSizePair, checkPool } from "../window-check.ts";
import { type Pair, placesOf } from "../window.ts";
import { Layer } from "./layer.ts";

/**
 * Max-pooling.
 *
 * output[b, c, y, x] = max over i, j of input[b, c, y * stride + i, x * stride + j]
 *
 * The stride is the kernel size unless given. Padding is never the largest. Where several elements are
 * equally large, the first one, row by row, gets the gradient.
 *
 * @saved input and output, because the gradient goes to the element that equals the output
 * @source Scherer, Müller & Behnke 2010, "Evaluation of pooling operations in convolutional architectures for object recognition", section 3.2
 */
export class MaxPool2d extends Layer {
  readonly options: PoolOptions;
  // The element of a window that equals the output is the one the gradient goes to.
  private savedInput: Tensor | undefined;
  private savedOutput: Tensor | undefined;

  constructor(options: PoolOptions) {
    super();
    this.options = completed("MaxPool2d", options);
  }

  /** `[batch, channels, height, width] -> [batch, channels, outHeight, outWidth]` */
  forward(input: Tensor): Tensor {
    this.savedInput = input;
    this.savedOutput = maxPool2d(input, this.options);
    return this.savedOutput;
  }

  backward(gradOutput: Tensor): Tensor {
    const input = savedByForward(this.savedInput, this);
    const output = savedByForward(this.savedOutput, this);
    checkGradOutput(this.toString(), gradOutput.shape, output.shape);
    // gradInput at the largest element of each window += gradOutput
    return maxPool2dGrad(gradOutput, input, output, this.options);
  }

  override outputShape(inputShape: Shape): Shape {
    return pooledShape("MaxPool2d", inputShape, this.options);
  }

  override toString(): string {
    return `MaxPool2d(${sizeText(this.options)})`;
  }
}

/**
 * Average pooling.
 *
 * output[b, c, y, x] = mean over i, j of input[b, c, y * stride + i, x * stride + j]
 *
 * The stride is the kernel size unless given. With `countIncludePad: false` the mean is over the elements
 * of the image alone.
 *
 * @saved the input's size, because several sizes lead to one output size
 * @source LeCun, Bottou, Bengio & Haffner 1998, "Gradient-based learning applied to document recognition", section II.B
 */
export class AvgPool2d extends Layer {
  readonly options: AveragePoolOptions;
  // The gradient takes the input's height and width again.
  private savedShape: Shape | undefined;

  constructor(options: AveragePoolOptions) {
    super();
    this.options = completed("AvgPool2d", options);
  }

  /** `[batch, channels, height, width] -> [batch, channels, outHeight, outWidth]` */
  forward(input: Tensor): Tensor {
    this.savedShape = input.shape;
    return avgPool2d(input, this.options);
  }

  backward(gradOutput: Tensor): Tensor {
    const inputShape = savedByForward(this.savedShape, this);
    checkGradOutput(this.toString(), gradOutput.shape, this.outputShape(inputShape));
    const inputSize: Pair = [inputShape[2]!, inputShape[3]!];
    // gradInput at every element of each window += gradOutput / number of its elements
    return avgPool2dGrad(gradOutput, { ...this.options, inputSize });
  }

  override outputShape(inputShape: Shape): Shape {
    return pooledShape("AvgPool2d", inputShape, this.options);
  }

  override toString(): string {
    return `AvgPool2d(${sizeText(this.options)})`;
  }
}

abstract class GlobalPool extends Layer {
  // A pool whose only window is the whole image.
  #savedPool: Layer | undefined;
  // What gradOutput must be shaped like.
  private savedOutputShape: Shape | undefined;

  protected abstract poolOver(kernelSize: Pair): Layer;

  /** `[batch, channels, height, width] -> [batch, channels]` */
  forward(input: Tensor): Tensor {
    this.#savedPool = this.poolOver(checkImages(this.toString(), input));
    const output = this.#savedPool.forward(input); // [batch, channels, 1, 1]
    this.savedOutputShape = this.outputShape(input.shape);
    return reshape(output, this.savedOutputShape);
  }

  backward(gradOutput: Tensor): Tensor {
    const pool = savedByForward(this.#savedPool, this);
    const outputShape = savedByForward(this.savedOutputShape, this);
    checkGradOutput(this.toString(), gradOutput.shape, outputShape);
    return pool.backward(reshape(gradOutput, [...gradOutput.shape, 1, 1]));
  }

  override outputShape([batch, channels]: Shape): Shape {
    return [batch!, channels!];
  }
}

/**
 * Mean of each channel over the whole image.
 *
 * output[b, c] = mean over y, x of input[b, c, y, x]
 *
 * @saved the pool over the image, which knows the input's size
 * @source Lin, Chen & Yan 2014, "Network in network", section 3.2
 */
export class GlobalAvgPool2d extends GlobalPool {
  protected poolOver(kernelSize: Pair): Layer {
    return new AvgPool2d({ kernelSize });
  }
}

/**
 * Largest number of each channel over the whole image.
 *
 * output[b, c] = max over y, x of input[b, c, y, x]
 *
 * @saved the pool over the image, which knows where the largest number was
 * @source Oquab, Bottou, Laptev & Sivic 2015, "Is object localization for free?", section 3
 */
export class GlobalMaxPool2d extends GlobalPool {
  protected poolOver(kernelSize: Pair): Layer {
    return new MaxPool2d({ kernelSize });
  }
}

// The settings with the stride filled in, so that the layer shows what it does.
function completed<Options extends PoolOptions>(name: string, options: Options): Options {
  checkOptions(name, options, "kernelSize: 2");
  const kernelSize = checkSizePair(name, "kernelSize", options.kernelSize);
  return { ...options, kernelSize, stride: options.stride ?? kernelSize };
}

function pooledShape(name: string, inputShape: Shape, options: PoolOptions): Shape {
  const [batch, channels, height, width] = inputShape;
  const size: Pair = [height!, width!];
  const kernelSize = checkSizePair(name, "kernelSize", options.kernelSize);
  const window = checkPool(name, kernelSize, size, options);
  return [batch!, channels!, ...placesOf(window, size)];
}

const sizeText = ({ kernelSize }: PoolOptions): string =>
  typeof kernelSize === "number" ? String(kernelSize) : kernelSize.join(" x ");
