// Seeded chance: even and normal numbers from the words of Philox, of which any can be computed alone.
import { ArgumentError } from "./errors.ts";
import {
  type Key,
  MOST_COUNTERS,
  philox,
  type PhiloxGear,
  plainPhilox,
  plainUniform,
  type UniformGear,
} from "./philox.ts";
import { vectorPhilox, vectorUniform } from "./webassembly/philox.ts";

const TWO_32 = 2 ** 32;
const TWO_53 = 2 ** 53;

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
 * Lets nobody read or change the place of a generator, which goes on drawing; or lets them again.
 *
 * @param refuse - throws why
 */
export let hidePlace: (generator: Generator, refuse: (() => never) | undefined) => void;

/**
 * A source of chance with a seed. Element `i` of stream `s` depends on (seed, s, i) alone: the same
 * numbers come whatever the backend, the order of other draws, or the number of workers.
 */
export class Generator {
  readonly seed: number;
  readonly #stream: readonly [number, number];
  readonly #key: Key;
  readonly #counter: Uint32Array = new Uint32Array(4);
  #position: number;
  // Throws while the place belongs to something that nobody can see yet.
  #hidden: (() => never) | undefined;

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
    this.#hidden?.();
    return { seed: this.seed, stream: this.#stream, position: this.#position };
  }

  /**
   * Goes on from what `state` was: the same numbers come again.
   *
   * @throws {ArgumentError} when that is the state of another generator
   */
  resume({ seed, stream, position }: GeneratorState): void {
    const isSame =
      seed === this.seed && this.#stream.every((word, index) => word === stream?.[index]);
    if (!isSame || !Number.isSafeInteger(position) || position < 0) {
      throw new ArgumentError(
        `Generator.resume: expects a state of the generator with seed ${this.seed} and stream [${this.#stream.join(", ")}], got ${JSON.stringify({ seed, stream, position })}. ` +
          "Make a generator for that state: new Generator(state.seed, state).",
      );
    }
    this.#hidden?.();
    this.#position = position;
  }

  static {
    hidePlace = (generator, refuse) => void (generator.#hidden = refuse);
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
    return unitInterval(this.#draw(1), 0);
  }

  /** One number of the standard normal distribution. */
  normal(): number {
    const words = this.#draw(1);
    return radius(unitInterval(words, 0)) * Math.cos(angle(unitInterval(words, 2)));
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
    const order = new Int32Array(n);
    for (let i = 0; i < n; i++) order[i] = i;
    const chances = this.fillUniform(new Float64Array(n));
    // Fisher & Yates: the last place takes any of the n, the one before any of the rest, and so on.
    for (let last = n - 1; last > 0; last--) {
      const chosen = Math.floor(chances[last]! * (last + 1));
      const number = order[last]!;
      order[last] = order[chosen]!;
      order[chosen] = number;
    }
    return order;
  }

  /** Fills an array with numbers of 0 <= x < 1; a float32 keeps the top 24 bits of what a float64 gets. */
  fillUniform<Numbers extends Float32Array | Float64Array>(out: Numbers): Numbers {
    // No words are written down to be read again: 0.78 of the time.
    if (out instanceof Float32Array) {
      return this.#fill(out, (some, count) => {
        some.set(this.#fractions(count).subarray(0, some.length));
      });
    }
    return this.#fill(out, this.#fromWords(writeUniform53));
  }

  /** Fills an array with numbers of the standard normal distribution, computed in float64. */
  fillNormal<Numbers extends Float32Array | Float64Array>(out: Numbers): Numbers {
    return this.#fill(out, this.#fromWords(writeNormal));
  }

  // Every position has four words, which make two numbers.
  #fill<Numbers extends Float32Array | Float64Array>(out: Numbers, write: WriteSome): Numbers {
    for (let at = 0; at < out.length;) {
      const untilCarry = TWO_32 - (this.#position % TWO_32);
      const count = Math.min(Math.ceil((out.length - at) / 2), MOST_COUNTERS, untilCarry);
      write(out.subarray(at, at + 2 * count), count);
      at += 2 * count;
    }
    return out;
  }

  #fractions(count: number): Float32Array {
    uniformGear ??= vectorUniform() ?? plainUniform();
    this.#advance(count);
    return uniformGear(this.#counter, this.#key, count);
  }

  #fromWords(write: Write): WriteSome {
    return (out, count) => write(out, this.#draw(count));
  }

  // The words of the next positions.
  #draw(count: number): Uint32Array {
    gear ??= vectorPhilox() ?? plainPhilox();
    this.#advance(count);
    return gear(this.#counter, this.#key, count);
  }

  // Makes the counter that of the next position, and leaves out so many.
  #advance(count: number): void {
    refuseDraw?.();
    this.#counter[0] = this.#position; // keeps the lower 32 bits
    this.#counter[1] = Math.floor(this.#position / TWO_32);
    this.#position += count;
  }
}

// Throws while nobody may draw.
let refuseDraw: (() => never) | undefined;

/**
 * Runs `body`, in which generators give no numbers: ops may note that they will draw, and nothing draws at once.
 *
 * @param refuse - throws why
 */
export function withoutDraws<Result>(refuse: () => never, body: () => Result): Result {
  const former = refuseDraw;
  refuseDraw = refuse;
  try {
    return body();
  } finally {
    refuseDraw = former;
  }
}

// The fastest that this machine has; found at the first draw.
let gear: PhiloxGear | undefined;
let uniformGear: UniformGear | undefined;

/** Makes numbers from words. Of the last pair, an array of odd length takes one: a write behind its end is none. */
type Write = (out: Float32Array | Float64Array, words: Uint32Array) => void;
/** Draws so many positions, and makes numbers of them. */
type WriteSome = (out: Float32Array | Float64Array, count: number) => void;

const writeUniform53: Write = (out, words) => {
  for (let i = 0, word = 0; i < out.length; i += 2, word += 4) {
    out[i] = unitInterval(words, word);
    out[i + 1] = unitInterval(words, word + 2);
  }
};

const writeNormal: Write = (out, words) => {
  for (let i = 0, word = 0; i < out.length; i += 2, word += 4) {
    const length = radius(unitInterval(words, word));
    const turn = angle(unitInterval(words, word + 2));
    out[i] = length * Math.cos(turn);
    out[i + 1] = length * Math.sin(turn);
  }
};

// 32 bits of one word and 21 of the next one make the 53 bits of a float64 below 1.
function unitInterval(words: Uint32Array, at: number): number {
  return (words[at]! * 2 ** 21 + (words[at + 1]! >>> 11)) / TWO_53;
}

// Box & Muller: with u and v even in 0..1, radius(u) * cos(angle(v)) and radius(u) * sin(angle(v)) are two
// independent standard normal numbers. 1 - u and not u, because u can be 0.
function radius(u: number): number {
  return Math.sqrt(-2 * Math.log(1 - u));
}

function angle(v: number): number {
  return 2 * Math.PI * v;
}
