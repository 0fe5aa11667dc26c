// Answers of the language server that were given before: front ends ask the same again with every key and glance.
import type { CellFile } from "./cell-file.ts";

/** Answers that are kept. */
const MOST_ANSWERS = 32;
/** After so many milliseconds the server is asked again, for what has changed unseen. */
const LONGEST_KEPT_MS = 5000;

interface KeptAnswer {
  readonly value: unknown;
  readonly at: number;
}

/** What one server process has said about cells being typed. */
export class AnswerCache {
  readonly #answers = new Map<string, KeptAnswer>();
  readonly #origins = new WeakMap<object, CellFile>();
  readonly #details = new WeakMap<object, unknown>();

  /** The answer to a question that was asked a moment ago. */
  find(question: string): unknown {
    const kept = this.#answers.get(question);
    return kept && performance.now() - kept.at < LONGEST_KEPT_MS ? kept.value : undefined;
  }

  /** Keeps an answer about `file`. */
  keep(question: string, value: unknown, file: CellFile): void {
    if (value === undefined) return;
    const { items } = value as { items?: readonly object[] };
    for (const item of items ?? []) this.#origins.set(item, file);
    this.#answers.delete(question);
    this.#answers.set(question, { value, at: performance.now() });
    const [oldest] = this.#answers.keys();
    if (this.#answers.size > MOST_ANSWERS && oldest !== undefined) this.#answers.delete(oldest);
  }

  /** The module that the item of a list is about. */
  originOf(item: object): CellFile | undefined {
    return this.#origins.get(item);
  }

  /** Details of an item that were asked for before. */
  detailsOf(item: object): unknown {
    return this.#details.get(item);
  }

  /** Keeps the details of an item. */
  keepDetails(item: object, details: unknown): void {
    if (details !== undefined) this.#details.set(item, details);
  }
}
