// The cells that tracebacks can show: the latest ones, and every older one whose functions and values are still there.
import type { CellScript } from "../compile/stack-frames.ts";

/** Cells that are kept although nothing of theirs is left. */
const MOST_LEFTOVERS = 500;

/** A session's cells by the name of their script; those that nobody can meet any more are forgotten. */
export class CellScripts {
  readonly #scripts = new Map<string, CellScript>();
  /** The script that has declared a name last. */
  readonly #declaredIn = new Map<string, string>();
  /** How many names each script holds on to. */
  readonly #held = new Map<string, number>();
  readonly #mostLeftovers: number;

  /** @param mostLeftovers - cells that are kept although nothing of theirs is left */
  constructor(mostLeftovers: number = MOST_LEFTOVERS) {
    this.#mostLeftovers = mostLeftovers;
  }

  /** The cell of a script. */
  get(scriptName: string): CellScript | undefined {
    return this.#scripts.get(scriptName);
  }

  /** Adds a cell and the names that it declares. @returns the scripts that are forgotten instead */
  add(scriptName: string, script: CellScript, declared: readonly string[]): string[] {
    this.#scripts.delete(scriptName);
    this.#scripts.set(scriptName, script);
    for (const name of declared) this.#move(name, scriptName);
    return this.#forget();
  }

  /** Called when the values of all cells are gone. */
  releaseNames(): void {
    this.#declaredIn.clear();
    this.#held.clear();
  }

  #move(name: string, scriptName: string): void {
    const before = this.#declaredIn.get(name);
    if (before !== undefined) this.#hold(before, -1);
    this.#declaredIn.set(name, scriptName);
    this.#hold(scriptName, 1);
  }

  #hold(scriptName: string, change: 1 | -1): void {
    const count = (this.#held.get(scriptName) ?? 0) + change;
    if (count > 0) this.#held.set(scriptName, count);
    else this.#held.delete(scriptName);
  }

  #forget(): string[] {
    let excess = this.#scripts.size - this.#held.size - this.#mostLeftovers;
    const forgotten: string[] = [];
    if (excess <= 0) return forgotten;
    for (const scriptName of this.#scripts.keys()) {
      if (this.#held.has(scriptName)) continue;
      forgotten.push(scriptName);
      if (--excess <= 0) break;
    }
    for (const scriptName of forgotten) this.#scripts.delete(scriptName);
    return forgotten;
  }
}
