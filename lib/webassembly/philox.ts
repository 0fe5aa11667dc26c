// Philox on the processor's vector registers: four counters at a time, each in a lane of its own.
import { MOST_COUNTERS, PHILOX, type PhiloxGear, type UniformGear } from "../philox.ts";
import {
  type Code,
  f32x4,
  i32,
  i32x4,
  local,
  type ModuleFunction,
  repeatWhile,
  v128,
  VALUE_TYPES,
} from "./assembler.ts";
import { webassemblyEngine } from "./engine.ts";

/** Counters in a register. */
const LANES = 4;
const REGISTER_BYTES = 16;

// Parameters, then variables, by number.
const [COUNTER_0, COUNTER_1, COUNTER_2, COUNTER_3] = [0, 1, 2, 3];
const [KEY_0, KEY_1] = [4, 5];
const GROUPS = 6;
const AT = 7;
const NEXT = 8;
const [C0, C1, C2, C3] = [9, 10, 11, 12];
const [K0, K1] = [13, 14];
// Products are twice as wide as their factors: those of lanes 0 and 1, and those of lanes 2 and 3.
const [FIRST_0, LAST_0, FIRST_1, LAST_1] = [15, 16, 17, 18];
const REGISTERS = [NEXT, C0, C1, C2, C3, K0, K1, FIRST_0, LAST_0, FIRST_1, LAST_1];

const splat = (number: number): Code => i32x4.splat(i32.constant(number));

const increase = (register: number, by: number): Code =>
  local.set(register, i32x4.add(local.get(register), splat(by)));

const multiply = (c: number, by: number, [first, last]: readonly [number, number]): Code => [
  ...local.set(first, i32x4.multiplyFirst(local.get(c), splat(by))),
  ...local.set(last, i32x4.multiplyLast(local.get(c), splat(by))),
];

const lowWords = (first: number, last: number): Code =>
  v128.pick([0, 2, 4, 6], local.get(first), local.get(last));

const highWords = (first: number, last: number): Code =>
  v128.pick([1, 3, 5, 7], local.get(first), local.get(last));

const xor = (a: Code, b: number, c: number): Code =>
  v128.xor(v128.xor(a, local.get(b)), local.get(c));

const round: Code = [
  ...multiply(C0, PHILOX.multipliers[0], [FIRST_0, LAST_0]),
  ...multiply(C2, PHILOX.multipliers[1], [FIRST_1, LAST_1]),
  // c0 = high1 ^ c1 ^ k0
  ...local.set(C0, xor(highWords(FIRST_1, LAST_1), C1, K0)),
  ...local.set(C1, lowWords(FIRST_1, LAST_1)),
  // c2 = high0 ^ c3 ^ k1
  ...local.set(C2, xor(highWords(FIRST_0, LAST_0), C3, K1)),
  ...local.set(C3, lowWords(FIRST_0, LAST_0)),
  ...increase(K0, PHILOX.keySteps[0]),
  ...increase(K1, PHILOX.keySteps[1]),
];

// A lane has the words of a counter in four registers; in memory they lie side by side.
const storeTransposed: Code = [
  ...local.set(FIRST_0, v128.pick([0, 4, 1, 5], local.get(C0), local.get(C1))),
  ...local.set(FIRST_1, v128.pick([0, 4, 1, 5], local.get(C2), local.get(C3))),
  ...local.set(LAST_0, v128.pick([2, 6, 3, 7], local.get(C0), local.get(C1))),
  ...local.set(LAST_1, v128.pick([2, 6, 3, 7], local.get(C2), local.get(C3))),
  ...[
    v128.pick([0, 1, 4, 5], local.get(FIRST_0), local.get(FIRST_1)),
    v128.pick([2, 3, 6, 7], local.get(FIRST_0), local.get(FIRST_1)),
    v128.pick([0, 1, 4, 5], local.get(LAST_0), local.get(LAST_1)),
    v128.pick([2, 3, 6, 7], local.get(LAST_0), local.get(LAST_1)),
  ].flatMap((words, lane) => v128.store(local.get(AT), lane * REGISTER_BYTES, words)),
  ...local.set(AT, i32.add(local.get(AT), i32.constant(LANES * REGISTER_BYTES))),
];

