// The programs of a compiled step, one for every shape of a batch: few are kept, and many shapes are worth a word.

/** Programs that are kept; the one that was not used for longest goes first. */
const MOST_PROGRAMS = 16;
/** Whole batches and a short last one are two shapes, another data set has two more. */
const MOST_QUIET_SHAPES = 3;

/** Programs by everything that they depend on. */
export class ProgramCache<Program> {
  readonly #programs = new Map<string, Program>();
  readonly #shapes = new Set<string>();
  readonly #onManyShapes: (count: number) => void;

  /** @param onManyShapes - told once, when there are so many shapes that recording them is what takes the time */
  constructor(onManyShapes: (count: number) => void) {
    this.#onManyShapes = onManyShapes;
  }

  /** How many there are. */
  get count(): number {
    return this.#programs.size;
  }

  /** A program that is there, used now. */
  find(key: string): Program | undefined {
    const program = this.#programs.get(key);
    if (program === undefined) return undefined;
    // The order of a map is that of insertion: whoever is used goes to the end.
    this.#programs.delete(key);
    this.#programs.set(key, program);
    return program;
  }

  /** Keeps a program, recorded for batches of `shape`. @returns the one that has to go for it */
  keep(key: string, shape: string, program: Program): Program | undefined {
    this.#shapes.add(shape);
    if (this.#shapes.size === MOST_QUIET_SHAPES + 1) this.#onManyShapes(this.#shapes.size);
    this.#programs.set(key, program);
    if (this.#programs.size <= MOST_PROGRAMS) return undefined;
    const [[oldest, dropped]] = this.#programs as unknown as readonly [[string, Program]];
    this.#programs.delete(oldest);
    return dropped;
  }

  /** Forgets one. */
  forget(key: string): void {
    this.#programs.delete(key);
  }

  /** Forgets all. @returns what there was */
  clear(): Program[] {
    const programs = [...this.#programs.values()];
    this.#programs.clear();
    return programs;
  }
}
