// Sequential: layers one after the other; the backward pass walks them in reverse.
import { kindOf } from "../check.ts";
import { groupDigits, tableBundle, type MimeBundle } from "../display.ts";
import { ArgumentError } from "../errors.ts";
import type { Shape } from "../shape.ts";
import type { Tensor } from "../tensor.ts";
import { Layer } from "./layer.ts";

/**
 * A chain of layers.
 *
 * output = last(... second(first(input)))
 *
 * @source Rumelhart, Hinton & Williams 1986, "Learning representations by back-propagating errors", equations 4-7
 */
export class Sequential extends Layer {
  /** The layers, first to last. */
  readonly chain: readonly Layer[];

  /** @throws {ArgumentError} when one of them is no layer, or stands in two places */
  constructor(...layers: Layer[]) {
    super();
    const wrong = layers.findIndex((layer) => !(layer instanceof Layer));
    if (wrong >= 0) {
      throw new ArgumentError(
        `Sequential: expects layers one after the other, got ${kindOf(layers[wrong])} in place ${wrong + 1}. ` +
          "Write new Sequential(new Linear(...), new ReLU()), or new Sequential(...list) for a list.",
      );
    }
    this.chain = layers;
    // Walking the layers finds one that is there twice, before it trains.
    this.layers();
  }

  /** Input of any shape that the first layer takes; output of any shape that the last one makes. */
  forward(input: Tensor): Tensor {
    return this.chain.reduce((value, layer) => layer.forward(value), input);
  }

  backward(gradOutput: Tensor): Tensor {
    // The chain rule: the gradient at a layer's output is the gradient at the next one's input.
    return this.chain.reduceRight((gradient, layer) => layer.backward(gradient), gradOutput);
  }

  override accumulateGradients(gradOutput: Tensor): void {
    const [first, ...others] = this.chain;
    const gradient = others.reduceRight((g, layer) => layer.backward(g), gradOutput);
    first?.accumulateGradients(gradient);
  }

  override outputShape(inputShape: Shape): Shape | undefined {
    return this.shapesAfterEach(inputShape).at(-1);
  }

  override get exampleShape(): Shape | undefined {
    return this.chain[0]?.exampleShape;
  }

  protected override members(): [string, unknown][] {
    return this.chain.map((layer, index) => [String(index), layer]);
  }

  override toString(): string {
    return `${this.constructor.name}(${this.chain.join(", ")})`;
  }

  /** A table of the layers with output shapes and parameter counts. */
  override toMimeBundle(): MimeBundle {
    const example = this.exampleShape;
    const shapes = example === undefined ? [] : this.shapesAfterEach([1, ...example]);
    const rows = this.chain.map((layer, index) => [
      `${index} ${layer.toString()}`,
      batchShapeText(shapes[index]),
      groupDigits(layer.parameterCount),
    ]);
    return tableBundle({
      title: this.constructor.name,
      columns: ["layer", "output shape", "parameters"],
      rows,
      footer: ["total", "", groupDigits(this.parameterCount)],
    });
  }

  private shapesAfterEach(inputShape: Shape): (Shape | undefined)[] {
    let shape: Shape | undefined = inputShape;
    return this.chain.map((layer) => {
      shape = shape === undefined ? undefined : layer.outputShape(shape);
      return shape;
    });
  }
}

const batchShapeText = (shape: Shape | undefined): string =>
  shape === undefined ? "?" : `[${["batch", ...shape.slice(1)].join(", ")}]`;
