// What a history gives back, across the runs of kernels, and that no disk can harm it.
import { EventEmitter, once } from "node:events";
import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import type { FileHandle } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { HistoryFolder } from "../../../kernel/history/history-folder.ts";
import { History } from "../../../kernel/history/history.ts";

let path: string;
let logged: string[];
beforeEach(() => {
  path = mkdtempSync(join(tmpdir(), "gradlab-history-"));
  logged = [];
});
afterEach(() => rmSync(path, { recursive: true, force: true }));

const open = (folder?: HistoryFolder): History =>
  new History(folder ?? new HistoryFolder(path), (text) => logged.push(text));

/** A finished run with the cells `sources`. */
async function run(...sources: string[]): Promise<void> {
  const history = open();
  for (const [index, source] of sources.entries()) history.add(index + 1, source);
  await history.close();
}

describe("a tail", () => {
  test("goes over the runs, the oldest first", async () => {
    await run("a", "b");
    await run("c");
    const history = open();
    history.add(1, "d");
    history.addOutput(1, "4");
    const tail = await history.tail(3);
    expect(tail.map(({ source }) => source)).toEqual(["b", "c", "d"]);
    expect(tail.at(-1)).toMatchObject({ line: 1, output: "4" });
    expect(await history.tail(0)).toEqual([]);
    await history.close();
  });

  test("sees the cells of a kernel that runs at the same time", async () => {
    const [first, second] = [open(), open()];
    first.add(1, "first");
    await first.tail(1);
    await first.close();
    second.add(1, "second");
    expect((await second.tail(9)).map(({ source }) => source)).toEqual(["first", "second"]);
    await second.close();
  });
});

describe("a range", () => {
  test("is of this run, of one before it, or of a run by its number", async () => {
    await run("a1", "a2");
    await run("b1", "b2", "b3");
    const history = open();
    history.add(1, "c1");
    history.add(2, "c2");
    const sources = async (range: Parameters<History["range"]>[0]): Promise<string[]> =>
      (await history.range(range)).map(({ source }) => source);
    expect(await sources({ session: 0, start: 1 })).toEqual(["c1", "c2"]);
    expect(await sources({ session: 0, start: 1, stop: 2 })).toEqual(["c1"]);
    expect(await sources({ session: 0, start: -1 })).toEqual(["c2"]);
    expect(await sources({ session: -1, start: 2, stop: 3 })).toEqual(["b2"]);
    expect(await sources({ session: -1, start: 1, stop: -1 })).toEqual(["b1", "b2"]);
    expect(await sources({ session: -2, start: 0 })).toEqual(["a1", "a2"]);
    expect(await sources({ session: 1, start: 1 })).toEqual(["a1", "a2"]);
    expect(await sources({ session: -9, start: 1 })).toEqual([]);
    expect((await history.range({ session: 0, start: 1 }))[0]?.session).toBe(0);
    await history.close();
  });
});

/** A folder in which a new file can be seen by others before its maker knows its number. */
class SlowFolder extends HistoryFolder {
  readonly #events = new EventEmitter();
  readonly isMade = once(this.#events, "made");
  #hasFile = false;

  override async create(): Promise<{ session: number; file: FileHandle }> {
    const made = await super.create();
    this.#hasFile = true;
    const isOpen = once(this.#events, "open");
    this.#events.emit("made");
    await isOpen;
    return made;
  }

  override async sessions(): Promise<number[]> {
    const runs = await super.sessions();
    if (this.#hasFile) setImmediate(() => this.#events.emit("open"));
    return runs;
  }
}

describe("a file of this run that has just been made", () => {
  test("is not taken for the run before, and its cells are found once", async () => {
    await run("a1");
    const folder = new SlowFolder(path);
    const history = open(folder);
    history.add(1, "b1");
    await folder.isMade;
    const before = await history.range({ session: -1, start: 1 });
    expect(before.map(({ source }) => source)).toEqual(["a1"]);
    expect((await history.tail(9)).map(({ source }) => source)).toEqual(["a1", "b1"]);
    await history.close();
  });
});

describe("a search", () => {
  test("finds the latest, and of equal cells only one when asked", async () => {
    await run("fit(1)", "other", "fit(2)");
    await run("fit(1)");
    const history = open();
    const search = async (more: { most?: number; isUnique?: boolean }): Promise<string[]> => {
      const found = await history.search({ pattern: "fit*", isUnique: false, ...more });
      return found.map(({ session, source }) => `${session} ${source}`);
    };
    expect(await search({})).toEqual(["1 fit(1)", "1 fit(2)", "2 fit(1)"]);
    expect(await search({ most: 1 })).toEqual(["2 fit(1)"]);
    expect(await search({ isUnique: true })).toEqual(["1 fit(2)", "2 fit(1)"]);
  });
});

describe("a disk", () => {
  test("that was cut off in the middle of a line loses that line only", async () => {
    await run("kept");
    appendFileSync(join(path, "00000001.jsonl"), '{"line":2,"sour');
    expect((await open().tail(5)).map(({ source }) => source)).toEqual(["kept"]);
  });

  test("that takes nothing is a line on the log, and memory goes on", async () => {
    const file = join(path, "a file");
    writeFileSync(file, "");
    const history = open(new HistoryFolder(join(file, "history")));
    history.add(1, "one");
    history.add(2, "two");
    await history.close();
    expect((await history.tail(5)).map(({ source }) => source)).toEqual(["one", "two"]);
    expect(logged).toHaveLength(1);
    expect(logged[0]).toMatch(/no longer kept on disk/);
  });

  test("that fills up is a line on the log, and memory goes on", async () => {
    const full = new (class extends HistoryFolder {
      override create(): Promise<{ session: number; file: FileHandle }> {
        const appendFile = (): Promise<void> => Promise.reject(new RangeError("no space left"));
        const close = (): Promise<void> => Promise.resolve();
        return Promise.resolve({
          session: 1,
          file: { appendFile, close } as unknown as FileHandle,
        });
      }
    })(path);
    const history = open(full);
    history.add(1, "one");
    await history.close();
    expect(await history.tail(5)).toHaveLength(1);
    expect(logged).toEqual([expect.stringMatching(/no space left/)]);
  });

  test("gets no cell that is longer than a notebook should hold", async () => {
    await run("x".repeat(300_000), "short");
    expect((await open().tail(5)).map(({ source }) => source)).toEqual(["short"]);
  });

  test("that is not to be used is not touched", async () => {
    const history = new History(undefined, (text) => logged.push(text));
    history.add(1, "one");
    expect(await history.tail(5)).toHaveLength(1);
    await history.close();
    expect(logged).toEqual([]);
  });
});
