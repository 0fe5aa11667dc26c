// History files of all kernels of a user: one for each run of a kernel, named by its number, readable by the user only.
import { mkdir, open, readdir, readFile, stat, unlink, type FileHandle } from "node:fs/promises";
import { join } from "node:path";
import { decodeLines, type HistoryEntry } from "./history-entry.ts";

const FILE_NAME = /^(\d+)\.jsonl$/;
/** All files together; beyond it the oldest are deleted. */
const MOST_BYTES = 32 * 1024 * 1024;
const MOST_FILES = 2000;
const TRIES = 100;

/** The files of one folder. */
export class HistoryFolder {
  readonly #path: string;
  readonly #mostBytes: number;

  /** @param mostBytes - size of all files together, above which the oldest are deleted */
  constructor(path: string, mostBytes: number = MOST_BYTES) {
    this.#path = path;
    this.#mostBytes = mostBytes;
  }

  /** Numbers of all runs, the oldest first; none when the folder cannot be read. */
  async sessions(): Promise<number[]> {
    const names = await readdir(this.#path).catch(() => []);
    const numbers = names.flatMap((name) => FILE_NAME.exec(name)?.[1] ?? []).map(Number);
    return numbers.filter(Number.isSafeInteger).toSorted((a, b) => a - b);
  }

  /** The cells of one run; none when its file cannot be read. */
  async read(session: number): Promise<HistoryEntry[]> {
    const text = await readFile(this.#fileOf(session), "utf8").catch(() => "");
    return decodeLines(text, session);
  }

  /**
   * Makes the file of a new run, with a number that no other kernel has.
   *
   * @throws the system's error when the folder cannot be written
   */
  async create(): Promise<{ session: number; file: FileHandle }> {
    await mkdir(this.#path, { recursive: true, mode: 0o700 });
    await this.#deleteOldest();
    for (let attempt = 1; ; attempt++) {
      const session = ((await this.sessions()).at(-1) ?? 0) + 1;
      try {
        // "ax": two kernels that start at once cannot get the same number.
        return { session, file: await open(this.#fileOf(session), "ax", 0o600) };
      } catch (error) {
        const isTaken = (error as NodeJS.ErrnoException).code === "EEXIST";
        if (!isTaken || attempt === TRIES) throw error;
      }
    }
  }

  async #deleteOldest(): Promise<void> {
    let bytes = 0;
    let files = 0;
    for (const session of (await this.sessions()).toReversed()) {
      const path = this.#fileOf(session);
      bytes += await stat(path).then(
        ({ size }) => size,
        () => 0,
      );
      files += 1;
      if (bytes > this.#mostBytes || files > MOST_FILES) await unlink(path).catch(() => undefined);
    }
  }

  #fileOf(session: number): string {
    return join(this.#path, `${String(session).padStart(8, "0")}.jsonl`);
  }
}
