// How much one cell may put out: a notebook with gigabytes of text helps nobody and opens nowhere.

const MIB = 1024 * 1024;
const DEFAULT_LIMIT_MIB = 64;

/** The limit that the environment sets for the output of one cell, in bytes. */
export function outputLimitBytes(environment: NodeJS.ProcessEnv): number {
  const mebibytes = Number(environment["GRADLAB_OUTPUT_LIMIT"]);
  return (mebibytes > 0 ? mebibytes : DEFAULT_LIMIT_MIB) * MIB;
}

/** What a piece of output may still use. */
export interface Allowance {
  /** So many of its bytes may go out. */
  readonly bytes: number;
  /** Set once, with the piece that reaches the limit: what to tell the user. */
  readonly notice?: string;
}

/** The output of one cell, counted. */
export class OutputBudget {
  readonly #limitBytes: number;
  #leftBytes: number;
  #isSpent = false;

  /** @param limitBytes - how much the cell may put out */
  constructor(limitBytes: number) {
    this.#limitBytes = limitBytes;
    this.#leftBytes = limitBytes;
  }

  /** Counts a piece of output. */
  take(bytes: number): Allowance {
    if (this.#isSpent) return { bytes: 0 };
    if (bytes <= this.#leftBytes) {
      this.#leftBytes -= bytes;
      return { bytes };
    }
    this.#isSpent = true;
    return { bytes: this.#leftBytes, notice: this.#notice() };
  }

  #notice(): string {
    const limit = Math.round(this.#limitBytes / MIB);
    return (
      `\n[The output of this cell has reached ${limit} MiB; what follows is dropped, the cell runs on. ` +
      "Print less, write to a file, or set GRADLAB_OUTPUT_LIMIT to more MiB and restart the kernel.]\n"
    );
  }
}
