// A map that forgets what nobody has asked for the longest: a notebook may run for weeks.

/** Entries that are kept: more cells than a notebook has that one looks at as a whole. */
const MOST_ENTRIES = 500;

/** A map of at most so many entries, those that were set or read last. */
export class RecentMap<Key, Value> extends Map<Key, Value> {
  readonly #most: number;

  /** @param most - entries that are kept */
  constructor(most: number = MOST_ENTRIES) {
    super();
    this.#most = most;
  }

  override get(key: Key): Value | undefined {
    const value = super.get(key);
    if (value !== undefined) this.set(key, value);
    return value;
  }

  override set(key: Key, value: Value): this {
    this.delete(key);
    super.set(key, value);
    const [oldest] = this.size > this.#most ? this.keys() : [];
    if (oldest !== undefined) this.delete(oldest);
    return this;
  }
}
