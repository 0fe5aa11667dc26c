// What every layer is: parameters, a forward pass, and the backward pass written by hand beside it.
import { showItself, groupDigits, type MimeBundle } from "../display.ts";
import { checkEachOnce, checkParameterGradient } from "../layer-check.ts";
import { add } from "../ops/arithmetic.ts";
import { willKeep, willRead, willSetMode } from "../ops/keep.ts";
import { type Shape, shapeText } from "../shape.ts";
import type { Tensor } from "../tensor.ts";

// A tensor that a layer keeps from step to step, under a name.
abstract class KeptTensor {
  /** What it is in its layer: `weight`, `bias`, `runningMean`. */
  readonly name: string;
  #value: Tensor;

  constructor(name: string, value: Tensor) {
    this.name = name;
    this.#value = value;
  }

  /** The current numbers; whoever changes them puts a new tensor here. */
  get value(): Tensor {
    willRead(this, this.#value);
    return this.#value;
  }

  set value(value: Tensor) {
    willKeep(this, () => this.toString());
    this.#value = value;
  }

  /** Name and shape, such as `weight [784, 128]`. */
  toString(): string {
    return `${this.name} ${shapeText(this.#value.shape)}`;
  }

  /** What a notebook shows. */
  toMimeBundle(): MimeBundle {
    return { "text/plain": `${this.name}: ${this.#value.toMimeBundle()["text/plain"]}` };
  }

  /** Name and shape where there are many numbers. */
  toShortText(): string {
    return `${this.name}: ${this.#value.toShortText()}`;
  }

  static {
    showItself(KeptTensor);
  }
}

/** A tensor that training changes, with the gradient of the loss with respect to it. */
export class Parameter extends KeptTensor {
  #gradient: Tensor | undefined;

