// The gradient of max-pooling as ONNX nodes: by comparison for windows of 2 x 2 side by side, else by position.
import { sizeOf } from "../../../shape.ts";
import type { Window } from "../../../window.ts";
import type { Graph, GraphValue } from "../graph.ts";
import { BlockedValue, inBlocks, regrouped, ungrouped } from "./blocks.ts";
import { DeferredValue } from "./deferred.ts";
import { expand, reshape } from "./moves.ts";
import { pool, poolInBlocks, tilesEvenly } from "./pooling.ts";
import { enlarged, enlargedInBlocks } from "./upsampling.ts";
import { reluMask, STEEP } from "./relu-mask.ts";
import { pooledShape, slide } from "./slide.ts";

/** What the gradient of a max-pool is made of. */
interface Operands {
  readonly gradOutput: GraphValue;
  readonly x: GraphValue;
  readonly y: GraphValue;
  readonly window: Window;
}

const gradients = new WeakMap<GraphValue, Operands>();

/** gradOutput goes to the first of the elements of `x` that equal the maximum, in each window */
export function maxPool2dGrad(
  graph: Graph,
  ...[gradOutput, x, y, window]: readonly [GraphValue, GraphValue, GraphValue, Window]
): GraphValue {
  return gradientOf(graph, { gradOutput, x, y, window });
}

// Not computed before somebody needs it: a mask may come first.
function gradientOf(graph: Graph, operands: Operands): GraphValue {
  const { x, window } = operands;
  const areTwo = window.kernelSize.join() === "2,2" && tilesEvenly(x, window);
  const make = areTwo ? gradOfTiles : gradByPosition;
  const value =
    (areTwo && gradOfTilesInBlocks(graph, operands)) ||
    new DeferredValue(x, () => make(graph, operands));
  gradients.set(value, operands);
  return value;
}

/**
 * The gradient of a max-pool times the mask of the ReLU before it: the mask at the size of the output does the same,
 * for the gradient goes where `x` is the output. A quarter of the work.
 *
 * @returns undefined where `value` is no such gradient, or `masked` not what was pooled
 */
export function maskBeforePool(
  graph: Graph,
  value: GraphValue,
  masked: GraphValue,
): GraphValue | undefined {
  const operands = gradients.get(value);
  if (operands?.x !== masked) return undefined;
  const { gradOutput, y } = operands;
  const mask = reluMask(graph, y);
  const small =
    mask instanceof BlockedValue
      ? new BlockedValue(graph, y, () =>
          graph.node("Mul", [inBlocks(graph, gradOutput), mask.blocked], mask),
        )
      : graph.node("Mul", [gradOutput, mask], mask);
  return gradientOf(graph, { ...operands, gradOutput: small });
}

/** The steps that differ in blocks and plainly. */
interface Layout {
  readonly enlarge: typeof enlarged;
  readonly pool: (graph: Graph, name: string, x: GraphValue, window: Window) => GraphValue;
  /** Numbers of a pixel that lie side by side. */
  readonly depth: number;
}

function gradOfTiles(graph: Graph, operands: Operands): GraphValue {
  return gradientByCodes(graph, operands, { enlarge: enlarged, pool, depth: 1 });
}

function gradOfTilesInBlocks(graph: Graph, operands: Operands): GraphValue | undefined {
  const { gradOutput, y, window } = operands;
  const x = regrouped(graph, operands.x);
  if (!x) return undefined;
  const gradient = new BlockedValue(graph, x, () => {
    const [small, g] = [y, gradOutput].map((each) => inBlocks(graph, regrouped(graph, each)!));
    const blocked = { gradOutput: g!, x: inBlocks(graph, x), y: small!, window };
    const layout = { enlarge: enlargedInBlocks, pool: poolInBlocks, depth: graph.blockSize };
    return gradientByCodes(graph, blocked, layout);
  });
  if (operands.x === x) return gradient;
  return ungrouped(graph, gradient, operands.x.shape);
}

// Of the elements that equal the maximum, the first gets the highest code; where the code is its window's highest,
// the gradient goes. Whole numbers cut off at 0 stand in for comparisons: those give bytes, and bytes take twice as
// long to become numbers. Differences below 1e-38 count as none.
function gradientByCodes(
  graph: Graph,
  { gradOutput, x, y, window }: Operands,
  { enlarge, pool: poolBy, depth }: Layout,
): GraphValue {
  const step = (operator: string, ...operands: GraphValue[]): GraphValue =>
    graph.node(operator, operands, operands[0]!);
  const { kernelSize } = window;
  // 0 at the largest, far below 0 elsewhere
  const distance = step("Mul", step("Sub", x, enlarge(graph, y, kernelSize)), graph.scalar(STEEP));
  const rows = [sizeOf(x.shape) / (2 * x.shape[3]! * depth), 2, x.shape[3]! * depth];
  const codes = codesOf(graph, x.shape[3]!, depth);
  const byRows = step("Relu", step("Add", reshape(graph, distance, rows), codes));
  const coded = reshape(graph, byRows, x.shape);
  // 1 at the highest code, 0 elsewhere
  const below = step("Sub", poolBy(graph, "MaxPool", coded, window), graph.scalar(1));
  const takes = step("Relu", step("Sub", coded, enlarge(graph, below, kernelSize)));
  return step("Mul", enlarge(graph, gradOutput, kernelSize), takes);
}

// 4 3 over 2 1 in every window, as often as numbers lie side by side: [2, width * depth]
function codesOf(graph: Graph, width: number, depth: number): GraphValue {
  const length = width * depth;
  const order = Float32Array.from({ length: 2 * length }, (_, k) => {
    const row = Math.floor(k / length);
    const column = Math.floor((k % length) / depth) % 2;
    return 4 - 2 * row - column;
  });
  return graph.constant(order, { shape: [2, length], dtype: "float32" });
}

function gradByPosition(graph: Graph, { gradOutput, x, window }: Operands): GraphValue {
  const shape = pooledShape(x, window);
  const attributes = { ...slide(window), kernel_shape: window.kernelSize };
  const outputs = [
    { shape, dtype: x.dtype },
    { shape, dtype: "int64" },
  ] as const;
  const [, positions] = graph.nodeWith(outputs, "MaxPool", [x], { attributes });
  const [count, size] = [sizeOf(shape), sizeOf(x.shape)];
  const zeros = expand(graph, graph.scalar(0), [size]);
  const scattered = graph.node(
    "ScatterElements",
    [zeros, reshape(graph, positions!, [count]), reshape(graph, gradOutput, [count])],
    { shape: [size], dtype: x.dtype },
    { attributes: { axis: 0, reduction: "add" } },
  );
  return reshape(graph, scattered, x.shape);
}
