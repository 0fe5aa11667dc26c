// Matrix products as ONNX nodes.
import { broadcastShapes } from "../../../shape.ts";
import type { MatmulOptions } from "../../backend.ts";
import { type Graph, type GraphValue, MICROSOFT } from "../graph.ts";
import { transpose } from "./moves.ts";

/** `[...batch, m, k] x [...batch, k, n] -> [...batch, m, n]` */
export function matmul(
  graph: Graph,
  a: GraphValue,
  b: GraphValue,
  { transposeA, transposeB, alpha }: MatmulOptions,
): GraphValue {
  const rows = a.shape.at(transposeA ? -1 : -2)!;
  const columns = b.shape.at(transposeB ? -2 : -1)!;
  const batch = broadcastShapes(a.shape.slice(0, -2), b.shape.slice(0, -2))!;
  const type = { shape: [...batch, rows, columns], dtype: a.dtype };
  if (!transposeA && !transposeB && alpha === 1) return graph.node("MatMul", [a, b], type);
  if (graph.family === "standard") {
    const left = transposeA ? transposed(graph, a) : a;
    const product = graph.node("MatMul", [left, transposeB ? transposed(graph, b) : b], type);
    return alpha === 1 ? product : graph.node("Mul", [product, graph.scalar(alpha)], type);
  }
  // Reads a matrix transposed instead of moving it, and scales on the way out.
  return graph.node("FusedMatMul", [a, b], type, {
    domain: MICROSOFT,
    attributes: {
      transA: Number(transposeA),
      transB: Number(transposeB),
      alpha: { float: alpha },
    },
  });
}

// [..., m, n] -> [..., n, m]
function transposed(graph: Graph, x: GraphValue): GraphValue {
  const axes = x.shape.map((_, axis) => axis);
  return transpose(graph, x, [...axes.slice(0, -2), axes.at(-1)!, axes.at(-2)!]);
}

/** A product and a row added to each of its rows: `[m, k] x [k, n] + [n] -> [m, n]` */
export function affine(
  graph: Graph,
  x: GraphValue,
  weight: GraphValue,
  bias: GraphValue,
): GraphValue {
  const shape = [x.shape[0]!, weight.shape[1]!];
  return graph.node("Gemm", [x, weight, bias], { shape, dtype: x.dtype });
}
