// A float32 product on the processor's vector registers, for machines that ONNX Runtime does not know.
import type { MatrixView, Multiply, Product } from "../matrix.ts";
import { type Engine, webassemblyEngine } from "../../webassembly/engine.ts";
import { addTiles, COLUMNS, ROWS } from "./micro-kernel.ts";

/**
 * How much of a product is done in one go: the packed rows of `a` stay in the second cache, what a tile reads of `b`
 * in the first. The memory is of one size, whatever the matrices: it is used again and again, and never grows.
 */
const MOST_ROWS = 512;
const MOST_COLUMNS = 1024;
/** Terms of the inner sum done in one go. */
const MOST_TERMS = 256;
/** Between two rows of `b`, so that a column does not fall on the same few lines of a cache: one line. */
const GAP = 16;

const NUMBER_BYTES = 4;
// Where the three matrices lie, counted in numbers.
const A_AT = 0;
const B_AT = A_AT + MOST_ROWS * MOST_TERMS;
const SUMS_AT = B_AT + MOST_TERMS * (MOST_COLUMNS + GAP);
const MEMORY_BYTES = (SUMS_AT + MOST_ROWS * MOST_COLUMNS) * NUMBER_BYTES;

let found: { readonly multiply: Multiply | undefined } | undefined;

/** The product, or undefined where the engine has no WebAssembly with vector registers. */
export function webassemblyProduct(): Multiply | undefined {
  found ??= { multiply: compile() };
  return found.multiply;
}

function compile(): Multiply | undefined {
  const engine = webassemblyEngine(addTiles, MEMORY_BYTES);
  return engine && ((product) => multiply(engine, product));
}

/** A part of the result. */
interface Block {
  readonly row: number;
  readonly rows: number;
  readonly column: number;
  readonly columns: number;
}

function multiply(engine: Engine, task: Product): void {
  for (let column = 0; column < task.n; column += MOST_COLUMNS) {
    const columns = Math.min(MOST_COLUMNS, task.n - column);
    for (let row = 0; row < task.m; row += MOST_ROWS) {
      const rows = Math.min(MOST_ROWS, task.m - row);
      multiplyBlock(engine, task, { row, rows, column, columns });
    }
  }
}

function multiplyBlock({ memory, run }: Engine, task: Product, block: Block): void {
  const { row, rows, column, columns } = block;
  const numbers = new Float32Array(memory);
  const tiles = Math.ceil(rows / ROWS);
  const width = Math.ceil(columns / COLUMNS) * COLUMNS;
  numbers.fill(0, SUMS_AT, SUMS_AT + tiles * ROWS * width);
  for (let from = 0; from < task.k; from += MOST_TERMS) {
    const depth = Math.min(MOST_TERMS, task.k - from);
    packRows(numbers, part(task.a, row, from), { rows, depth });
    copy(numbers, part(task.b, from, column), { depth, columns, stride: width + GAP });
    for (let j = 0; j < columns; j += COLUMNS) {
      const addresses = [A_AT, B_AT + j, SUMS_AT + j].map((at) => at * NUMBER_BYTES);
      run(...addresses, tiles, depth, width * NUMBER_BYTES, (width + GAP) * NUMBER_BYTES);
    }
  }
  write(task, block, numbers.subarray(SUMS_AT));
}

const part = ({ data, start, rowStep, columnStep }: MatrixView, row: number, column: number) => ({
  data,
  start: start + row * rowStep + column * columnStep,
  rowStep,
  columnStep,
});

// numbers[i * depth + ROWS * p + row] = a[i + row, p] for each tile of rows from i on. A tile that reaches beyond the
// edge repeats the last row: nobody reads those sums.
function packRows(
  numbers: Float32Array,
  { data, start, rowStep, columnStep }: MatrixView,
  { rows, depth }: { readonly rows: number; readonly depth: number },
): void {
  let to = A_AT;
  for (let i = 0; i < rows; i += ROWS) {
    let [r0, r1, r2, r3] = [0, 1, 2, 3].map(
      (row) => start + Math.min(i + row, rows - 1) * rowStep,
    ) as [number, number, number, number];
    for (const end = to + ROWS * depth; to < end; to += ROWS) {
      numbers[to] = data[r0]!;
      numbers[to + 1] = data[r1]!;
      numbers[to + 2] = data[r2]!;
      numbers[to + 3] = data[r3]!;
      r0 += columnStep;
      r1 += columnStep;
      r2 += columnStep;
      r3 += columnStep;
    }
  }
}

// numbers[stride * p + j] = b[p, j]. Between the edge and the next whole tile stays what was there: nobody reads
// those sums.
function copy(
  numbers: Float32Array,
  { data, start, rowStep, columnStep }: MatrixView,
  { depth, columns, stride }: Record<"depth" | "columns" | "stride", number>,
): void {
  if (columnStep === 1) {
    for (let p = 0; p < depth; p++) {
      const at = start + p * rowStep;
      numbers.set(data.subarray(at, at + columns), B_AT + p * stride);
    }
    return;
  }
  // Eight columns at a time: what is read and what is written both lie in few places.
  for (let j = 0; j < columns; j += COLUMNS) {
    const end = Math.min(j + COLUMNS, columns);
    for (let p = 0; p < depth; p++) {
      let at = start + p * rowStep + j * columnStep;
      for (let to = B_AT + p * stride + j; to < B_AT + p * stride + end; to++, at += columnStep) {
        numbers[to] = data[at]!;
      }
    }
  }
}

function write({ n, alpha, bias, out, outStart }: Product, block: Block, sums: Float32Array): void {
  const { columns } = block;
  const width = Math.ceil(columns / COLUMNS) * COLUMNS;
  for (let i = 0; i < block.rows; i++) {
    const to = outStart + (block.row + i) * n + block.column;
    if (alpha === 1 && bias === undefined) {
      out.set(sums.subarray(i * width, i * width + columns), to);
      continue;
    }
    for (let j = 0; j < columns; j++) {
      const shift = bias === undefined ? 0 : bias[block.column + j]!;
      out[to + j] = alpha * sums[i * width + j]! + shift;
    }
  }
}
