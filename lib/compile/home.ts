// Where compiled steps over common weights are at home: one runner, which has the state of all, and turns that they take.
import type { OnnxRuntime } from "../backends/onnx/runtime.ts";
import { Constants } from "./runners/constants.ts";
import { Counts } from "./state/counts.ts";
import { LeftTensors } from "./state/left-tensors.ts";
import { ranksRunner } from "./runners/ranks-runner.ts";
import type { Runner } from "./runners/runner.ts";
import { checkFloat32, CompiledState, type Listed, type StepState } from "./state/state.ts";
import type { FullSlot } from "./state/state-arrays.ts";
import { threadRunner } from "./runners/thread-runner.ts";
import { Turns } from "./turns.ts";
import { workerRunner } from "./runners/worker-runner.ts";

/** What a step asks of its home. */
export interface HomeOptions extends Listed {
  /** Whether it runs in a thread of its own. */
  readonly worker: boolean;
  /** How many share every batch. */
  readonly ranks: number;
  readonly runtime: OnnxRuntime;
}

/** A runner, and all that there is one of for each. */
export class Home {
  readonly runner: Runner;
  readonly state: CompiledState = new CompiledState();
  readonly left: LeftTensors;
  readonly counts: Counts = new Counts();
  readonly constants: Constants;
  /** Groups of batches get ready in turns ... */
  readonly starts: Turns = new Turns();
  /** ... and what the runner does goes in turns of its own. */
  readonly turns: Turns = new Turns();
  #programs = 0;
  #steps = 0;

  constructor(runner: Runner) {
    this.runner = runner;
    this.left = new LeftTensors({ state: this.state, runner, counts: this.counts });
    this.constants = new Constants(runner);
  }

  /** Takes in a step. */
  moveIn(listed: Listed): StepState {
    this.#steps++;
    return this.#adding(() => this.state.takeIn(listed));
  }

  /** Lets a step list other things than before. No run of it may be under way. */
  takeAgain(step: StepState, listed: Listed): void {
    this.#adding(() => this.state.takeAgain(step, listed));
  }

  // What is new in the state is new for the runner.
  #adding<Result>(takeIn: () => Result): Result {
    const before = this.state.arrays.shapes.length;
    const result = takeIn();
    const added = this.state.arrays.shapes.slice(before);
    if (added.length > 0) void this.turns.addAnyway(() => this.runner.add(added));
    return result;
  }

  /** Brings here what runs have left, when all that came before has run. */
  bring(): Promise<void> {
    return this.turns.addAnyway(() => this.left.bring());
  }

  /**
   * A step goes. After the last one everything is freed, and what runs have left is in the model: all of one moment,
   * which is the end of the run under way. Those that wait behind it have not happened.
   */
  moveOut(): void {
    this.#steps--;
    if (this.#steps > 0) return;
    try {
      this.left.end();
    } finally {
      this.counts.dropAll();
      this.runner.dispose();
    }
  }

  /** A number for a program, which no other one has. */
  newProgram(): number {
    return this.#programs++;
  }
}

// Nobody stays alive for being known here: neither weights nor runners.
const homes = new Map<string, WeakMap<FullSlot, WeakRef<Home>>>();

/**
 * The home of steps over some of the same slots that run in the same way, or a new one.
 *
 * @throws {TracingError} when a tensor is not float32
 */
export function homeFor(options: HomeOptions): Home {
  const { slots, worker, ranks } = options;
  for (const { value } of slots) checkFloat32(value);
  const way = `${worker} ${ranks}`;
  const known = homes.get(way) ?? new WeakMap<FullSlot, WeakRef<Home>>();
  homes.set(way, known);
  const there = slots.map((slot) => known.get(slot)?.deref()).find((home) => home && isOpen(home));
  const home = there ?? new Home(runnerFor(options));
  const reference = new WeakRef(home);
  for (const slot of slots) known.set(slot, reference);
  return home;
}

const isOpen = ({ runner, state }: Home): boolean => !runner.hasEnded && state.isFit;

function runnerFor({ worker, ranks, runtime }: HomeOptions): Runner {
  if (ranks > 1) return ranksRunner(ranks);
  return worker ? workerRunner() : threadRunner(runtime);
}
