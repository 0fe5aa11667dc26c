// Bytes come out of the ring as they went in, also around its end and with a reader on another thread.
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { Worker } from "node:worker_threads";
import { describe, expect, test } from "vitest";
import {
  createRingMemory,
  RingReader,
  RingWriter,
} from "../../../../kernel/execute/runtime/output-ring.ts";

function textOf(reader: RingReader): string {
  return [...reader.drain(reader.mark())]
    .map(({ bytes }) => Buffer.from(bytes).toString())
    .join("");
}

describe("output ring", () => {
  test("neighbours of one cell and stream are joined, others are kept apart", () => {
    const memory = createRingMemory(1024);
    const writer = new RingWriter(memory, () => undefined);
    for (const [cell, isError, text] of [
      [1, false, "a"],
      [1, false, "b"],
      [1, true, "c"],
      [2, true, "d"],
    ] as const) {
      writer.write(cell, isError, Buffer.from(text));
    }
    const reader = new RingReader(memory);
    const entries = [...reader.drain(reader.mark())];
    expect(
      entries.map(({ cell, isError, bytes }) => [cell, isError, Buffer.from(bytes).toString()]),
    ).toEqual([
      [1, false, "ab"],
      [1, true, "c"],
      [2, true, "d"],
    ]);
  });

  test("the writer wakes the reader once until the reader looks", () => {
    let wakes = 0;
    const memory = createRingMemory(1024);
    const writer = new RingWriter(memory, () => wakes++);
    const reader = new RingReader(memory);
    writer.write(1, false, Buffer.from("a"));
    writer.write(1, false, Buffer.from("b"));
    expect(wakes).toBe(1);
    expect(textOf(reader)).toBe("ab");
    writer.write(1, false, Buffer.from("c"));
    expect(wakes).toBe(2);
  });

  test("text around the end of the ring is whole", () => {
    const memory = createRingMemory(64);
    const writer = new RingWriter(memory, () => undefined);
    const reader = new RingReader(memory);
    let expected = "";
    let read = "";
    for (let i = 0; i < 200; i++) {
      const text = String(i).repeat((i % 5) + 1);
      expected += text;
      writer.write(1, false, Buffer.from(text));
      read += textOf(reader);
    }
    expect(read).toBe(expected);
  });

  test("a writer that is faster than its reader waits, and nothing is lost", async () => {
    const memory = createRingMemory(256);
    const reader = new RingReader(memory);
    const url = new URL("../../../../dist/kernel/execute/runtime/output-ring.js", import.meta.url);
    const worker = new Worker(
      `const { workerData } = require("node:worker_threads");
       import(${JSON.stringify(fileURLToPath(url))}).then(({ RingWriter }) => {
         const writer = new RingWriter(workerData, () => {});
         for (let i = 0; i < 500; i++) writer.write(1, false, Buffer.from(i + ","));
       });`,
      { eval: true, workerData: memory },
    );
    let text = "";
    const reading = setInterval(() => {
      text += textOf(reader);
    }, 1);
    await once(worker, "exit");
    clearInterval(reading);
    text += textOf(reader);
    expect(text).toBe(Array.from({ length: 500 }, (_unused, i) => `${i},`).join(""));
  });
});
