// Live progress of notebook runs on stderr: one repainted line on a terminal, plain lines in a log.
import { stripVTControlCharacters } from "node:util";
import type { RunListener } from "./execute-notebook.ts";

/** Where progress goes: stderr, or a double of it in tests. */
export interface ProgressSink {
  readonly isTTY?: boolean | undefined;
  readonly columns?: number | undefined;
  write(text: string): unknown;
}

/** Progress of a batch of notebooks. */
export interface Progress {
  /** A listener for one notebook; `name` is printed before its lines. */
  notebook(name: string): RunListener;
  /** A line that stays. */
  note(text: string): void;
  /** Clears the repainted line and stops its clock. */
  end(): void;
}

/** How often a running cell is reported in a log, in milliseconds. */
const REMINDER_MS = 30_000;
/** How often the line on a terminal is repainted, in milliseconds. */
const REPAINT_MS = 200;

/** Picks the style by what the sink is. */
export function createProgress(sink: ProgressSink): Progress {
  return sink.isTTY ? new TerminalProgress(sink) : new LogProgress(sink);
}

interface RunningCell {
  cell: number;
  total: number;
  title: string;
  started: number;
  /** The last line it printed. */
  said: string;
}

class LogProgress implements Progress {
  readonly #sink: ProgressSink;
  readonly #timers = new Set<NodeJS.Timeout>();

  constructor(sink: ProgressSink) {
    this.#sink = sink;
  }

  notebook(name: string): RunListener {
    let running: RunningCell | undefined;
    let timer: NodeJS.Timeout | undefined;
    const remind = (): void => {
      if (running === undefined) return;
      const said = running.said ? `: ${running.said}` : "";
      this.note(
        `${name} ${running.cell}/${running.total} still runs after ${secondsSince(running)}${said}`,
      );
    };
    return {
      cellStarted: (cell, total, source) => {
        running = startedCell(cell, total, source);
        timer = setInterval(remind, REMINDER_MS);
        this.#timers.add(timer);
      },
      cellPrinted: (text) => remember(running, text),
      cellFinished: (cell, total, seconds) => {
        clearInterval(timer);
        this.note(
          `${name} ${cell}/${total} ${seconds.toFixed(1).padStart(6)} s  ${running?.title ?? ""}`,
        );
        running = undefined;
      },
    };
  }

  note(text: string): void {
    this.#sink.write(`${text}\n`);
  }

  end(): void {
    for (const timer of this.#timers) clearInterval(timer);
  }
}

class TerminalProgress implements Progress {
  readonly #sink: ProgressSink;
  readonly #running = new Map<string, RunningCell>();
  readonly #clock: NodeJS.Timeout;
  #hasEnded = false;

  constructor(sink: ProgressSink) {
    this.#sink = sink;
    this.#clock = setInterval(() => this.#paint(), REPAINT_MS);
  }

  notebook(name: string): RunListener {
    return {
      cellStarted: (cell, total, source) => {
        this.#running.set(name, startedCell(cell, total, source));
        this.#paint();
      },
      cellPrinted: (text) => remember(this.#running.get(name), text),
      cellFinished: () => {
        this.#running.delete(name);
      },
    };
  }

  note(text: string): void {
    this.#sink.write(`\r\u001b[K${text}\n`);
    this.#paint();
  }

  end(): void {
    if (this.#hasEnded) return;
    this.#hasEnded = true;
    clearInterval(this.#clock);
    this.#running.clear();
    this.#sink.write("\r\u001b[K");
  }

  #paint(): void {
    if (this.#running.size === 0) return;
    const parts = [...this.#running].map(([name, run]) => {
      const place = `${name} ${bar(run)} ${run.cell}/${run.total}`;
      return this.#running.size > 1
        ? place
        : `${place}  ${secondsSince(run)}  ${run.said || run.title}`;
    });
    const line = parts.join("   ").slice(0, (this.#sink.columns || 80) - 1);
    this.#sink.write(`\r\u001b[K${line}`);
  }
}

function startedCell(cell: number, total: number, source: string): RunningCell {
  return { cell, total, title: titleOf(source), started: performance.now(), said: "" };
}

/** The first line of a cell that says something: imports say little. */
function titleOf(source: string): string {
  const lines = source.split("\n").map((line) => line.trim());
  const said = lines.filter((line) => line !== "");
  const title = said.find((line) => !line.startsWith("import ")) ?? said[0] ?? "";
  return title.length > 60 ? `${title.slice(0, 59)}…` : title;
}

function remember(running: RunningCell | undefined, text: string): void {
  const lines = stripVTControlCharacters(text.slice(-500)).split(/[\r\n]+/);
  const said = lines.findLast((line) => line.trim() !== "");
  if (running !== undefined && said !== undefined) running.said = said.trim();
}

function bar({ cell, total }: RunningCell): string {
  const width = 16;
  const full = Math.round(((cell - 1) / total) * width);
  return "█".repeat(full) + "░".repeat(width - full);
}

function secondsSince({ started }: RunningCell): string {
  return `${Math.round((performance.now() - started) / 1000)} s`;
}
