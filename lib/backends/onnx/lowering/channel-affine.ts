// Sums of blocked values with one factor per channel, and one number added per channel: composed first, computed last.
import { sizeOf } from "../../../shape.ts";
import { NO_EDGE, placesOf, type Window } from "../../../window.ts";
import type { BinaryName } from "../../backend.ts";
import { type Graph, type GraphValue, NCHWC } from "../graph.ts";
import { BlockedConvolution } from "./blocked.ts";
import { BlockedValue, elementsInBlocks } from "./blocks.ts";
import { expand, reshape } from "./moves.ts";
import { sizeOfImage, slide } from "./slide.ts";

/** A blocked value, times a number per channel: `[1, channels, 1, 1]` or `[]`. */
interface Term {
  readonly value: BlockedValue;
  readonly scale?: GraphValue | undefined;
}

/** Up to two terms, and what is added per channel: `[1, channels, 1, 1]` or `[]`. */
interface Parts {
  readonly terms: readonly Term[];
  readonly shift?: GraphValue | undefined;
}

/** More terms are no longer one operation. */
const MOST_TERMS = 2;

/**
 * sum of scale[c] * value[b, c, y, x], + shift[c]: not computed until somebody needs the numbers.
 *
 * Normalising, its gradient and adding a bias are chains of such steps. Written out they read and write all images
 * once per step; composed, once or twice in all.
 */
class ChannelAffine extends BlockedValue {
  readonly parts: Parts;

  constructor(graph: Graph, parts: Parts) {
    super(graph, parts.terms[0]!.value, () => compute(graph, parts));
    this.parts = parts;
  }
}

/** A step of such a chain, or whatever else two operands give in blocks; undefined where it must be done plainly. */
export function binaryInBlocks(
  graph: Graph,
  name: BinaryName,
  operator: string,
  [a, b]: readonly [GraphValue, GraphValue],
): BlockedValue | undefined {
  return (
    withChannels(graph, name, [a, b]) ??
    joined(graph, name, [a, b]) ??
    elementsInBlocks(graph, operator, [a, b])
  );
}

/** max(x, 0) in blocks: done on the way out by what computes x, where that has not run. */
export function reluInBlocks(graph: Graph, x: GraphValue): BlockedValue | undefined {
  if (!(x instanceof BlockedValue) || x.isMade) return elementsInBlocks(graph, "Relu", [x]);
  if (x instanceof BlockedConvolution)
    return new BlockedValue(graph, x, () => x.compute({ activation: "Relu" }));
  if (!(x instanceof ChannelAffine)) return elementsInBlocks(graph, "Relu", [x]);
  return new BlockedValue(graph, x, () => compute(graph, x.parts, "Relu"));
}

// x + c, x - c, c - x, x * c, for one number per channel.
function withChannels(
  graph: Graph,
  name: BinaryName,
  [a, b]: readonly [GraphValue, GraphValue],
): BlockedValue | undefined {
  const isFlipped = !(a instanceof BlockedValue);
  const [x, c] = isFlipped ? [b, a] : [a, b];
  if (!(x instanceof BlockedValue) || !isPerChannel(c, x)) return undefined;
  const { terms, shift } = partsOf(x);
  const times = (factor: GraphValue): Parts => ({
    terms: terms.map(({ value, scale }) => ({ value, scale: product(graph, scale, factor) })),
    shift: shift && product(graph, shift, factor),
  });
  if (name === "mul") return new ChannelAffine(graph, times(c));
  if (name === "add") return new ChannelAffine(graph, { terms, shift: total(graph, shift, c) });
  if (name !== "sub") return undefined;
  const negative = graph.scalar(-1);
  if (!isFlipped)
    return new ChannelAffine(graph, {
      terms,
      shift: total(graph, shift, product(graph, c, negative)),
    });
  const turned = times(negative);
  return new ChannelAffine(graph, { ...turned, shift: total(graph, turned.shift, c) });
}

// x + y and x - y of values of one shape, where at least one is such a sum already.
function joined(
  graph: Graph,
  name: BinaryName,
  [a, b]: readonly [GraphValue, GraphValue],
): BlockedValue | undefined {
  if (name !== "add" && name !== "sub") return undefined;
  if (!(a instanceof BlockedValue && b instanceof BlockedValue)) return undefined;
  if (a.shape.join() !== b.shape.join()) return undefined;
  const [left, right] = [partsOf(a), partsOf(b)];
  const isSum = [a, b].some((each) => each instanceof ChannelAffine && !each.isMade);
  if (!isSum || left.terms.length + right.terms.length > MOST_TERMS) return undefined;
  const sign = (x: GraphValue | undefined): GraphValue | undefined =>
    name === "add" ? x : product(graph, x, graph.scalar(-1));
  return new ChannelAffine(graph, {
    terms: [
      ...left.terms,
      ...right.terms.map(({ value, scale }) => ({ value, scale: sign(scale) })),
    ],
    shift: right.shift ? total(graph, left.shift, sign(right.shift)!) : left.shift,
  });
}

