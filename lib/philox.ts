// Philox4x32-10: a counter turned into random words, so that any word can be computed alone.

/** Four 32-bit words that say which random words are wanted. */
export type Counter = Uint32Array;
/** Two 32-bit words: other keys, other random words. */
export type Key = readonly [number, number];

// The multipliers and key increments of the paper (table 2 and section 3).
/** Factor of the first word, and of the third. */
export const MULTIPLIERS = [0xd2511f53, 0xcd9e8d57] as const;
/** What is added to the words of the key from round to round. */
export const KEY_STEPS = [0x9e3779b9, 0xbb67ae85] as const;
/** How often a counter is stirred. */
export const ROUNDS = 10;

/**
 * Philox4x32-10: four random words as a function of a counter and a key, without any state.
 *
 * @param words - where the four random words are written, from `at` on
 * @source Salmon, Moraes, Dror & Shaw 2011, "Parallel random numbers: as easy as 1, 2, 3", section 3.3
 */
export function philox(counter: Counter, key: Key, words: Uint32Array, at: number = 0): void {
  let [c0 = 0, c1 = 0, c2 = 0, c3 = 0] = counter;
  let [k0, k1] = key;
  for (let round = 0; round < ROUNDS; round++) {
    const high0 = highWord(MULTIPLIERS[0], c0);
    const high1 = highWord(MULTIPLIERS[1], c2);
    const low0 = Math.imul(MULTIPLIERS[0], c0);
    const low1 = Math.imul(MULTIPLIERS[1], c2);
    c0 = high1 ^ c1 ^ k0;
    c1 = low1;
    c2 = high0 ^ c3 ^ k1;
    c3 = low0;
    k0 = (k0 + KEY_STEPS[0]) | 0;
    k1 = (k1 + KEY_STEPS[1]) | 0;
  }
  words[at] = c0;
  words[at + 1] = c1;
  words[at + 2] = c2;
  words[at + 3] = c3;
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
 * Turns counters into words: `counter`, and those that follow it by counting up its first word, without a carry.
 *
 * @param count - how many counters, at most MOST_COUNTERS
 * @returns their words, four by four; what comes behind them is left over, and the next call writes over all
 */
export type PhiloxGear = (counter: Counter, key: Key, count: number) => Uint32Array;

/** One counter after the other. */
export function plainPhilox(): PhiloxGear {
  const words = new Uint32Array(4 * MOST_COUNTERS);
  return (counter, key, count) => {
    const next = counter.slice();
    for (let i = 0; i < count; i++) {
      philox(next, key, words, 4 * i);
      next[0]! += 1;
    }
    return words;
  };
}
