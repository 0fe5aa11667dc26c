// The meeting of ranks: each brings what it computed into shared memory, and takes what all have brought.
import type { TypedArray } from "../../dtype.ts";
import { WorkerError } from "../../errors.ts";

/** Words of the control memory: how many have arrived, all steps together, and whether somebody never will. */
const ARRIVED = 0;
const GIVEN_UP = 1;
/** Looks before a rank goes to sleep: the other one is rarely later than a few microseconds. */
const LOOKS = 5000;
/** How long a rank sleeps before it looks again, in milliseconds. */
const SLEEP_MS = 50;

/** Memory that all ranks of a program share. */
export interface MeetingMemory {
  readonly control: SharedArrayBuffer;
  /** Two places for each rank, which take turns: nobody writes where a slower one still reads. */
  readonly numbers: SharedArrayBuffer;
}

/** Memory for `ranks` that bring `size` numbers each. */
export function meetingMemory(ranks: number, size: number): MeetingMemory {
  return {
    control: new SharedArrayBuffer(2 * Int32Array.BYTES_PER_ELEMENT),
    numbers: new SharedArrayBuffer(2 * ranks * size * Float32Array.BYTES_PER_ELEMENT),
  };
}

/** Before a run, while no rank is at work. */
export function openMeeting({ control }: MeetingMemory): void {
  new Int32Array(control).fill(0);
}

/** Lets nobody wait any longer for a rank that has failed. */
export function giveUpMeeting({ control }: Pick<MeetingMemory, "control">): void {
  const words = new Int32Array(control);
  Atomics.store(words, GIVEN_UP, 1);
  Atomics.notify(words, ARRIVED);
}

const GAVE_UP =
  "compile: all ranks must take a step together, but another one failed. Its error is the one to look at.";

/** Whether a rank failed for no other reason than that another one did. */
export function isGivenUp(error: unknown): boolean {
  return error instanceof Error && error.message === GAVE_UP;
}

/** A rank's seat. */
export class Seat {
  readonly #words: Int32Array<SharedArrayBuffer>;
  readonly #places: Float32Array;
  readonly #rank: number;
  readonly #ranks: number;
  readonly #size: number;

  /** @param of - which rank this is, and how many there are */
  constructor(
    { control, numbers }: MeetingMemory,
    of: { readonly rank: number; readonly ranks: number },
  ) {
    this.#words = new Int32Array(control);
    this.#places = new Float32Array(numbers);
    this.#rank = of.rank;
    this.#ranks = of.ranks;
    this.#size = this.#places.length / of.ranks / 2;
  }

  /**
   * Brings `own` arrays and waits for all others; then `all[i][rank]` is what `rank` has brought as array i. This
   * rank's own ones are in place already.
   *
   * @param step - counts from 0 in each run
   * @throws {WorkerError} when another rank has failed
   */
  exchange(
    step: number,
    own: readonly TypedArray[],
    all: readonly (readonly TypedArray[])[],
  ): void {
    const place = (rank: number): number => ((step % 2) * this.#ranks + rank) * this.#size;
    let at = place(this.#rank);
    for (const array of own) {
      this.#places.set(array, at);
      at += array.length;
    }
    this.#waitForAll((step + 1) * this.#ranks);
    for (let rank = 0; rank < this.#ranks; rank++) {
      if (rank === this.#rank) continue;
      let from = place(rank);
      for (const arrays of all) {
        const target = arrays[rank]!;
        target.set(this.#places.subarray(from, from + target.length));
        from += target.length;
      }
    }
  }

  /** This rank has failed: nobody is to wait for it. */
  giveUp(): void {
    giveUpMeeting({ control: this.#words.buffer });
  }

  #waitForAll(count: number): void {
    const words = this.#words;
    if (Atomics.add(words, ARRIVED, 1) + 1 === count) Atomics.notify(words, ARRIVED);
    for (let look = 0; Atomics.load(words, ARRIVED) < count; look++) {
      if (Atomics.load(words, GIVEN_UP) !== 0) {
        throw new WorkerError(GAVE_UP);
      }
      const arrived = Atomics.load(words, ARRIVED);
      if (look > LOOKS && arrived < count) Atomics.wait(words, ARRIVED, arrived, SLEEP_MS);
    }
  }
}
