// Seeded chance: Philox4x32-10, a counter turned into random words, so any element can be computed alone.
import { ArgumentError } from "./errors.ts";

// The multipliers and key increments of the paper (table 2 and section 3).
const MULTIPLIER_0 = 0xd2511f53;
const MULTIPLIER_1 = 0xcd9e8d57;
const KEY_STEP_0 = 0x9e3779b9;
const KEY_STEP_1 = 0xbb67ae85;
const ROUNDS = 10;

const TWO_32 = 2 ** 32;
const TWO_53 = 2 ** 53;

/**
 * Philox4x32-10: four random words as a function of a counter and a key, without any state.
 *
 * @param counter - four 32-bit words
 * @param key - two 32-bit words
 * @param words - where the four random words are written
 * @source Salmon, Moraes, Dror & Shaw 2011, "Parallel random numbers: as easy as 1, 2, 3", section 3.3
 */
export function philox(
  counter: Uint32Array,
  key: readonly [number, number],
  words: Uint32Array,
): void {
  let [c0 = 0, c1 = 0, c2 = 0, c3 = 0] = counter;
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
  words[0] = c0;
  words[1] = c1;
  words[2] = c2;
  words[3] = c3;
}

// Upper 32 bits of the 64-bit product, from four products of 16-bit halves, none of which leaves 32 bits.
function highWord(a: number, b: number): number {
  const aLow = a & 0xffff;
  const aHigh = a >>> 16;
  const bLow = b & 0xffff;
  const bHigh = b >>> 16;
  const middle = ((Math.imul(aHigh, bLow) >>> 0) + (Math.imul(aLow, bLow) >>> 16)) >>> 0;
  const cross = ((Math.imul(aLow, bHigh) >>> 0) + (middle & 0xffff)) >>> 0;
  return (Math.imul(aHigh, bHigh) + (middle >>> 16) + (cross >>> 16)) | 0;
}

/** Where the numbers of a generator come from; two generators with equal values draw equal numbers. */
export interface GeneratorState {
  /** Non-negative whole number below 2^53. */
  readonly seed: number;
  /** Which of the independent sequences of this seed; two 32-bit words, low one first. */
  readonly stream: readonly [number, number];
  /** Index of the next pair of numbers in the sequence. */
  readonly position: number;
}

/**
 * A source of chance with a seed. Element `i` of stream `s` depends on (seed, s, i) alone: the same
 * numbers come whatever the backend, the order of other draws, or the number of workers.
 */
export class Generator {
  readonly seed: number;
  readonly #stream: readonly [number, number];
  readonly #key: readonly [number, number];
  readonly #counter: Uint32Array = new Uint32Array(4);
  readonly #words: Uint32Array = new Uint32Array(4);
  #position: number;

  /**
   * @param seed - non-negative whole number below 2^53
   * @throws {ArgumentError} when the seed is anything else
   */
  constructor(seed: number, from: Partial<Omit<GeneratorState, "seed">> = {}) {
    if (!Number.isSafeInteger(seed) || seed < 0) {
      throw new ArgumentError(
        `Generator: the seed must be a whole number from 0 to 2^53 - 1, got ${seed}. ` +
          "Choose any such number, for example new Generator(7).",
      );
    }
    this.seed = seed;
    this.#key = [seed >>> 0, Math.floor(seed / TWO_32)];
    this.#stream = from.stream ?? [0, 0];
    this.#counter.set(this.#stream, 2);
    this.#position = from.position ?? 0;
  }

