// The few WebAssembly instructions that the library needs, by name, and the bytes of a module with one function.

/** Bytes of instructions; those that give a value are the operands of others, which come after them. */
export type Code = readonly number[];

/** Types of values. */
export const VALUE_TYPES = { i32: 0x7f, v128: 0x7b } as const;

/** Bytes of a page of memory. */
export const PAGE_BYTES = 65_536;

/** The function's parameters and variables, by number. */
export const local = {
  get: (index: number): Code => [0x20, ...unsigned(index)],
  set: (index: number, value: Code): Code => [...value, 0x21, ...unsigned(index)],
  /** Sets, and gives the value. */
  tee: (index: number, value: Code): Code => [...value, 0x22, ...unsigned(index)],
};

/** Whole numbers of 32 bits, which addresses are too. */
export const i32 = {
  constant: (value: number): Code => [0x41, ...signed(value)],
  add: (a: Code, b: Code): Code => [...a, ...b, 0x6a],
  subtract: (a: Code, b: Code): Code => [...a, ...b, 0x6b],
};

/** Registers of 128 bits, from and to the memory `offset` bytes behind an address. */
export const v128 = {
  load: (address: Code, offset: number): Code => [
    ...address,
    0xfd,
    0x00,
    ALIGN_4,
    ...unsigned(offset),
  ],
  /** One number of 32 bits, four times. */
  load32Splat: (address: Code, offset: number): Code => [
    ...address,
    0xfd,
    0x09,
    ALIGN_4,
    ...unsigned(offset),
  ],
  store: (address: Code, offset: number, value: Code): Code => [
    ...address,
    ...value,
    0xfd,
    0x0b,
    ALIGN_4,
    ...unsigned(offset),
  ],
  xor: (a: Code, b: Code): Code => [...a, ...b, 0xfd, 0x51],
  /** Four of the eight numbers of 32 bits that two registers hold: those of `a` are 0 to 3, those of `b` 4 to 7. */
  pick: (numbers: readonly number[], a: Code, b: Code): Code => [
    ...a,
    ...b,
    0xfd,
    0x0d,
    ...numbers.flatMap((number) => [0, 1, 2, 3].map((byte) => 4 * number + byte)),
  ],
};

/** The same registers as four whole numbers of 32 bits. */
export const i32x4 = {
  constant: (numbers: readonly number[]): Code => [
    0xfd,
    0x0c,
    ...new Uint8Array(Uint32Array.from(numbers).buffer),
  ],
  /** One number, four times. */
  splat: (value: Code): Code => [...value, 0xfd, 0x11],
  add: (a: Code, b: Code): Code => [...a, ...b, 0xfd, ...unsigned(0xae)],
  /** Bits to the right, zeros from the left. */
  shiftRight: (a: Code, by: Code): Code => [...a, ...by, 0xfd, ...unsigned(0xad)],
  /** The whole products, of 64 bits, of the first two numbers, taken as unsigned. */
  multiplyFirst: (a: Code, b: Code): Code => [...a, ...b, 0xfd, ...unsigned(0xde)],
  /** The same of the last two. */
  multiplyLast: (a: Code, b: Code): Code => [...a, ...b, 0xfd, ...unsigned(0xdf)],
};

/** The same registers as four float32. */
export const f32x4 = {
  constant: (numbers: readonly number[]): Code => [
    0xfd,
    0x0c,
    ...new Uint8Array(Float32Array.from(numbers).buffer),
  ],
  /** Whole numbers, taken as signed. */
  fromWhole: (a: Code): Code => [...a, 0xfd, ...unsigned(0xfa)],
  add: (a: Code, b: Code): Code => [...a, ...b, 0xfd, ...unsigned(0xe4)],
  multiply: (a: Code, b: Code): Code => [...a, ...b, 0xfd, ...unsigned(0xe6)],
};

/** Does `body`, and again while `condition` after it is not 0. */
export const repeatWhile = (body: Code, condition: Code): Code => {
  const [LOOP, BRANCH_IF, INNERMOST] = [0x03, 0x0d, 0];
  return [LOOP, NO_RESULT, ...body, ...condition, BRANCH_IF, INNERMOST, END];
};

// Addresses are multiples of 2^2 bytes.
const ALIGN_4 = 2;
const NO_RESULT = 0x40;
const END = 0x0b;

/** A function without a result. */
export interface ModuleFunction {
  /** Types of parameters and of variables, in the order of their numbers. */
  readonly parameters: readonly number[];
  readonly variables: readonly number[];
  readonly body: Code;
}

/** The file of a module that exports a memory, `memory`, and a function, `run`. */
export function moduleBytes(run: ModuleFunction, memoryPages: number): Uint8Array<ArrayBuffer> {
  const FUNCTION_TYPE = 0x60;
  const [MAGIC, VERSION] = [
    [0, ...Buffer.from("asm")],
    [1, 0, 0, 0],
  ];
  const variables = run.variables.map((type) => [...unsigned(1), type]);
  const body = [...list(variables), ...run.body, END];
  return Uint8Array.from([
    ...MAGIC,
    ...VERSION,
    // The types of functions: one, with these parameters and no result.
    ...section(1, [[FUNCTION_TYPE, ...list(run.parameters.map((type) => [type])), 0]]),
    // The functions: one, of type 0.
    ...section(3, [[0]]),
    // The memories: one, of a fixed size.
    ...section(5, [[1, ...unsigned(memoryPages), ...unsigned(memoryPages)]]),
    ...section(7, [exported("run", 0), exported("memory", 2)]),
    ...section(10, [[...unsigned(body.length), ...body]]),
  ]);
}

const exported = (name: string, kind: number): Code => [
  ...unsigned(name.length),
  ...Buffer.from(name),
  kind,
  0,
];

function section(kind: number, entries: readonly Code[]): Code {
  const content = list(entries);
  return [kind, ...unsigned(content.length), ...content];
}

const list = (entries: readonly Code[]): Code => [...unsigned(entries.length), ...entries.flat()];

// LEB128: seven bits a byte, the lowest first; the eighth says that more follow.
function unsigned(value: number): number[] {
  const rest = value >>> 7;
  return rest === 0 ? [value] : [(value & 0x7f) | 0x80, ...unsigned(rest)];
}

function signed(value: number): number[] {
  const [low, rest] = [value & 0x7f, value >> 7];
  // The seventh bit of the last byte is the sign.
  const isLast = (rest === 0 && low < 0x40) || (rest === -1 && low >= 0x40);
  return isLast ? [low] : [low | 0x80, ...signed(rest)];
}
