// What differs between two recordings of one forward pass: nodes, and the numbers of constants.
import { Graph } from "../../backends/onnx/graph.ts";
import type { Initializer, Node } from "../../backends/onnx/graph-contents.ts";

/** Two nodes in the same place of two graphs; undefined where one of them has ended. */
export type Pair = readonly [a: Node | undefined, b: Node | undefined];

/** The first nodes in which two graphs differ; undefined where they have the same ones. */
export function firstDifference(a: Graph, b: Graph): Pair | undefined {
  const [left, right] = [a.contents.nodes, b.contents.nodes];
  const length = Math.max(left.length, right.length);
  for (let index = 0; index < length; index++) {
    const [one, other] = [left[index], right[index]];
    if (!one || !other) return [one, other];
    const inner = differenceOfBodies(one, other);
    if (inner) return inner;
    if (description(one) !== description(other)) return [one, other];
  }
  return undefined;
}

function differenceOfBodies(a: Node, b: Node): Pair | undefined {
  for (const [name, body] of Object.entries(a.attributes)) {
    const other = b.attributes[name];
    const isBody = body instanceof Graph && other instanceof Graph;
    const difference = isBody ? firstDifference(body, other) : undefined;
    if (difference) return difference;
  }
  return undefined;
}

// What a node does, without the graphs that it runs.
function description({ operator, domain, inputs, outputs, attributes }: Node): string {
  const plain = Object.entries(attributes).filter(([, value]) => !(value instanceof Graph));
  return JSON.stringify([operator, domain, inputs, outputs, plain]);
}

/** Whether a constant has the same shape, type and bytes in two recordings. */
export function isSame(a: Initializer, b: Initializer): boolean {
  if (a.shape.join() !== b.shape.join() || a.dtype !== b.dtype) return false;
  return a.data === b.data || Buffer.compare(bytesOf(a), bytesOf(b)) === 0;
}

const bytesOf = ({ data }: Initializer): Uint8Array =>
  new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