// The top 24 bits of every word of a register, as fractions.
const fractions = (c: number): Code => {
  const whole = i32x4.shiftRight(local.get(c), i32.constant(8));
  return f32x4.multiply(f32x4.fromWhole(whole), f32x4.constant(Array(LANES).fill(2 ** -24)));
};

// The first and the third word of each counter.
const storeFractions: Code = [
  ...local.set(FIRST_0, fractions(C0)),
  ...local.set(FIRST_1, fractions(C2)),
  ...v128.store(local.get(AT), 0, v128.pick([0, 4, 1, 5], local.get(FIRST_0), local.get(FIRST_1))),
  ...v128.store(
    local.get(AT),
    REGISTER_BYTES,
    v128.pick([2, 6, 3, 7], local.get(FIRST_0), local.get(FIRST_1)),
  ),
  ...local.set(AT, i32.add(local.get(AT), i32.constant(2 * REGISTER_BYTES))),
];

const group = (store: Code): Code => [
  ...local.set(C0, local.get(NEXT)),
  ...[COUNTER_1, COUNTER_2, COUNTER_3].flatMap((word, index) =>
    local.set([C1, C2, C3][index]!, i32x4.splat(local.get(word))),
  ),
  ...local.set(K0, i32x4.splat(local.get(KEY_0))),
  ...local.set(K1, i32x4.splat(local.get(KEY_1))),
  ...Array.from({ length: PHILOX.rounds }, () => round).flat(),
  ...store,
  ...increase(NEXT, LANES),
];

/**
 * `(counter0, counter1, counter2, counter3, key0, key1, groups)`: what `store` makes of the words of `groups * LANES`
 * counters, from address 0 on.
 */
const counting = (store: Code): ModuleFunction => ({
  parameters: [COUNTER_0, COUNTER_1, COUNTER_2, COUNTER_3, KEY_0, KEY_1, GROUPS].map(
    () => VALUE_TYPES.i32,
  ),
  variables: [VALUE_TYPES.i32, ...REGISTERS.map(() => VALUE_TYPES.v128)],
  body: [
    ...local.set(NEXT, i32x4.add(i32x4.splat(local.get(COUNTER_0)), i32x4.constant([0, 1, 2, 3]))),
    ...repeatWhile(
      group(store),
      local.tee(GROUPS, i32.subtract(local.get(GROUPS), i32.constant(1))),
    ),
  ],
});

/** Four counters at a time; undefined where the engine has no WebAssembly with vector registers. */
export function vectorPhilox(): PhiloxGear | undefined {
  const made = memoryOf(storeTransposed, REGISTER_BYTES);
  if (made === undefined) return undefined;
  const words = new Uint32Array(made.memory);
  return (...counted) => {
    made.run(...counted);
    return words;
  };
}

/** The same for fractions, which are not written down as words before. */
export function vectorUniform(): UniformGear | undefined {
  const made = memoryOf(storeFractions, REGISTER_BYTES / 2);
  if (made === undefined) return undefined;
  const numbers = new Float32Array(made.memory);
  return (...counted) => {
    made.run(...counted);
    return numbers;
  };
}

function memoryOf(
  store: Code,
  bytesOfCounter: number,
): { memory: ArrayBuffer; run: (...counted: Parameters<PhiloxGear>) => void } | undefined {
  const engine = webassemblyEngine(counting(store), MOST_COUNTERS * bytesOfCounter);
  if (engine === undefined) return undefined;
  const { run, memory } = engine;
  return {
    memory,
    run(counter, key, count) {
      const [c0 = 0, c1 = 0, c2 = 0, c3 = 0] = counter;
      run(c0, c1, c2, c3, key[0], key[1], Math.ceil(count / LANES));
    },
  };
}
