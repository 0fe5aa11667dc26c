// The single operations that are measured: a product and a convolution, alone. torch_worker.py has the same.
import * as lib from "../../lib/index.ts";
import { uniform } from "./task-data.ts";

/** Name of an operation. */
export type OperationName = "matmul" | "conv" | "convgrad";

/** How an operation is made. */
export interface Operation {
  readonly title: string;
  /** Shape and bound of each operand; its numbers are hashed with seeds from 1 on. */
  readonly operands: readonly (readonly [shape: readonly number[], bound: number])[];
  /** Everything that it computes. */
  readonly compute: (operands: readonly lib.Tensor[]) => readonly lib.Tensor[];
}

const IMAGES = [8, 64, 56, 56];
const FILTERS = [64, 64, 3, 3];
const PADDED = { padding: 1 } as const;

/** All operations by name. */
export const OPERATIONS: Readonly<Record<OperationName, Operation>> = {
  matmul: {
    title: "product of 1024 x 1024 matrices",
    operands: [
      [[1024, 1024], 1],
      [[1024, 1024], 1],
    ],
    compute: ([a, b]) => [lib.matmul(a!, b!)],
  },
  conv: {
    title: "convolution 64 to 64 channels, 3 x 3, 56 x 56, batch 8",
    operands: [
      [IMAGES, 1],
      [FILTERS, 0.1],
    ],
    compute: ([x, weight]) => [lib.conv2d(x!, weight!, PADDED)],
  },
  convgrad: {
    title: "the same convolution with both gradients",
    operands: [
      [IMAGES, 1],
      [FILTERS, 0.1],
      [IMAGES, 1],
    ],
    compute: ([x, weight, gradOutput]) => [
      lib.conv2d(x!, weight!, PADDED),
      lib.conv2dGradInput(gradOutput!, weight!, { ...PADDED, inputSize: 56 }),
      lib.conv2dGradWeight(x!, gradOutput!, { ...PADDED, kernelSize: 3 }),
    ],
  },
};

/** The operands as parameters: a compiled step then keeps them, as every system keeps its tensors. */
export class Operands extends lib.Layer {
  readonly list: readonly lib.Parameter[];

  constructor(name: OperationName) {
    super();
    this.list = OPERATIONS[name].operands.map(([shape, bound], index) => {
      const numbers = uniform(
        shape.reduce((a, b) => a * b),
        1 + index,
        bound,
      );
      return new lib.Parameter(`operand${index}`, lib.fromTypedArray(numbers, shape));
    });
  }

  override parameters(): lib.Parameter[] {
    return [...this.list];
  }

  /** Nothing flows through operands. */
  forward(input: lib.Tensor): lib.Tensor {
    return input;
  }

  /** Nothing flows back either. */
  backward(gradOutput: lib.Tensor): lib.Tensor {
    return gradOutput;
  }
}

/** How many places of each axis are read of a result: all systems compute all of it, and look at a corner. */
export const CORNER = 4;

/** The first numbers of a result, `CORNER` of each axis, in one row. */
export function cornerOf(result: lib.Tensor): lib.Tensor {
  const corner = lib.slice(
    result,
    result.shape.map(() => [0, CORNER] as const),
  );
  return lib.reshape(corner, [-1]);
}
