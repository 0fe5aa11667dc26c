// compile: records a training step once, and runs it as one graph from then on.
import { availableParallelism } from "node:os";
import { type OnnxRuntime, requireOnnxRuntime } from "../backends/onnx/runtime.ts";
import { checkCount } from "../check.ts";
import { ArgumentError } from "../errors.ts";
import type { Layer } from "../layers/layer.ts";
import type { Optimizer } from "../optimizers/optimizer.ts";
import { Program, type StepFunction, type Tensors } from "./program.ts";
import { CompiledState, type Slot } from "./state.ts";
import { runVerified } from "./verify.ts";

/** What a step trains, and how it runs. */
export interface CompileOptions {
  /** The model, or all models that the step changes or reads. */
  readonly model: Layer | readonly Layer[];
  /** The optimizer, or all of them. */
  readonly optimizer: Optimizer | readonly Optimizer[];
  /**
   * Steps that run in one go. More cost less each, and nothing else happens meanwhile. Unless given, as many as
   * take a tenth of a second, up to 16: the first two steps are measured.
   */
  readonly stepsPerRun?: number;
  /**
   * How many of the first steps are also run eagerly and compared: 0 unless given. They run one by one. A step
   * that uses a tensor which changes between steps, and is no weight or state, fails here.
   */
  readonly verify?: number;
  /** Threads that share the work of one node: as many as there are cores unless given. */
  readonly threads?: number;
}

/** The numbers of every result, step by step, one behind the other. */
export type StepResults<Results extends Tensors> = {
  readonly [Name in keyof Results]: Float32Array;
};

/**
 * Records a training step into one graph, and runs that from then on.
 *
 * The step is the code that also runs eagerly: forward, loss, backward, `optimizer.step()`. It is called
 * once for every shape of a batch, on tensors that have shapes and no numbers. What it returns by name is
 * what `run` gives back. Weights and optimizer state live in the compiled step while it runs; `sync` puts
 * them back into the model.
 *
 * @param step - takes a batch by name, such as `{ inputs, targets }`, and returns tensors by name
 * @throws {BackendError} when ONNX Runtime does not load
 * @throws {TracingError} when a weight is not float32
 */
export function compile<Batch extends Tensors, Results extends Tensors>(
  step: StepFunction<Batch, Results>,
  options: CompileOptions,
): CompiledStep<Batch, Results> {
  return new CompiledStep(step, options);
}

/** A step that runs as one graph. */
export class CompiledStep<Batch extends Tensors, Results extends Tensors> {
  readonly #step: StepFunction<Batch, Results>;
  readonly #runtime: OnnxRuntime;
  readonly #state: CompiledState;
  readonly #programs = new Map<string, Program>();
  #stepsPerRun: number | undefined;
  readonly #threads: number;
  #toVerify: number;
  #hasRun = false;

  /** For `compile`. */
  constructor(step: StepFunction<Batch, Results>, options: CompileOptions) {
    const { stepsPerRun, threads = availableParallelism(), verify = 0 } = options;
    if (stepsPerRun !== undefined) checkCount("compile", "stepsPerRun", stepsPerRun);
    checkCount("compile", "threads", threads);
    checkCount("compile", "verify", verify, 0);
    this.#step = step;
    this.#runtime = requireOnnxRuntime();
    this.#state = new CompiledState(slotsOf(options), this.#runtime);
    this.#stepsPerRun = stepsPerRun;
    this.#threads = threads;
    this.#toVerify = verify;
  }

