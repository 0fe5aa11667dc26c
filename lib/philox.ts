// Philox4x32-10: a counter turned into random words, so that any word can be computed alone.

/** Four 32-bit words that say which random words are wanted. */
export type Counter = Uint32Array;
/** Two 32-bit words: other keys, other random words. */
export type Key = readonly [number, number];

// The multipliers and key increments of the paper (table 2 and section 3).
const MULTIPLIER_0 = 0xd2511f53;
const MULTIPLIER_1 = 0xcd9e8d57;
const KEY_STEP_0 = 0x9e3779b9;
const KEY_STEP_1 = 0xbb67ae85;
const ROUNDS = 10;

/** The numbers that the rounds are made of. */
export interface PhiloxNumbers {
  /** Factors of a counter's first and third word. */
  readonly multipliers: readonly [number, number];
  /** What is added to the words of the key from round to round. */
  readonly keySteps: readonly [number, number];
  readonly rounds: number;
}

/** The same for other gears: a constant that is exported, the engine looks up at every use. */
export const PHILOX: PhiloxNumbers = {
  multipliers: [MULTIPLIER_0, MULTIPLIER_1],
  keySteps: [KEY_STEP_0, KEY_STEP_1],
  rounds: ROUNDS,
};

/**
 * Philox4x32-10: four random words as a function of a counter and a key, without any state.
 *
 * @param counter - the first counter; the others follow by counting up its first word, without a carry
 * @param words - where the random words are written: of as many counters as it has room for
 * @source Salmon, Moraes, Dror & Shaw 2011, "Parallel random numbers: as easy as 1, 2, 3", section 3.3
 */
export function philox(counter: Counter, key: Key, words: Uint32Array): void {
  const [first = 0, second = 0, third = 0, fourth = 0] = counter;
  for (let at = 0; at < words.length; at += 4) {
    let [c0, c1, c2, c3] = [first + at / 4, second, third, fourth];
    let [k0, k1] = key;
    for (let round = 0; round < ROUNDS; round++) {
      const high0 = highWord(MULTIPLIER_0, c0);
      const high1 = highWord(MULTIPLIER_1, c2);
      const low0 = Math.imul(MULTIPLIER_0, c0);
      const low1 = Math.imul(MULTIPLIER_1, c2);
      c0 = high1 ^ c1 ^ k0;
      c1 = low1;
      c2 = high0 ^ c3 ^ k1;
      c3 = low0;
      k0 = (k0 + KEY_STEP_0) | 0;
      k1 = (k1 + KEY_STEP_1) | 0;
    }
    words[at] = c0;
    words[at + 1] = c1;
    words[at + 2] = c2;
    words[at + 3] = c3;
  }
}

// Upper 32 bits of the 64-bit product, from four products of 16-bit halves, none of which leaves 32 bits.
function highWord(a: number, b: number): number {
  const aLow = a & 0xffff;
  const aHigh = a >>> 16;
  const bLow = b & 0xffff;
  const bHigh = b >>> 16;
  const middle = Math.imul(aHigh, bLow) + (Math.imul(aLow, bLow) >>> 16);
  const cross = Math.imul(aLow, bHigh) + (middle & 0xffff);
  return (Math.imul(aHigh, bHigh) + (middle >>> 16) + (cross >>> 16)) | 0;
}

/** Counters that are turned into words in one go, at most. */
export const MOST_COUNTERS = 1024;

/**
 * Turns a counter and those that follow it into words, as `philox` does.
 *
 * @param count - how many counters, at most MOST_COUNTERS
 * @returns their words, four by four; what comes behind them is left over, and the next call writes over all
 */
export type PhiloxGear = (counter: Counter, key: Key, count: number) => Uint32Array;

/** One counter after the other. */
export function plainPhilox(): PhiloxGear {
  const words = new Uint32Array(4 * MOST_COUNTERS);
  return (counter, key, count) => {
    philox(counter, key, words.subarray(0, 4 * count));
    return words;
  };
}

/**
 * Turns a counter and those that follow it into float32 of 0 <= x < 1, two each: the top 24 bits of its first and its
 * third word.
 *
 * @param count - how many counters, at most MOST_COUNTERS
 * @returns two numbers for each; what comes behind them is left over, and the next call writes over all
 */
export type UniformGear = (counter: Counter, key: Key, count: number) => Float32Array;

/** One counter after the other. */
export function plainUniform(): UniformGear {
  const gear = plainPhilox();
  const numbers = new Float32Array(2 * MOST_COUNTERS);
  return (counter, key, count) => {
    const words = gear(counter, key, count);
    for (let i = 0; i < 2 * count; i++) numbers[i] = (words[2 * i]! >>> 8) / 2 ** 24;
    return numbers;
  };
}