  /** What is needed to go on from here later: `new Generator(state.seed, state)`. */
  get state(): GeneratorState {
    return { seed: this.seed, stream: this.#stream, position: this.#position };
  }

  /**
   * An independent generator with the same seed, the same one for the same index whatever was drawn
   * before; `random.child(epoch)` gives every epoch its own order.
   *
   * @param index - non-negative whole number
   */
  child(index: number): Generator {
    if (!Number.isSafeInteger(index) || index < 0) {
      throw new ArgumentError(
        `Generator.child: the index must be a whole number from 0 on, got ${index}. ` +
          "Number the children, for example random.child(epoch).",
      );
    }
    // The stream of a child is itself drawn: from the parent's stream and the index, under a key that no draw uses.
    const [key0, key1] = this.#key;
    const counter = Uint32Array.of(index >>> 0, Math.floor(index / TWO_32), ...this.#stream);
    const words = new Uint32Array(4);
    philox(counter, [~key0, ~key1], words);
    const [low = 0, high = 0] = words;
    return new Generator(this.seed, { stream: [low, high] });
  }

  /** One number, evenly distributed in 0 <= x < 1, with 53 random bits. */
  uniform(): number {
    this.#advance();
    return this.#first();
  }

  /** One number of the standard normal distribution. */
  normal(): number {
    this.#advance();
    return radius(this.#first()) * Math.cos(angle(this.#second()));
  }

  /** One whole number, evenly distributed in low <= x < high. */
  integer(low: number, high: number): number {
    if (!Number.isSafeInteger(low) || !Number.isSafeInteger(high) || high <= low) {
      throw new ArgumentError(
        `Generator.integer: expects whole numbers with low < high, got ${low} and ${high}. ` +
          "The upper end is not included: integer(0, 10) gives 0 to 9.",
      );
    }
    return low + Math.floor(this.uniform() * (high - low));
  }

  /** The numbers 0 to n - 1 in random order. */
  permutation(n: number): Int32Array {
    if (!Number.isSafeInteger(n) || n < 0) {
      throw new ArgumentError(
        `Generator.permutation: n must be a whole number from 0 on, got ${n}. ` +
          "Pass the number of things to put in order, for example dataset.length.",
      );
    }
    const order = Int32Array.from({ length: n }, (_, i) => i);
    const chances = this.fillUniform(new Float64Array(n));
    // Fisher & Yates: the last place takes any of the n, the one before any of the rest, and so on.
    for (let last = n - 1; last > 0; last--) {
      const chosen = Math.floor(chances[last]! * (last + 1));
      [order[last], order[chosen]] = [order[chosen]!, order[last]!];
    }
    return order;
  }

  /** Fills an array with numbers of 0 <= x < 1; a float32 keeps the top 24 bits of what a float64 gets. */
  fillUniform<Numbers extends Float32Array | Float64Array>(out: Numbers): Numbers {
    const step = out instanceof Float32Array ? 2 ** 24 : TWO_53;
    for (let i = 0; i < out.length; i += 2) {
      this.#advance();
      out[i] = Math.floor(this.#first() * step) / step;
      if (i + 1 < out.length) out[i + 1] = Math.floor(this.#second() * step) / step;
    }
    return out;
  }

  /** Fills an array with numbers of the standard normal distribution, computed in float64. */
  fillNormal<Numbers extends Float32Array | Float64Array>(out: Numbers): Numbers {
    for (let i = 0; i < out.length; i += 2) {
      this.#advance();
      const length = radius(this.#first());
      const turn = angle(this.#second());
      out[i] = length * Math.cos(turn);
      if (i + 1 < out.length) out[i + 1] = length * Math.sin(turn);
    }
    return out;
  }

  // Draws the four words of the current position, which then moves on.
  #advance(): void {
    this.#counter[0] = this.#position; // keeps the lower 32 bits
    this.#counter[1] = Math.floor(this.#position / TWO_32);
    philox(this.#counter, this.#key, this.#words);
    this.#position++;
  }

  #first(): number {
    return unitInterval(this.#words[0]!, this.#words[1]!);
  }

  #second(): number {
    return unitInterval(this.#words[2]!, this.#words[3]!);
  }
}

// 32 high bits and 21 low bits make the 53 bits of a float64 below 1.
function unitInterval(high: number, low: number): number {
  return (high * 2 ** 21 + (low >>> 11)) / TWO_53;
}

// Box & Muller: with u and v even in 0..1, radius(u) * cos(angle(v)) and radius(u) * sin(angle(v)) are two
// independent standard normal numbers. 1 - u and not u, because u can be 0.
function radius(u: number): number {
  return Math.sqrt(-2 * Math.log(1 - u));
}

function angle(v: number): number {
  return 2 * Math.PI * v;
}
