// Progress: plain lines in a log, one repainted line on a terminal.
import { stripVTControlCharacters } from "node:util";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { createProgress, type Progress } from "../../../cli/run/progress.ts";

let written = "";
const sink = (isTTY: boolean, columns = 80): Parameters<typeof createProgress>[0] => ({
  isTTY,
  columns,
  write: (text) => (written += text),
});
let progress: Progress;

beforeEach(() => {
  vi.useFakeTimers();
  written = "";
});
afterEach(() => {
  progress.end();
  vi.useRealTimers();
});

test("a log gets one line per finished cell, with its first line that is no import", () => {
  progress = createProgress(sink(false));
  const listener = progress.notebook("a.ipynb");
  listener.cellStarted(1, 2, '\n\nimport { x } from "y";\n  const a = 1;\nb');
  expect(written).toBe("");
  listener.cellFinished(1, 2, 0.25);
  listener.cellStarted(2, 2, `x${"y".repeat(100)}`);
  listener.cellFinished(2, 2, 12);
  expect(written).toBe(
    `a.ipynb 1/2    0.3 s  const a = 1;\na.ipynb 2/2   12.0 s  x${"y".repeat(58)}…\n`,
  );
});

test("a log hears of a cell that runs long, with the last thing it printed", () => {
  progress = createProgress(sink(false));
  const listener = progress.notebook("a.ipynb");
  listener.cellStarted(1, 1, "train()");
  listener.cellPrinted("epoch 1\n\u001b[32mepoch 2\u001b[0m\r\n");
  vi.advanceTimersByTime(30_000);
  expect(written).toBe("a.ipynb 1/1 still runs after 30 s: epoch 2\n");
});

test("a terminal shows one line that never wraps, and loses it at the end", () => {
  progress = createProgress(sink(true, 40));
  const listener = progress.notebook("a.ipynb");
  listener.cellStarted(3, 4, "a very long first line of a cell that does not fit");
  listener.cellPrinted("epoch 2 loss 0.5");
  vi.advanceTimersByTime(1000);
  const last = stripVTControlCharacters(written.split("\r").at(-1) ?? "");
  expect(last).toMatch(/^a\.ipynb █{8}░{8} 3\/4 {2}1 s/);
  expect(last.length).toBeLessThan(40);
  progress.end();
  expect(written.endsWith("\r\u001b[K")).toBe(true);
  expect(written).not.toContain("\n");
});

test("notes stay above the line of a terminal, and several notebooks share it", () => {
  progress = createProgress(sink(true, 200));
  progress.notebook("a.ipynb").cellStarted(1, 2, "x");
  progress.notebook("b.ipynb").cellStarted(2, 2, "y");
  progress.note("something failed");
  const lines = stripVTControlCharacters(written).split("\n");
  expect(lines[0]).toContain("something failed");
  expect(lines[1]).toMatch(/a\.ipynb .* 1\/2 {3}b\.ipynb .* 2\/2/);
});

test("a finished cell is no longer shown below notes, and a second end writes nothing", () => {
  progress = createProgress(sink(true));
  const listener = progress.notebook("a.ipynb");
  listener.cellStarted(1, 2, "x");
  listener.cellFinished(1, 2, 1);
  written = "";
  progress.note("something failed");
  expect(stripVTControlCharacters(written)).toBe("\rsomething failed\n");
  progress.end();
  written = "";
  progress.end();
  expect(written).toBe("");
});
