// Where a ReLU let its input pass: 1 or 0, as ONNX nodes.
import type { Graph, GraphValue } from "../graph.ts";
import { elementsInBlocks } from "./blocks.ts";
import { DeferredValue } from "./deferred.ts";

/** A float32 that makes every normal number reach 1: the smallest is 1.2e-38. */
export const STEEP = 3e38;

// What each mask was made of.
const masks = new WeakMap<GraphValue, GraphValue>();

/** any shape `-> same shape`: 1 where x is positive, else 0 */
export function reluMask(graph: Graph, x: GraphValue): GraphValue {
  const limits = [graph.scalar(0), graph.scalar(1)];
  // A steep slope cut off at 0 and 1: faster on a CPU than a comparison and a choice.
  const steep = (): GraphValue => graph.node("Mul", [x, graph.scalar(STEEP)], x);
  const mask =
    elementsInBlocks(graph, "Mul", [x, graph.scalar(STEEP)]) ??
    new DeferredValue(x, () => graph.node("Clip", [steep(), ...limits], x));
  const value = elementsInBlocks(graph, "Clip", [mask, ...limits]) ?? mask;
  masks.set(value, x);
  return value;
}

/** What a value is the mask of, if it is one: any shape. */
export const maskedBy = (x: GraphValue): GraphValue | undefined => masks.get(x);
