// Every primitive as nodes of a graph: the table that the eager backend and the recorder share.
import type { Backend, BackendValue } from "../backend.ts";
import type { Graph, GraphValue } from "./graph.ts";
import { conv2d, conv2dGradInput } from "./lowering/convolution.ts";
import { cast, compare, where } from "./lowering/choices.ts";
import { binary, unary } from "./lowering/elementwise.ts";
import {
  concat,
  expand,
  gather,
  oneHot,
  pad,
  reshape,
  scatterAdd,
  slice,
  transpose,
} from "./lowering/moves.ts";
import { affine, matmul } from "./lowering/products.ts";
import { argMax, logSoftmax, reduce, softmax } from "./lowering/reductions.ts";
import { maxPool2dGrad } from "./lowering/max-pool-gradient.ts";
import { conv2dGradWeight } from "./lowering/weight-gradient.ts";
import { avgPool2d, avgPool2dGrad, maxPool2d } from "./lowering/pooling.ts";
import { upsampleNearest } from "./lowering/upsampling.ts";
/** Adds a primitive's nodes to a graph. @returns its output */
type Lowering<Name extends PrimitiveName> = (
  graph: Graph,
  ...parameters: GraphParameters<Parameters<Backend[Name]>>
) => GraphValue;

/** The parameters of a primitive, with values of a graph in place of a backend's. */
type GraphParameters<All extends readonly unknown[]> = {
  [Index in keyof All]: All[Index] extends readonly BackendValue[]
    ? readonly GraphValue[]
    : All[Index] extends BackendValue
      ? GraphValue
      : All[Index];
};

/** Primitives that compute; the others make arrays or hand them over. */
export type PrimitiveName = Exclude<
  keyof Backend,
  | "name"
  | "fromHost"
  | "fill"
  | "drawn"
  | "constant"
  | "adopt"
  | "read"
  | "scan"
  | "meanOverRanks"
  | "timesRanks"
  | "willKeep"
  | "together"
>;

/** How each primitive becomes nodes. */
export const LOWERINGS: { readonly [Name in PrimitiveName]: Lowering<Name> } = {
  unary,
  binary,
  compare,
  where,
  cast,
  matmul,
  affine,
  reduce,
  argMax,
  softmax,
  logSoftmax,
  reshape,
  transpose,
  slice,
  concat,
  pad,
  expand,
  gather,
  scatterAdd,
  oneHot,
  conv2d,
  conv2dGradInput,
  conv2dGradWeight,
  maxPool2d,
  maxPool2dGrad,
  avgPool2d,
  avgPool2dGrad,
  upsampleNearest,
};
