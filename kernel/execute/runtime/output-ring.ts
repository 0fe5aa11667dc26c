// Text of a cell on its way out: a ring in shared memory, so that it leaves while the cell still computes.
//
// The main thread writes, the bridge reads. A full ring makes the writer wait: a cell that prints without end
// uses a bounded amount of memory, and never runs far ahead of what the client has got.

/** Bytes of text that may wait for the bridge. */
export const RING_BYTES: number = 1024 * 1024;

/** Positions in the header: bytes written so far, bytes read so far, and whether the reader has been woken. */
const WRITTEN = 0;
const READ = 1;
const WOKEN = 2;
const HEADER_WORDS = 4;
const ENTRY_HEADER_BYTES = 8;
const WAIT_MS = 50;
/** Bytes of text that leave the ring together. */
const LONGEST_RUN = 256 * 1024;

/** A piece of text of one cell on one stream. */
export interface RingEntry {
  readonly cell: number;
  readonly isError: boolean;
  readonly bytes: Uint8Array;
}

/** Shared memory for a ring with room for `capacity` bytes, a power of two. */
export function createRingMemory(capacity: number = RING_BYTES): SharedArrayBuffer {
  return new SharedArrayBuffer(HEADER_WORDS * 4 + capacity);
}

class Ring {
  protected readonly header: Int32Array;
  protected readonly data: Uint8Array;
  protected readonly scratch: Uint8Array = new Uint8Array(ENTRY_HEADER_BYTES);
  protected readonly scratchView: DataView = new DataView(this.scratch.buffer);

  constructor(memory: SharedArrayBuffer) {
    this.header = new Int32Array(memory, 0, HEADER_WORDS);
    this.data = new Uint8Array(memory, HEADER_WORDS * 4);
  }

  /** Bytes written so far, modulo 2 ** 32: tells the reader what came before a message on another way. */
  get position(): number {
    return Atomics.load(this.header, WRITTEN);
  }

  /** Bytes between reader and writer; positions wrap at 2 ** 32. */
  protected used(): number {
    return (Atomics.load(this.header, WRITTEN) - Atomics.load(this.header, READ)) >>> 0;
  }

  protected index(position: number): number {
    return (position >>> 0) & (this.data.length - 1);
  }
}

/** The writing end, on the main thread. */
export class RingWriter extends Ring {
  readonly #wake: () => void;

  /** @param wake - called when the reader may be asleep and there is something to read */
  constructor(memory: SharedArrayBuffer, wake: () => void) {
    super(memory);
    this.#wake = wake;
  }

  /** Writes `bytes`, in several entries when they are many; waits while the ring is full. */
  write(cell: number, isError: boolean, bytes: Uint8Array): void {
    const largest = this.data.length / 8;
    for (let start = 0; start < bytes.length; start += largest) {
      this.#writeEntry(cell, isError, bytes.subarray(start, start + largest));
    }
  }

  #writeEntry(cell: number, isError: boolean, bytes: Uint8Array): void {
    this.#waitForRoom(ENTRY_HEADER_BYTES + bytes.length);
    const start = Atomics.load(this.header, WRITTEN);
    this.scratchView.setUint32(0, bytes.length);
    this.scratchView.setUint32(4, cell * 2 + (isError ? 1 : 0));
    this.#copyIn(start, this.scratch);
    this.#copyIn(start + ENTRY_HEADER_BYTES, bytes);
    // Published last: a write that an interrupt tears apart has never happened.
    Atomics.store(this.header, WRITTEN, (start + ENTRY_HEADER_BYTES + bytes.length) | 0);
    this.#wakeReader();
  }

  #waitForRoom(size: number): void {
    while (this.data.length - this.used() < size) {
      const seen = Atomics.load(this.header, READ);
      this.#wakeReader();
      if (this.data.length - this.used() >= size) return;
      Atomics.wait(this.header, READ, seen, WAIT_MS);
    }
  }

  #wakeReader(): void {
    if (Atomics.exchange(this.header, WOKEN, 1) === 0) this.#wake();
  }

  #copyIn(position: number, bytes: Uint8Array): void {
    const at = this.index(position);
    const first = Math.min(bytes.length, this.data.length - at);
    this.data.set(bytes.subarray(0, first), at);
    if (first < bytes.length) this.data.set(bytes.subarray(first), 0);
  }
}

/** The reading end, in the bridge. */
export class RingReader extends Ring {
  /** The position up to which there is something to read; for what comes after it, the writer wakes again. */
  mark(): number {
    Atomics.store(this.header, WOKEN, 0);
    return this.position;
  }

  /**
   * Removes and returns what is in the ring, neighbours of the same cell and stream joined into one entry.
   *
   * @param end - the `position` to stop at
   */
  *drain(end: number): Generator<RingEntry> {
    for (;;) {
      const run = this.#nextRun(Atomics.load(this.header, READ), end);
      if (!run) return;
      yield { cell: run.tag >>> 1, isError: (run.tag & 1) === 1, bytes: this.#takeRun(run) };
    }
  }

  /** The entries of one cell and stream from `start` on, measured but not yet taken. */
  #nextRun(start: number, end: number): Run | undefined {
    let run: Run | undefined;
    for (let at = start; ((end - at) | 0) > 0;) {
      this.#copyOut(at, this.scratch);
      const length = this.scratchView.getUint32(0);
      const tag = this.scratchView.getUint32(4);
      if (run && (run.tag !== tag || run.length + length > LONGEST_RUN)) break;
      run ??= { tag, start, end: at, length: 0 };
      run.length += length;
      at = (at + ENTRY_HEADER_BYTES + length) | 0;
      run.end = at;
    }
    return run;
  }

  /** One buffer for the whole run: a buffer for each line would be most of what a flood costs. */
  #takeRun({ start, end, length }: Run): Uint8Array {
    const bytes = Buffer.allocUnsafeSlow(length);
    let filled = 0;
    for (let at = start; at !== end;) {
      this.#copyOut(at, this.scratch);
      const size = this.scratchView.getUint32(0);
      this.#copyOut(at + ENTRY_HEADER_BYTES, bytes.subarray(filled, filled + size));
      filled += size;
      at = (at + ENTRY_HEADER_BYTES + size) | 0;
    }
    Atomics.store(this.header, READ, end);
    Atomics.notify(this.header, READ);
    return bytes;
  }

  #copyOut(position: number, into: Uint8Array): void {
    const at = this.index(position);
    const first = Math.min(into.length, this.data.length - at);
    into.set(this.data.subarray(at, at + first), 0);
    if (first < into.length) into.set(this.data.subarray(0, into.length - first), first);
  }
}

interface Run {
  readonly tag: number;
  readonly start: number;
  end: number;
  length: number;
}
