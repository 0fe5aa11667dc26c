// Call settings: a run takes learning rates and modes as they are when it is called, whatever changes until its turn.
import type { Layer } from "../../layers/layer.ts";
import type { Optimizer } from "../../optimizers/optimizer.ts";

/** What optimizers and layers are set to at one moment. */
export class CallSettings {
  readonly #settings: readonly Setting[];

  /** Notes what they are set to now. */
  constructor(optimizers: readonly Optimizer[], layers: readonly Layer[]) {
    // A rate that a schedule sets belongs to the counts.
    const free = optimizers.filter(({ schedule }) => schedule === undefined);
    this.#settings = [
      ...free.map((optimizer) => settingOf(optimizer, "learningRate")),
      ...layers.map((layer) => settingOf(layer, "training")),
    ];
  }

  /** Does something while they are set to that; then they are what they are now, or what `work` sets them to. */
  during<Result>(work: () => Result): Result {
    const putBack = this.#settings.map((put) => put());
    try {
      return work();
    } finally {
      for (const each of putBack) each?.();
    }
  }
}

// Sets something to what it was once, and gives what puts it back; nothing where it has not changed.
type Setting = () => (() => void) | undefined;

function settingOf<Name extends string, Value>(of: Record<Name, Value>, name: Name): Setting {
  const called = of[name];
  return () => {
    const now = of[name];
    if (now === called) return undefined;
    of[name] = called;
    return () => {
      if (of[name] === called) of[name] = now;
    };
  };
}
