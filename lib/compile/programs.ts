// The programs of a compiled step: recorded when they are first needed, kept while they are used.
import type { OnnxRuntime } from "../backends/onnx/runtime.ts";
import { type Group, shapeKey } from "./groups.ts";
import type { Home } from "./home.ts";
import { ProgramCache } from "./program-cache.ts";
import { Program } from "./program.ts";
import { recordStep } from "./recording/record.ts";
import { canShare, recordShared } from "./recording/record-shared.ts";
import type { RecordedSettings } from "./recording/recorded-settings.ts";
import type { StepState } from "./state/state.ts";
import type { StepFunction, Tensors } from "./step-types.ts";

/** What programs are made from, and who runs them. */
export interface ProgramsOptions {
  readonly step: StepFunction<Tensors, Tensors>;
  readonly of: StepState;
  readonly recordedSettings: RecordedSettings;
  readonly runtime: OnnxRuntime;
  /** Where it runs. */
  readonly home: Home;
  readonly threads: number;
  /** Who share every batch; 1: nobody. */
  readonly ranks: number;
}

/** Programs by shapes, settings, number of steps, modes of layers, gradients that are there, and paces of parameters. */
export class Programs {
  readonly #options: ProgramsOptions;
  #hasWarned = false;
  #recordings = 0;
  #runs = 0;
  readonly #cache = new ProgramCache<Program>(warnOfManyShapes);

  constructor(options: ProgramsOptions) {
    this.#options = options;
  }

  /**
   * The program that takes these batches in one go, or the first of them.
   *
   * @throws {TracingError} when it has read weights that the step does not list, and that have changed
   */
  for(batches: Group<Tensors>): Program {
    const { of, recordedSettings } = this.#options;
    const shape = shapeKey(batches[0]);
    // A layer in training is another step than the same layer in use.
    const modes = of.layers.map(({ training }) => Number(training)).join("");
    // Parameters that were moved equally often so far are moved together.
    const paces = of.optimizers.map(({ progress }) => paceKey(progress.moves)).join(";");
    const key = `${batches.length} ${shape} ${recordedSettings.version} ${modes} ${of.state.presentKey} ${paces}`;
    const known = this.#cache.find(key);
    if (known) {
      known.unlisted.check();
      if (known.isDueIn(this.#runs)) this.#callAgain(known);
      return known;
    }
    this.#warnOfChanges();
    const program = this.#record(batches, () => this.#cache.forget(key));
    program.isDueIn(this.#runs);
    const dropped = this.#cache.keep(key, shape, program);
    if (dropped) this.#close(dropped);
    return program;
  }

  /** How many are kept. */
  get count(): number {
    return this.#cache.count;
  }

  /** How many have been recorded so far. */
  get recordings(): number {
    return this.#recordings;
  }

  /** Forgets all, and frees them. */
  clear(): void {
    for (const program of this.#cache.clear()) this.#close(program);
  }

  /** Says that a run begins. Now and then the step is called again then, to see whether it still does the same. */
  begin(): void {
    this.#runs++;
  }

  #callAgain(program: Program): void {
    try {
      this.#options.recordedSettings.withoutTrace(program.callAgain);
    } catch (error) {
      // Whoever runs the step all the same gets one that is recorded now, for every shape.
      this.clear();
      throw error;
    }
  }

  // Settings that have been there before have graphs.
  #warnOfChanges(): void {
    const { version, lastChange } = this.#options.recordedSettings;
    if (version < MOST_QUIET_CHANGES || this.#hasWarned) return;
    this.#hasWarned = true;
    console.warn(
      `compile: a step is recorded anew when a setting has changed, and now it was for the ${version}th time: ${lastChange} has changed. ` +
        "Recording takes longer than a step: pass a number that changes often in the batch, as a tensor, and rates as a schedule.",
    );
  }

  #close(program: Program): void {
    void this.#options.home.turns.addAnyway(() => program.close());
  }

  #record([first, ...others]: Group<Tensors>, forget: () => void): Program {
    const { step, of, home, recordedSettings, runtime, threads, ranks } = this.#options;
    const batch = Object.fromEntries(
      Object.entries(first).map(([name, { shape, dtype }]) => [name, { shape, dtype }]),
    );
    const options = { of, batch, steps: 1 + others.length, threads, runtime };
    const isShared = ranks > 1 && canShare(batch, ranks);
    const recording = recordedSettings.during(
      () => (isShared ? recordShared(step, { ...options, ranks }) : recordStep(step, options)),
      ({ holds }, value) => holds(value),
    );
    if (recordedSettings.withoutTrace(recording.callAgain))
      recordedSettings.addRates(of.optimizers);
    this.#recordings++;
    const { runner, constants } = home;
    return new Program(recording, { runner, number: home.newProgram(), constants, forget });
  }
}

/** Annealing in each of a few epochs is nothing to be told. */
const MOST_QUIET_CHANGES = 16;

// Which of the counts are equal; hardly ever are there several.
function paceKey(moves: readonly number[]): string {
  const [first] = moves;
  if (moves.every((each) => each === first)) return "";
  const counts = [...new Set(moves)];
  return moves.map((each) => counts.indexOf(each)).join();
}

function warnOfManyShapes(count: number): void {
  console.warn(
    `compile: a step is recorded once for every shape of a batch, and now there are ${count} shapes. ` +
      "Recording takes longer than a step: let batches have few shapes, by dropLast: true, or by padding to few lengths.",
  );
}
