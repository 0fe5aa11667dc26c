// Scan: one step after the other along the first axis, with states that pass from step to step.
import type { Backend, BackendValue } from "../backends/backend.ts";
import { currentBackend } from "../backends/select.ts";
import { checkScan } from "../op-check.ts";
import { Tensor } from "../tensor.ts";
import { concat, reshape, slice } from "./arrange.ts";
import { valuesOn } from "./dispatch.ts";

/** What one step hands on and what it leaves behind. */
export interface ScanStep {
  /** The states that the next step starts from, as many and as large as before. */
  readonly states: readonly Tensor[];
  /** What is kept of this step. */
  readonly outputs: readonly Tensor[];
}

/** What a scan starts with. */
export interface ScanInputs {
  /** States before the first step, of any shape. */
  readonly states: readonly Tensor[];
  /** `[steps, ...]` each: step t sees row t of every one of them. */
  readonly sequences: readonly Tensor[];
}

type Step = (states: readonly Tensor[], items: readonly Tensor[]) => ScanStep;

/**
 * Runs `step` for each row of the sequences, first to last.
 *
 * states, outputs[t] = step(states, sequences[t])
 *
 * @param step - takes the states and one row of every sequence
 * @returns the last states, and every output as `[steps, ...]`
 * @throws {ArgumentError} when there is no sequence
 * @throws {ShapeError} when the sequences differ in length
 */
export function scan({ states, sequences }: ScanInputs, step: Step): ScanStep {
  const steps = checkScan(sequences);
  const backend = currentBackend();
  if (backend.scan) return scanOn(backend, backend.scan, { states, sequences }, step);
  let current = states;
  const kept: Tensor[][] = [];
  for (let t = 0; t < steps; t++) {
    const items = sequences.map((sequence) => rowOf(sequence, t));
    const { states: next, outputs } = step(current, items);
    current = next;
    for (const [index, output] of outputs.entries()) (kept[index] ??= []).push(output);
  }
  return { states: current, outputs: kept.map(stacked) };
}

// The backend runs the steps: what `step` computes becomes the body of its operation.
function scanOn(
  backend: Backend,
  run: NonNullable<Backend["scan"]>,
  { states, sequences }: ScanInputs,
  step: Step,
): ScanStep {
  const tensors = (values: readonly BackendValue[]): Tensor[] =>
    values.map((value) => new Tensor(backend, value));
  const inputs = {
    states: valuesOn(backend, states),
    sequences: valuesOn(backend, sequences),
  };
  const result = run(inputs, (currentStates, items) => {
    const next = step(tensors(currentStates), tensors(items));
    return {
      states: valuesOn(backend, next.states),
      outputs: valuesOn(backend, next.outputs),
    };
  });
  return { states: tensors(result.states), outputs: tensors(result.outputs) };
}

const rowOf = (sequence: Tensor, t: number): Tensor =>
  reshape(slice(sequence, [[t, t + 1]]), sequence.shape.slice(1));

const stacked = (outputs: readonly Tensor[]): Tensor =>
  concat(outputs.map((output) => reshape(output, [1, ...output.shape])));