// What has been computed is the start of a new sum; what has not is taken apart.
const partsOf = (x: BlockedValue): Parts =>
  x instanceof ChannelAffine && !x.isMade ? x.parts : { terms: [{ value: x }] };

/** Whether a value has one number per channel of `[batch, channels, height, width]`, or one for all. */
export function isPerChannel({ shape, dtype }: GraphValue, x: GraphValue): boolean {
  if (dtype !== "float32" || shape.length > x.shape.length) return false;
  const count = sizeOf(shape);
  return count === 1 || (count === x.shape[1] && shape.at(-3) === count);
}

function product(graph: Graph, a: GraphValue | undefined, b: GraphValue): GraphValue {
  return a === undefined ? b : small(graph, "Mul", a, b);
}

function total(graph: Graph, a: GraphValue | undefined, b: GraphValue): GraphValue {
  return a === undefined ? b : small(graph, "Add", a, b);
}

function small(graph: Graph, operator: string, a: GraphValue, b: GraphValue): GraphValue {
  return graph.node(operator, [a, b], sizeOf(a.shape) >= sizeOf(b.shape) ? a : b);
}

// A bias of the convolution that the value comes from, or a convolution of its own: one kernel of 1 x 1 per channel
// takes as long as one multiplication, and adds, joins and cuts off on the way.
function compute(graph: Graph, { terms, shift }: Parts, activation?: "Relu"): GraphValue {
  const [first, second] = terms as readonly [Term, Term?];
  const { value, scale } = first;
  const channels = value.shape[1]!;
  const bias = shift && vector(graph, shift, [channels]);
  if (!second && !scale && value instanceof BlockedConvolution && !value.isMade) {
    return value.compute({ bias, activation });
  }
  const added =
    second?.scale === undefined ? second?.value.blocked : compute(graph, { terms: [second] });
  return perChannel(graph, value.blocked, {
    scale: scale ?? graph.scalar(1),
    bias,
    added,
    activation,
  });
}

/** What `perChannel` does besides multiplying. */
interface PerChannel {
  /** Any shape of `channels` numbers, or of one. */
  readonly scale: GraphValue;
  readonly bias?: GraphValue | undefined;
  readonly added?: GraphValue | undefined;
  readonly activation?: "Relu" | undefined;
  /** Zeros around the images. */
  readonly padding?: Window["padding"];
}

/** scale[c] * x + bias[c] + added, `[batch, channels, height, width]` in blocks. */
function perChannel(
  graph: Graph,
  x: GraphValue,
  { scale, bias, added, activation, padding = NO_EDGE }: PerChannel,
): GraphValue {
  const channels = x.shape[1]!;
  const inputs = [x, vector(graph, scale, [channels, 1, 1, 1]), bias, added];
  while (inputs.at(-1) === undefined) inputs.pop();
  const window: Window = {
    kernelSize: [1, 1],
    stride: [1, 1],
    dilation: [1, 1],
    padding,
  };
  const shape = [...x.shape.slice(0, 2), ...placesOf(window, sizeOfImage(x))];
  return graph.node(
    "Conv",
    inputs,
    { shape, dtype: "float32" },
    {
      domain: NCHWC,
      attributes: {
        ...slide(window),
        kernel_shape: window.kernelSize,
        group: channels,
        ...(activation && { activation }),
      },
    },
  );
}

/** Zeros around images `[batch, channels, height, width]` in blocks: half the time of adding them plainly. */
export function withEdgeInBlocks(
  graph: Graph,
  blocked: GraphValue,
  { padding }: Pick<Window, "padding">,
): GraphValue {
  if (padding.flat().every((edge) => edge === 0)) return blocked;
  return perChannel(graph, blocked, { scale: graph.scalar(1), padding });
}

/** One number, or one per channel in any shape, as `shape`. */
export function vector(graph: Graph, x: GraphValue, shape: readonly number[]): GraphValue {
  if (x.shape.join() === shape.join()) return x;
  return sizeOf(x.shape) === 1
    ? expand(graph, reshape(graph, x, []), shape)
    : reshape(graph, x, shape);
}
