// Arrays that are not computed before somebody needs them, so that the op that does may take less time for both.
import type { DType, TypedArray } from "../dtype.ts";
import { type Shape, sizeOf } from "../shape.ts";
import { placesOf, type Window } from "../window.ts";
import type { BackendValue, ConvolutionOptions } from "./backend.ts";
import type { HostArray } from "./host-array.ts";

/** A primitive with its parameters: arrays, lists of them, and settings. */
export interface Call {
  readonly name: string;
  readonly parameters: readonly unknown[];
}

/** The call that an array of any shape waits for, if `by` is to compute it; undefined for one that is taken as it is. */
export type Waiting = (x: HostArray, by: Call) => Call | undefined;

/** Runs a call, and those of its operands that `waiting` has a call for, as one: any shape. */
export type Fuse = (call: Call, waiting: Waiting) => HostArray;

/** An array of any shape whose numbers are computed when they are first read. */
export class PutOff implements HostArray {
  readonly shape: Shape;
  readonly dtype: DType;
  /** What computes it, alone or as part of something larger. */
  readonly fuse: Fuse;
  #call: Call | undefined;
  #isTaken = false;
  #data: TypedArray | undefined;

  /** @param call - how it is computed */
  constructor({ shape, dtype }: BackendValue, call: Call, fuse: Fuse) {
    this.shape = shape;
    this.dtype = dtype;
    this.fuse = fuse;
    this.#call = call;
  }

  get data(): TypedArray {
    this.#data ??= this.fuse(this.#call!, takenOver).data;
    // What it was made of is of no use any more.
    this.#call = undefined;
    return this.#data;
  }

  /** Its call, where another op may still take it over: once, for what many need is computed for all of them. */
  get call(): Call | undefined {
    return this.#isTaken ? undefined : this.#call;
  }

  /** Hands the call over. */
  take(): Call | undefined {
    const { call } = this;
    this.#isTaken = true;
    return call;
  }
}

/**
 * Which ops compute what their operands wait for. The gradient of a max-pool is mostly masked by the ReLU before it, and
 * then the mask at the size of the output does; a convolution adds a bias and cuts off at 0 on its way out.
 */
const TAKERS: Readonly<Record<string, readonly string[]>> = {
  mul: ["maxPool2dGrad", "reluMask"],
  add: ["conv2d"],
  relu: ["conv2d", "add"],
};

// Some primitives are families, such as all functions of one number: the first parameter says which it is.
const nameOf = ({ name, parameters: [first] }: Call): string =>
  typeof first === "string" ? first : name;

/** The operand of any shape that a call takes over; undefined where all of them are taken as they are. */
export function takes(call: Call): PutOff | undefined {
  const names = TAKERS[nameOf(call)];
  if (names === undefined) return undefined;
  return call.parameters.find((x) => isTakenBy(x, names)) as PutOff | undefined;
}

const isTakenBy = (x: unknown, names: readonly string[]): boolean =>
  x instanceof PutOff && x.call !== undefined && names.includes(nameOf(x.call));

/** How a call takes over what its operands, of any shape, wait for. */
export const takenOver: Waiting = (x, by) =>
  isTakenBy(x, TAKERS[nameOf(by)] ?? []) ? (x as PutOff).take() : undefined;

/** Shape and type of the result of a call that waits, as those that others take over do; undefined for all others. */
export function waitsAs(call: Call): BackendValue | undefined {
  const { parameters } = call;
  switch (nameOf(call)) {
    case "reluMask":
    case "maxPool2dGrad":
      return parameters[1] as BackendValue;
    case "conv2d":
      return outputOf(...(parameters as [BackendValue, BackendValue, ConvolutionOptions]));
    case "add":
      return withBias(call);
    default:
      return undefined;
  }
}

function outputOf(
  input: BackendValue,
  weight: BackendValue,
  { window }: { readonly window: Window },
): BackendValue {
  const places = placesOf(window, [input.shape[2]!, input.shape[3]!]);
  return { shape: [input.shape[0]!, weight.shape[0]!, ...places], dtype: input.dtype };
}

// A convolution that still waits, and one number for each of its channels.
function withBias(call: Call): BackendValue | undefined {
  const [, x, bias] = call.parameters as [string, BackendValue, BackendValue];
  if (takes(call) !== x) return undefined;
  const channels = x.shape[1]!;
  const isPerChannel = sizeOf(bias.shape) === channels && bias.shape.at(-3) === channels;
  return isPerChannel && bias.shape.length <= x.shape.length ? x : undefined;
}
