// The history of a user's cells: those of this kernel from memory, those of all others from disk.
import type { FileHandle } from "node:fs/promises";
import { isGlobMatch } from "./glob.ts";
import { encodeLine, LONGEST_TEXT, type HistoryEntry } from "./history-entry.ts";
import type { HistoryFolder } from "./history-folder.ts";

/** Cells of this kernel that are kept in memory, and so what one run may write. */
const MOST_CELLS = 10_000;
const MOST_FILE_CHARACTERS = 8 * 1024 * 1024;

/** A part of the history. */
export interface HistoryRange {
  /** 0 is this kernel, -1 the run before it, a positive number that run. */
  readonly session: number;
  /** The first line, counted from the end when negative. */
  readonly start: number;
  /** The line behind the last one; all lines when absent or 0. */
  readonly stop?: number | undefined;
}

/** What to look for. */
export interface HistorySearch {
  /** With `*`, `?` and `[...]`, for the whole text of a cell. */
  readonly pattern: string;
  /** How many at most, the latest. */
  readonly most?: number | undefined;
  /** Of cells with the same text, only the latest. */
  readonly isUnique: boolean;
}

/** Keeps cells. Nothing that goes wrong with the disk reaches a cell: it is logged, and memory goes on. */
export class History {
  readonly #folder: HistoryFolder | undefined;
  readonly #log: (text: string) => void;
  #cells: HistoryEntry[] = [];
  #session = 0;
  #file: FileHandle | undefined;
  #writing: Promise<void> = Promise.resolve();
  #writtenCharacters = 0;
  #isBroken = false;

  /** @param folder - where the cells of all kernels are; without it, only this kernel's are known, and forgotten */
  constructor(folder: HistoryFolder | undefined, log: (text: string) => void) {
    this.#folder = folder;
    this.#log = log;
  }

  /** Keeps a cell that is about to run. */
  add(line: number, source: string): void {
    this.#cells.push({ session: 0, line, source });
    if (this.#cells.length > MOST_CELLS) this.#cells.shift();
    this.#write({ line, source });
  }

  /** Keeps the text of a cell's value. */
  addOutput(line: number, output: string): void {
    const index = this.#cells.findLastIndex((cell) => cell.line === line);
    const cell = this.#cells[index];
    if (!cell) return;
    this.#cells[index] = { ...cell, output };
    this.#write({ line, output });
  }

  /** The latest `most` cells of all runs, the oldest first. */
  async tail(most: number): Promise<HistoryEntry[]> {
    const found: HistoryEntry[] = [];
    for await (const entry of this.#backwards()) {
      if (found.length >= most) break;
      found.push(entry);
    }
    return found.reverse();
  }

  /** Lines of one run. */
  async range({ session, start, stop }: HistoryRange): Promise<HistoryEntry[]> {
    const isOwn = session === 0 || (session > 0 && session === this.#session);
    const cells = isOwn ? this.#cells : await this.#readRun(session);
    const behindLast = (cells.at(-1)?.line ?? 0) + 1;
    const from = start < 0 ? start + behindLast : start;
    const to = !stop || stop > behindLast ? behindLast : stop < 0 ? stop + behindLast : stop;
    const found = cells.filter(({ line }) => line >= from && line < to);
    return isOwn ? found.map((cell) => ({ ...cell, session })) : found;
  }

  /** Cells whose text is like a pattern, the oldest first. */
  async search({ pattern, most = Infinity, isUnique }: HistorySearch): Promise<HistoryEntry[]> {
    const found: HistoryEntry[] = [];
    const seen = new Set<string>();
    for await (const entry of this.#backwards()) {
      if (found.length >= most) break;
      if (!isGlobMatch(pattern, entry.source) || (isUnique && seen.has(entry.source))) continue;
      seen.add(entry.source);
      found.push(entry);
    }
    return found.reverse();
  }

  /** Resolves when what was added is on disk. */
  async close(): Promise<void> {
    await this.#writing;
    await this.#file?.close().catch(() => undefined);
    this.#file = undefined;
    this.#isBroken = true;
  }

  async *#backwards(): AsyncGenerator<HistoryEntry> {
    for (const cell of this.#cells.toReversed()) yield { ...cell, session: this.#session };
    for (const session of (await this.#otherRuns()).toReversed()) {
      yield* ((await this.#folder?.read(session)) ?? []).toReversed();
    }
  }

  async #readRun(session: number): Promise<HistoryEntry[]> {
    const earlier = (await this.#otherRuns()).filter(
      (run) => this.#session === 0 || run < this.#session,
    );
    const number = session > 0 ? session : earlier.at(session);
    return number === undefined ? [] : ((await this.#folder?.read(number)) ?? []);
  }

  async #otherRuns(): Promise<number[]> {
    const runs = (await this.#folder?.sessions()) ?? [];
    // A file of this run may be among them, whose number is not known before it has been opened.
    await this.#writing;
    return runs.filter((run) => run !== this.#session);
  }

  #write(entry: Parameters<typeof encodeLine>[0]): void {
    if (!this.#folder || this.#isBroken) return;
    if ((entry.source ?? entry.output ?? "").length > LONGEST_TEXT) return;
    const text = encodeLine(entry);
    this.#writtenCharacters += text.length;
    if (this.#writtenCharacters > MOST_FILE_CHARACTERS) {
      this.#giveUp(`this kernel has written ${MOST_FILE_CHARACTERS} characters`);
      return;
    }
    this.#writing = this.#writing.then(() => this.#append(text));
  }

  async #append(text: string): Promise<void> {
    if (this.#isBroken || !this.#folder) return;
    try {
      if (!this.#file) {
        const { session, file } = await this.#folder.create();
        this.#session = session;
        this.#file = file;
      }
      await this.#file.appendFile(text);
    } catch (error) {
      this.#giveUp((error as Error).message);
    }
  }

  #giveUp(reason: string): void {
    this.#isBroken = true;
    this.#log(`the history of cells is no longer kept on disk: ${reason}`);
  }
}