  /** Sum of what the backward passes added since the optimizer last cleared it. */
  get gradient(): Tensor | undefined {
    willRead(this, this.#gradient, "gradient");
    return this.#gradient;
  }

  set gradient(gradient: Tensor | undefined) {
    if (gradient === this.#gradient) return;
    willKeep(this, () => `the gradient of ${this.toString()}`);
    this.#gradient = gradient;
  }

  /**
   * Adds to the gradient. A parameter that is used twice receives two contributions, and both count.
   *
   * @param gradient - of the shape of `value`
   * @throws {ShapeError} when the shapes differ
   */
  accumulate(gradient: Tensor): void {
    checkParameterGradient(`gradient of ${this.name}`, gradient.shape, this.value.shape);
    this.gradient = this.gradient === undefined ? gradient : add(this.gradient, gradient);
  }
}

/** Numbers that a layer keeps up to date itself while training, such as running means; no optimizer changes them. */
export class LayerState extends KeptTensor {}

/**
 * One step of a network: `forward` computes the output and saves what `backward` needs; `backward`
 * takes the gradient of the loss with respect to the output, adds to the gradients of the
 * parameters, and returns the gradient with respect to the input.
 *
 * What forward saves is that of the last call, so a layer stands in one place of a model: used twice,
 * its first backward would take what the second forward saved, and give wrong gradients. Make one layer for
 * each place. Two models that run in turns may share a layer: each runs forward, then backward.
 */
export abstract class Layer {
  #training = true;

  /** Whether layers that behave differently while training (such as dropout) do so. */
  get training(): boolean {
    willRead(this, this.#training);
    return this.#training;
  }

  set training(training: boolean) {
    willSetMode(this);
    this.#training = training;
  }

  /** Output for an input of any shape that the layer takes. */
  abstract forward(input: Tensor): Tensor;

  /**
   * Gradient with respect to the last input of `forward`; `gradOutput` has the shape of its output.
   *
   * @throws {StateError} when `forward` has not run
   */
  abstract backward(gradOutput: Tensor): Tensor;

  /**
   * The parameters' part of `backward` alone, for the first layer of a model: nobody asks for the
   * gradient of the data, and in a linear layer it costs a third of the work. `gradOutput` as there.
   */
  accumulateGradients(gradOutput: Tensor): void {
    this.backward(gradOutput);
  }

  /** Shape of the output for an input shape, as far as it is known without running. */
  outputShape(_inputShape: Shape): Shape | undefined {
    return undefined;
  }

  /** Shape that one example must have, as far as the layer knows: `[784]`. */
  get exampleShape(): Shape | undefined {
    return undefined;
  }

  /**
   * What is inside this layer, by name: its fields, lists item by item (`blocks.0`). Fields whose name
   * starts with # cannot be seen, so keep layers and parameters in others.
   */
  protected members(): [string, unknown][] {
    return Object.entries(this).flatMap(itemByItem);
  }

  /** The parameters and states of this layer itself, by name, without those of the layers in it. */
  ownTensors(): [string, Parameter | LayerState][] {
    return this.members().filter((member): member is [string, Parameter | LayerState] => {
      return member[1] instanceof Parameter || member[1] instanceof LayerState;
    });
  }

  /** The layers directly in this one, by name, in the order of the fields. */
  innerLayers(): [string, Layer][] {
    return this.members().filter((member): member is [string, Layer] => member[1] instanceof Layer);
  }

  /** The layers in this one, and those in them, with their paths, outermost first. */
  private namedLayers(): [string, Layer][] {
    return this.innerLayers().flatMap(([name, layer]): [string, Layer][] => [
      [name, layer],
      ...layer.namedLayers().map(([path, inner]): [string, Layer] => [`${name}.${path}`, inner]),
    ]);
  }

  /**
   * This layer and all layers in it, outermost first.
   *
   * @throws {ArgumentError} when one of them stands in two places
   */
  layers(): Layer[] {
    const inside = this.namedLayers();
    checkEachOnce(this.constructor.name, inside);
    return [this, ...inside.map(([, layer]) => layer)];
  }

  /** Every parameter with its path, such as `0.weight`, in the order of the fields. */
  namedParameters(): [string, Parameter][] {
    return this.members().flatMap(([name, member]): [string, Parameter][] => {
      if (member instanceof Parameter) return [[name, member]];
      if (!(member instanceof Layer)) return [];
      return member.namedParameters().map(([path, parameter]) => [`${name}.${path}`, parameter]);
    });
  }

  /** Every parameter of this layer and of the layers in it; one that is used twice comes once. */
  parameters(): Parameter[] {
    return [...new Set(this.namedParameters().map(([, parameter]) => parameter))];
  }

  /** Everything that this layer and the layers in it keep up to date themselves. */
  states(): LayerState[] {
    const own = this.layers().flatMap((layer) => layer.ownTensors().map(([, each]) => each));
    return [...new Set(own.filter((each) => each instanceof LayerState))];
  }

  /** How many numbers training can change. */
  get parameterCount(): number {
    return this.parameters().reduce((count, { value }) => count + value.size, 0);
  }

  /** Switches this layer and all layers in it to training. */
  train(): this {
    for (const layer of this.layers()) layer.training = true;
    return this;
  }

  /** Switches this layer and all layers in it to evaluation. */
  eval(): this {
    for (const layer of this.layers()) layer.training = false;
    return this;
  }

  /** Name and settings, such as `Linear(784 -> 10)`. */
  toString(): string {
    return this.constructor.name;
  }

  /** What a notebook shows. */
  toMimeBundle(): MimeBundle {
    return { "text/plain": `${this.toString()}: ${groupDigits(this.parameterCount)} parameters` };
  }

  static {
    showItself(Layer);
  }
}

function itemByItem([name, member]: [string, unknown]): [string, unknown][] {
  if (!Array.isArray(member)) return [[name, member]];
  return member.flatMap((item: unknown, index) => itemByItem([`${name}.${index}`, item]));
}
