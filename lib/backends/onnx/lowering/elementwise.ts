// Element-by-element primitives as ONNX nodes.
import { broadcastShapes } from "../../../shape.ts";
import type { BinaryName, UnaryName } from "../../backend.ts";
import type { Graph, GraphValue } from "../graph.ts";
import { elementsInBlocks } from "./blocks.ts";
import { binaryInBlocks, reluInBlocks } from "./channel-affine.ts";
import { withBias } from "./convolution.ts";
import { maskBeforePool } from "./max-pool-gradient.ts";
import { maskedBy, reluMask } from "./relu-mask.ts";

const UNARY: Readonly<Record<Exclude<UnaryName, "relu" | "reluMask">, string>> = {
  neg: "Neg",
  exp: "Exp",
  log: "Log",
  sqrt: "Sqrt",
  abs: "Abs",
  reciprocal: "Reciprocal",
  tanh: "Tanh",
  sigmoid: "Sigmoid",
  erf: "Erf",
};

const BINARY: Readonly<Record<BinaryName, string>> = {
  add: "Add",
  sub: "Sub",
  mul: "Mul",
  div: "Div",
  maximum: "Max",
  minimum: "Min",
};

/** any shape `-> same shape` */
export function unary(graph: Graph, name: UnaryName, x: GraphValue): GraphValue {
  if (name === "relu") return reluInBlocks(graph, x) ?? graph.node("Relu", [x], x);
  return name === "reluMask" ? reluMask(graph, x) : elements(graph, UNARY[name], [x]);
}

// In blocks where x is; the other operands are numbers.
const elements = (
  graph: Graph,
  operator: string,
  [x, ...numbers]: readonly [GraphValue, ...GraphValue[]],
): GraphValue =>
  elementsInBlocks(graph, operator, [x, ...numbers]) ?? graph.node(operator, [x, ...numbers], x);

/** broadcast(a, b) */
export function binary(graph: Graph, name: BinaryName, a: GraphValue, b: GraphValue): GraphValue {
  const masked = name === "mul" ? maskedBy(b) : undefined;
  return (
    (masked && maskBeforePool(graph, a, masked)) ??
    (name === "add" ? withBias(graph, a, b) : undefined) ??
    binaryInBlocks(graph, name, BINARY[name], [a, b]) ??
    graph.node(BINARY[name], [a, b], {
      shape: broadcastShapes(a.shape, b.shape)!,
      dtype: a.dtype,
    })
  );
}
