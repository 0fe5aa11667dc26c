// Groups of steps: how many batches are handed over together, and which groups are still under way.
import type { Batch } from "../data/batches.ts";
import type { Stepper } from "./stepper.ts";

/** Groups of steps that have begun, oldest first. */
export class UnderWay {
  readonly #groups: Promise<void>[] = [];

  /** One more has begun. */
  add(group: Promise<void>): void {
    // Whoever waits for the group gets its error; until then, it is nobody's surprise.
    group.catch(() => undefined);
    this.#groups.push(group);
  }

  /** Waits for the oldest, until so many are left. */
  async finishAllBut(count: number): Promise<void> {
    while (this.#groups.length > count) await this.#groups.shift();
  }
}

/** As many batches as the stepper likes to get now; the last group may be smaller. */
export function* groupsOf(
  batches: Iterable<Batch>,
  stepper: Pick<Stepper, "batchesAtOnce">,
): Iterable<Batch[]> {
  let group: Batch[] = [];
  for (const batch of batches) {
    group.push(batch);
    if (group.length < stepper.batchesAtOnce) continue;
    yield group;
    group = [];
  }
  if (group.length > 0) yield group;
}
