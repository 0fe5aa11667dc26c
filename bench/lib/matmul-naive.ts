// Worker: a product of matrices in three loops, as the formula says it: the speed that the tiled loops must beat.
import { serve, type Workload } from "../workers/serve.ts";
import { CORNER, OPERATIONS } from "./operations.ts";
import { uniform } from "./task-data.ts";

function make(): Workload {
  const [a, b] = OPERATIONS.matmul.operands.map(([[rows, columns], bound], index) =>
    uniform(rows! * columns!, 1 + index, bound),
  ) as [Float32Array, Float32Array];
  const size = OPERATIONS.matmul.operands[0]![0][0]!;
  const out = new Float32Array(size * size);
  const corner = (): number[] =>
    Array.from({ length: CORNER * CORNER }, (_, k) => {
      const [row, column] = [Math.floor(k / CORNER), k % CORNER];
      return out[row * size + column]!;
    });
  const product = (): number => {
    for (let i = 0; i < size; i++) {
      for (let j = 0; j < size; j++) {
        let sum = 0;
        for (let p = 0; p < size; p++) sum += a[i * size + p]! * b[p * size + j]!;
        out[i * size + j] = sum;
      }
    }
    return out[0]!;
  };
  return { take: (steps) => Array.from({ length: steps }, product), weights: corner };
}

await serve(make);
