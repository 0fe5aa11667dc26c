// The readable backend: every primitive as plain loops over typed arrays, synchronous.
import type { Backend } from "../backend.ts";
import { argMax, reduce } from "./reduce.ts";
import { concat, expand, pad, reshape, slice, transpose } from "./arrange.ts";
import { binary, compare, where } from "./binary.ts";
import { convolutionsWith } from "./convolution.ts";
import { hostStorage } from "../host-array.ts";
import { avgPool2d, avgPool2dGrad, maxPool2d, maxPool2dGrad } from "./pooling.ts";
import { productsWith } from "./product.ts";
import { tiledProduct } from "./product-tiled.ts";
import { gather, oneHot, scatterAdd } from "./rows.ts";
import { logSoftmax, softmax } from "./softmax.ts";
import { cast, unary } from "./unary.ts";
import { upsampleNearest } from "./upsampling.ts";

/** The reference that all other backends are compared with. */
export const typescriptBackend: Backend = {
  name: "typescript",
  ...hostStorage,
  unary,
  binary,
  compare,
  where,
  cast,
  ...productsWith(tiledProduct),
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
  ...convolutionsWith(tiledProduct),
  maxPool2d,
  maxPool2dGrad,
  avgPool2d,
  avgPool2dGrad,
  upsampleNearest,
};
