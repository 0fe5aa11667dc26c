// What runs leave: tensors in the model whose numbers stay with the runner until somebody reads them.
import type { HostArray } from "../../backends/host-array.ts";
import { hostBackend } from "../../backends/select.ts";
import type { TypedArray } from "../../dtype.ts";
import { StateError, WorkerError } from "../../errors.ts";
import { type Shape, sizeOf } from "../../shape.ts";
import { Tensor } from "../../tensor.ts";
import type { Counted, Counts } from "./counts.ts";
import type { Runner } from "../runners/runner.ts";
import type { CompiledState } from "./state.ts";
import type { Place, Slot } from "./state-arrays.ts";

/** Who gives numbers, what of, and what belongs to them. */
export interface LeftTensorsOptions {
  readonly state: CompiledState;
  readonly runner: Runner;
  readonly counts: Counts;
}

/** A run, and what there is to do when it has ended well. */
export interface RunUnderWay {
  /** Arrays that it writes. */
  readonly written: readonly number[];
  /** What was counted and drawn for it. */
  readonly counted: Counted;
  /** Notes which slots it leaves something in. */
  readonly notePresence: () => void;
}

/** An array of any shape that somebody else has until it is read. */
class LeftArray implements HostArray {
  readonly shape: Shape;
  readonly dtype = "float32";
  // Lets the numbers arrive, or says why they cannot.
  #bring: (() => void) | undefined;
  #data: TypedArray | undefined;

  constructor(shape: Shape, bring: () => void) {
    this.shape = shape;
    this.#bring = bring;
  }

  get data(): TypedArray {
    this.#bring?.();
    return this.#data!;
  }

  arrive(numbers: TypedArray): void {
    this.#data = numbers;
    this.#bring = undefined;
  }

  lose(refuse: () => never): void {
    this.#bring = refuse;
  }
}

/** A tensor without numbers. */
interface Left {
  readonly place: Place;
  readonly array: LeftArray;
  readonly tensor: Tensor;
  /** What the slot held when somebody last had its numbers. */
  readonly before: Tensor | undefined;
}

/** The tensors of a state whose numbers only the runner has. The first that is read brings all of them. */
export class LeftTensors {
  readonly #state: CompiledState;
  readonly #runner: Runner;
  readonly #counts: Counts;
  readonly #left = new Map<Slot, Left>();
  #underWay: RunUnderWay | undefined;
  // Those that have left something.
  #runs = 0;
  #hasEnded = false;
  readonly #whenRead = (): void => this.#bringNow();

  constructor({ state, runner, counts }: LeftTensorsOptions) {
    this.#state = state;
    this.#runner = runner;
    this.#counts = counts;
  }

  /** A run: when it is over, the slots hold what it has left, and counts are those of that moment. */
  async during<Result>(run: RunUnderWay, work: () => Promise<Result>): Promise<Result> {
    this.#underWay = run;
    try {
      const result = await work();
      this.#land();
      return result;
    } catch (error) {
      // A run of several steps may have got somewhere, and a dead worker has nothing to give.
      if (error instanceof WorkerError) this.#giveUp(error);
      else this.#leave(run.written);
      throw error;
    } finally {
      this.#underWay = undefined;
    }
  }

  /** Brings all numbers, while others go on. No run may begin meanwhile. */
  async bring(): Promise<void> {
    const arrays = this.#arrays();
    try {
      this.#arrive(arrays, await this.#runner.read(arrays));
    } catch (error) {
      if (error instanceof WorkerError) this.#giveUp(error);
      throw error;
    }
  }

  /** The same at once, before somebody writes to the arrays; a run that is under way would write to them anyway. */
  bringBeforeWrite(): void {
    if (this.#underWay === undefined) this.#bringNow();
  }

  /** The same for the last time: a run that has begun is waited for, and what it leaves is brought too. */
  end(): void {
    if (this.#underWay && this.#now(() => this.#runner.runsNow()) > this.#runs) this.#land();
    this.#underWay = undefined;
    this.#hasEnded = true;
    this.#bringNow();
  }

  #bringNow(): void {
    if (this.#underWay) throw underWay();
    const arrays = this.#arrays();
    if (arrays.length === 0) return;
    this.#arrive(
      arrays,
      this.#now(() => this.#runner.readNow(arrays)),
    );
  }

  #now<Answer>(ask: () => Answer): Answer {
    try {
      return ask();
    } catch (error) {
      if (error instanceof WorkerError) this.#giveUp(error);
      throw error;
    }
  }

  // Nothing is done twice: the end does not wait until the run itself is told.
  #land(): void {
    if (this.#underWay === undefined) return;
    const { written, counted, notePresence } = this.#underWay;
    this.#underWay = undefined;
    this.#runs++;
    notePresence();
    this.#leave(written);
    this.#counts.land(counted);
    if (this.#left.size === 0) this.#counts.settle();
  }

  #arrays(): number[] {
    return [...new Set(Array.from(this.#left.values(), ({ place }) => place.array))];
  }

  #leave(written: readonly number[]): void {
    if (this.#hasEnded) return;
    const arrays = new Set(written);
    for (const place of this.#state.arrays.places) {
      const { slot, array } = place;
      const isPresent = this.#state.present.has(slot);
      if (isPresent && !arrays.has(array)) continue;
      const former = this.#left.get(slot);
      former?.array.lose(refuseMovedOn);
      // What somebody has put there meanwhile goes to the runner before the next run.
      const isOurs = this.#state.isAsSeen(slot);
      if (isOurs && isPresent) {
        this.#put(place, slot.value === former?.tensor ? former?.before : slot.value);
        continue;
      }
      this.#left.delete(slot);
      if (isOurs) this.#state.put(slot, undefined);
    }
  }

  #put(place: Place, before: Tensor | undefined): void {
    const array = new LeftArray(place.shape, this.#whenRead);
    const tensor = new Tensor(hostBackend, array);
    this.#left.set(place.slot, { place, array, tensor, before });
    this.#state.put(place.slot, tensor);
  }

  #arrive(arrays: readonly number[], numbers: readonly TypedArray[]): void {
    for (const [slot, { place, array }] of this.#left) {
      const all = numbers[arrays.indexOf(place.array)];
      if (all === undefined) continue;
      const size = sizeOf(place.shape);
      array.arrive(all.length === size ? all : all.slice(place.offset, place.offset + size));
      this.#left.delete(slot);
    }
    this.#counts.settle();
  }

  // The slots get back what they held when somebody last had their numbers: all of one moment, and so are the counts.
  #giveUp(error: WorkerError): void {
    let isBack = false;
    for (const [slot, { array, tensor, before }] of this.#left) {
      array.lose(() => {
        throw error;
      });
      if (slot.value !== tensor) continue;
      this.#state.put(slot, before);
      isBack = true;
    }
    this.#left.clear();
    if (isBack) this.#counts.goBack();
  }
}

function refuseMovedOn(): never {
  throw new StateError(
    "compile: a tensor that a run left in the model can be read until the next run, and that has changed these numbers. " +
      "Before it, call stateDict(model), whose tensors keep their numbers, await step.sync(), or take a copy: parameter.value.toTypedArray().",
  );
}

function underWay(): StateError {
  return new StateError(
    "compile: what a run leaves can be read when it has ended, and a run is still under way. " +
      "Await what run(...) returns, then read; with fit, read in onEpoch.",
  );
}