  /**
   * Trains on one batch after the other, of any shapes.
   *
   * @returns the numbers of all steps by name: a scalar result is a `Float32Array` of as many numbers as batches
   * @throws {VerificationError} when a step to be verified differs from the eager one
   */
  async run(batches: Batch | readonly Batch[]): Promise<StepResults<Results>> {
    const list = isList(batches) ? batches : [batches];
    if (list.length === 0) {
      throw new ArgumentError(
        "compile: run expects at least one batch, got an empty list. Pass { inputs, targets }, or several in a list.",
      );
    }
    this.#state.load();
    const pieces: ReadonlyMap<string, Float32Array>[] = [];
    const first = list.slice(0, this.#toVerify);
    for (const batch of first) pieces.push(this.#verify(batch));
    const measured =
      this.#stepsPerRun === undefined ? list.slice(first.length, first.length + 2) : [];
    for (const batch of measured) pieces.push(this.#measure(batch));
    const rest = list.slice(first.length + measured.length);
    for (const group of groupsOf(rest, this.stepsPerRun)) {
      pieces.push(this.#programFor(group).run(group));
      // A run blocks this thread: between two of them, others get their turn.
      await new Promise((resolve) => setImmediate(resolve));
    }
    return joined(pieces) as StepResults<Results>;
  }

  /** Puts weights, running statistics and optimizer state back into the model and the optimizer. */
  async sync(): Promise<void> {
    this.#state.load();
    this.#state.store();
  }

  /** Frees the graphs. Call `sync` before, or what was learned is lost. */
  dispose(): void {
    for (const program of this.#programs.values()) program.dispose();
    this.#programs.clear();
  }

  /** How many batches run in one go. */
  get stepsPerRun(): number {
    return this.#stepsPerRun ?? 1;
  }

  // The first step of a graph also allocates its memory; how long the second one takes is what they all take.
  #measure(batch: Batch): ReadonlyMap<string, Float32Array> {
    const program = this.#programFor([batch]);
    const start = performance.now();
    const results = program.run([batch]);
    const milliseconds = performance.now() - start;
    if (this.#hasRun) this.#stepsPerRun = stepsIn(RUN_MS, milliseconds);
    this.#hasRun = true;
    return results;
  }

  #verify(batch: Batch): ReadonlyMap<string, Float32Array> {
    const program = this.#programFor([batch]);
    const eager = (): Tensors => this.#step(batch);
    const results = runVerified({ program, state: this.#state, batch, eager });
    this.#toVerify--;
    return results;
  }

  #programFor(batches: readonly Batch[]): Program {
    const [first] = batches as readonly [Batch];
    const steps = batches.length;
    const key = `${steps} ${shapeKey(first)}`;
    const known = this.#programs.get(key);
    if (known) return known;
    const batch = Object.fromEntries(
      Object.entries(first).map(([name, { shape, dtype }]) => [name, { shape, dtype }]),
    );
    const program = new Program(this.#step as unknown as StepFunction<Tensors, Tensors>, {
      state: this.#state,
      batch,
      steps,
      threads: this.#threads,
      runtime: this.#runtime,
    });
    this.#programs.set(key, program);
    return program;
  }
}

/** How long a run may keep the thread, in milliseconds. */
const RUN_MS = 100;
/** From here on, more steps in one go save nothing that could be measured. */
const MOST_STEPS = 16;

const stepsIn = (budget: number, milliseconds: number): number =>
  Math.max(1, Math.min(MOST_STEPS, Math.floor(budget / milliseconds)));

function slotsOf({ model, optimizer }: CompileOptions): Slot[] {
  const models = isList(model) ? model : [model];
  const optimizers = isList(optimizer) ? optimizer : [optimizer];
  const held = [
    ...models.flatMap((each): Slot[] => [...each.parameters(), ...each.states()]),
    ...optimizers.flatMap((each): Slot[] => [...each.parameters, ...each.states()]),
  ];
  return [...new Set(held)];
}

const isList = <Item>(value: Item | readonly Item[]): value is readonly Item[] =>
  Array.isArray(value);

const shapeKey = (batch: Tensors): string =>
  JSON.stringify(Object.entries(batch).map(([name, { shape, dtype }]) => [name, dtype, shape]));

// Full runs of equal shapes; what is left over, or has a shape of its own, goes one by one.
function groupsOf<Batch extends Tensors>(list: readonly Batch[], stepsPerRun: number): Batch[][] {
  const groups: Batch[][] = [];
  let at = 0;
  while (at < list.length) {
    const key = shapeKey(list[at]!);
    const run = list.slice(at, at + stepsPerRun);
    const isFull = run.length === stepsPerRun && run.every((each) => shapeKey(each) === key);
    groups.push(isFull ? run : [list[at]!]);
    at += isFull ? stepsPerRun : 1;
  }
  return groups;
}

function joined(
  pieces: readonly ReadonlyMap<string, Float32Array>[],
): Record<string, Float32Array> {
  const names = [...pieces[0]!.keys()];
  return Object.fromEntries(
    names.map((name) => {
      const parts = pieces.map((piece) => piece.get(name)!);
      const all = new Float32Array(parts.reduce((length, part) => length + part.length, 0));
      let at = 0;
      for (const part of parts) {
        all.set(part, at);
        at += part.length;
      }
      return [name, all];
    }),
  );
}
