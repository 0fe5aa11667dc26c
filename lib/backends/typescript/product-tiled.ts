// The same product, 3 x 4 results at a time, so that every number fetched from memory is used three or four times.
import { type MatrixView, type Product, transposedView } from "../matrix.ts";

/**
 * Rows and columns of a tile: 12 sums and the numbers they are made of just fit the 16 registers of a
 * processor. Measured fastest of the shapes from 2 x 3 to 4 x 5; 4 x 4 takes 6 % longer.
 */
const ROWS = 3;
const COLUMNS = 4;

/** Terms of the inner sum done in one go: a panel of 256 x 4 float64 is 8 kB and stays in the first cache. */
const DEPTH = 256;

/**
 * out = alpha * a * b + bias, as `naiveProduct` says it.
 *
 * Both matrices are first copied into panels of three rows (of a) or four columns (of b), laid out in
 * the order in which the tile reads them, as float64: JavaScript computes in float64, and this way
 * each number is converted once instead of at every use. The copy also undoes any transposition.
 */
export function tiledProduct(product: Product): void {
  const { m, n, k, a, b } = product;
  const rows = roundUp(m, ROWS);
  const columns = roundUp(n, COLUMNS);
  const sums = new Float64Array(rows * columns);
  const aPanels = new Float64Array(rows * Math.min(k, DEPTH));
  const bPanel = new Float64Array(COLUMNS * Math.min(k, DEPTH));
  for (let from = 0; from < k; from += DEPTH) {
    const depth = Math.min(DEPTH, k - from);
    for (let i = 0; i < m; i += ROWS) {
      const panel = aPanels.subarray(i * depth, (i + ROWS) * depth);
      packPanel(panel, transposedView(a), { lanes: ROWS, across: i, width: m, from, depth });
    }
    for (let j = 0; j < n; j += COLUMNS) {
      packPanel(bPanel, b, { lanes: COLUMNS, across: j, width: n, from, depth });
      for (let i = 0; i < m; i += ROWS) {
        addTile(aPanels, bPanel, sums, { panelAt: i * depth, depth, at: i * columns + j, columns });
      }
    }
  }
  writeResult(product, sums, columns);
}

const roundUp = (length: number, unit: number): number => Math.ceil(length / unit) * unit;

interface PanelPlace {
  readonly lanes: number;
  readonly across: number;
  readonly width: number;
  readonly from: number;
  readonly depth: number;
}

// panel[lanes * p + lane] = matrix[from + p, across + lane]. Lanes beyond the edge keep what they held: nobody reads
// their sums.
function packPanel(panel: Float64Array, matrix: MatrixView, place: PanelPlace): void {
  const { data, rowStep, columnStep } = matrix;
  const { lanes, across, width, from, depth } = place;
  for (let lane = 0; lane < Math.min(lanes, width - across); lane++) {
    let at = matrix.start + from * rowStep + (across + lane) * columnStep;
    for (let p = lane; p < lanes * depth; p += lanes) {
      panel[p] = data[at]!;
      at += rowStep;
    }
  }
}

interface TilePlace {
  readonly panelAt: number;
  readonly depth: number;
  readonly at: number;
  readonly columns: number;
}

// sums[i..i+3, j..j+4] += aPanel x bPanel: 7 numbers fetched, 12 products, per step. Written out: arrays inside
// the loop, even as `const [b0, b1] = ...`, make it half as fast.
function addTile(a: Float64Array, b: Float64Array, sums: Float64Array, place: TilePlace): void {
  let [s00, s01, s02, s03] = [0, 0, 0, 0];
  let [s10, s11, s12, s13] = [0, 0, 0, 0];
  let [s20, s21, s22, s23] = [0, 0, 0, 0];
  const end = COLUMNS * place.depth;
  for (let p = 0, q = place.panelAt; p < end; p += COLUMNS, q += ROWS) {
    const b0 = b[p]!;
    const b1 = b[p + 1]!;
    const b2 = b[p + 2]!;
    const b3 = b[p + 3]!;
    const a0 = a[q]!;
    s00 += a0 * b0;
    s01 += a0 * b1;
    s02 += a0 * b2;
    s03 += a0 * b3;
    const a1 = a[q + 1]!;
    s10 += a1 * b0;
    s11 += a1 * b1;
    s12 += a1 * b2;
    s13 += a1 * b3;
    const a2 = a[q + 2]!;
    s20 += a2 * b0;
    s21 += a2 * b1;
    s22 += a2 * b2;
    s23 += a2 * b3;
  }
  let at = place.at;
  sums[at]! += s00;
  sums[at + 1]! += s01;
  sums[at + 2]! += s02;
  sums[at + 3]! += s03;
  at += place.columns;
  sums[at]! += s10;
  sums[at + 1]! += s11;
  sums[at + 2]! += s12;
  sums[at + 3]! += s13;
  at += place.columns;
  sums[at]! += s20;
  sums[at + 1]! += s21;
  sums[at + 2]! += s22;
  sums[at + 3]! += s23;
}

// The only rounding: from the float64 sum to the element type of the result.
function writeResult(
  { m, n, alpha, bias, out, outStart }: Product,
  sums: Float64Array,
  columns: number,
): void {
  for (let i = 0; i < m; i++) {
    const row = i * columns;
    const outRow = outStart + i * n;
    for (let j = 0; j < n; j++) {
      const shift = bias === undefined ? 0 : bias[j]!;
      out[outRow + j] = alpha * sums[row + j]! + shift;
    }
  }
}
