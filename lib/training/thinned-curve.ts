// A curve of any length in little memory: neighbours are averaged when there are too many.

const MOST_POINTS = 240;

/** Collects points one at a time and keeps at most 240, each the mean of equally many. */
export class ThinnedCurve {
  #points: { x: number; y: number }[] = [];
  /** How many added points one kept point stands for. */
  #stride = 1;
  #waiting = { count: 0, x: 0, y: 0 };

  /** Adds a point; `x` grows from call to call. */
  add(x: number, y: number): void {
    const { count, x: sumX, y: sumY } = this.#waiting;
    this.#waiting = { count: count + 1, x: sumX + x, y: sumY + y };
    if (this.#waiting.count < this.#stride) return;
    this.#points.push({ x: this.#waiting.x / this.#stride, y: this.#waiting.y / this.#stride });
    this.#waiting = { count: 0, x: 0, y: 0 };
    if (this.#points.length === MOST_POINTS) this.#merge();
  }

  /** The kept points, as two lists of one length. */
  get lists(): { x: number[]; y: number[] } {
    return { x: this.#points.map(({ x }) => x), y: this.#points.map(({ y }) => y) };
  }

  /** Two neighbours become one, which makes room for as many again. */
  #merge(): void {
    const merged: { x: number; y: number }[] = [];
    for (let index = 0; index + 1 < this.#points.length; index += 2) {
      const [first, second] = this.#points.slice(index, index + 2) as [
        { x: number; y: number },
        { x: number; y: number },
      ];
      merged.push({ x: (first.x + second.x) / 2, y: (first.y + second.y) / 2 });
    }
    this.#points = merged;
    this.#stride *= 2;
  }
}
