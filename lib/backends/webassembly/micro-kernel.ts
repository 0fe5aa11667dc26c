// The innermost loops of a product in WebAssembly: a tile of sums stays in registers while its terms go by.
import {
  type Code,
  f32x4,
  i32,
  local,
  type ModuleFunction,
  repeatWhile,
  v128,
  VALUE_TYPES,
} from "../../webassembly/assembler.ts";

/** Rows of a tile. */
export const ROWS = 4;
/** Columns of a tile: two registers of four float32. */
export const COLUMNS = 8;

const NUMBER_BYTES = 4;
const REGISTER_BYTES = 16;

// Parameters, then variables, by number.
const A_AT = 0;
const B = 1;
const SUMS_AT = 2;
const TILES = 3;
const DEPTH = 4;
const ROW_BYTES = 5;
const B_ROW_BYTES = 6;
const B_AT = 7;
const TERMS = 8;
const ROW_AT = 9;
const A_NUMBER = 10;
const LEFT = 11;
const RIGHT = 12;
const SUM = (row: number, half: number): number => 13 + 2 * row + half;

const rows = Array.from({ length: ROWS }, (_, row) => row);
const sums = rows.flatMap((row) => [SUM(row, 0), SUM(row, 1)]);

const advance = (pointer: number, bytes: Code): Code =>
  local.set(pointer, i32.add(local.get(pointer), bytes));

// One less to do; 0 ends a loop.
const countDown = (counter: number): Code =>
  local.tee(counter, i32.subtract(local.get(counter), i32.constant(1)));

// Does something for each row of the tile's sums in memory, and ends below the last one.
const alongRows = (visit: (row: number, address: Code) => Code): Code => [
  ...local.set(ROW_AT, local.get(SUMS_AT)),
  ...rows.flatMap((row) => [
    ...visit(row, local.get(ROW_AT)),
    ...advance(ROW_AT, local.get(ROW_BYTES)),
  ]),
];

const loadSums = alongRows((row, address) => [
  ...local.set(SUM(row, 0), v128.load(address, 0)),
  ...local.set(SUM(row, 1), v128.load(address, REGISTER_BYTES)),
]);

const storeSums = alongRows((row, address) => [
  ...v128.store(address, 0, local.get(SUM(row, 0))),
  ...v128.store(address, REGISTER_BYTES, local.get(SUM(row, 1))),
]);

// sum += number of a * four numbers of b
const addProduct = (sum: number, numbers: number): Code =>
  local.set(
    sum,
    f32x4.add(local.get(sum), f32x4.multiply(local.get(A_NUMBER), local.get(numbers))),
  );

const addTerm: Code = [
  ...local.set(LEFT, v128.load(local.get(B_AT), 0)),
  ...local.set(RIGHT, v128.load(local.get(B_AT), REGISTER_BYTES)),
  ...rows.flatMap((row) => [
    ...local.set(A_NUMBER, v128.load32Splat(local.get(A_AT), row * NUMBER_BYTES)),
    ...addProduct(SUM(row, 0), LEFT),
    ...addProduct(SUM(row, 1), RIGHT),
  ]),
  ...advance(A_AT, i32.constant(ROWS * NUMBER_BYTES)),
  ...advance(B_AT, local.get(B_ROW_BYTES)),
];

const addTile: Code = [
  ...loadSums,
  ...local.set(B_AT, local.get(B)),
  ...local.set(TERMS, local.get(DEPTH)),
  ...repeatWhile(addTerm, countDown(TERMS)),
  ...storeSums,
  ...local.set(SUMS_AT, local.get(ROW_AT)),
];

/**
 * `(a, b, sums, tiles, depth, rowBytes, bRowBytes)`: sums`[tiles * ROWS, COLUMNS]` += a`[tiles * ROWS, depth]` *
 * b`[depth, COLUMNS]`
 *
 * The first three are addresses. The numbers of a tile of `a` lie term by term, ROWS for each. The rows of the sums
 * and of `b` are `rowBytes` and `bRowBytes` apart.
 */
export const addTiles: ModuleFunction = {
  parameters: Array.from({ length: 7 }, () => VALUE_TYPES.i32),
  variables: [
    ...[B_AT, TERMS, ROW_AT].map(() => VALUE_TYPES.i32),
    ...[A_NUMBER, LEFT, RIGHT, ...sums].map(() => VALUE_TYPES.v128),
  ],
  body: repeatWhile(addTile, countDown(TILES)),
};
