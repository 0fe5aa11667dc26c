// The same forward pass with several lengths of every named axis.
import { ArgumentError, ShapeError } from "../../errors.ts";
import { sized, type Sizes, sizesText, SPREADS, samplings } from "./axes.ts";
import type { Recordings } from "./generalise.ts";
import type { OnnxInputs } from "./options.ts";
import { recordForward, type Recording, type Subject } from "./recording.ts";
import type { AxisPlace } from "./size-arithmetic.ts";

/**
 * Records a forward pass with as many lengths as are needed to see what follows from them.
 *
 * @throws {ShapeError} when the model does not take such inputs
 */
export function recordAll(
  subject: Subject,
  inputs: OnnxInputs,
  names: readonly string[],
): Recordings {
  const { grid, checks } = firstThatFits(subject, inputs, names);
  const sizes = [...grid.keys()];
  const recordings = [...grid.values()];
  for (const each of checks) {
    // A window may be larger, or a table of positions shorter.
    const recording = attempt(() => record(subject, inputs, each));
    if (recording instanceof Error) continue;
    recordings.push(recording);
    sizes.push(each);
  }
  return { names, sizes, recordings, places: placesOf(inputs, recordings[0]!) };
}

interface Fitting {
  readonly grid: ReadonlyMap<Sizes, Recording>;
  readonly checks: readonly Sizes[];
}

// Lengths that a model takes: a short table of positions wants small ones, halving images again and again even ones.
function firstThatFits(subject: Subject, inputs: OnnxInputs, names: readonly string[]): Fitting {
  const errors: Error[] = [];
  for (const spread of SPREADS) {
    const { grid, checks } = samplings(names, spread);
    const recordings = attempt(
      () => new Map(grid.map((sizes) => [sizes, record(subject, inputs, sizes)])),
    );
    if (!(recordings instanceof Error)) return { grid: recordings, checks };
    errors.push(recordings);
  }
  throw errors[0]!;
}

// What comes of it, or the error where the sizes are the reason.
function attempt<Result>(body: () => Result): Result | Error {
  try {
    return body();
  } catch (error) {
    if (error instanceof ShapeError || error instanceof ArgumentError) return error;
    throw error;
  }
}

function record(subject: Subject, inputs: OnnxInputs, sizes: Sizes): Recording {
  const types = Object.entries(inputs).map(
    ([name, { shape, dtype = "float32" }]) =>
      [name, { shape: sized(shape, sizes), dtype }] as const,
  );
  try {
    return recordForward(subject, Object.fromEntries(types));
  } catch (error) {
    if (!(error instanceof ShapeError) || Object.keys(sizes).length === 0) throw error;
    throw new ShapeError(
      `saveOnnx: the model must take inputs with named axes of any length, but with ${sizesText(sizes)} it says: ${error.message} ` +
        "Write a number for an axis that has one length only.",
      { cause: error },
    );
  }
}

function placesOf(inputs: OnnxInputs, recording: Recording): Map<string, AxisPlace> {
  const places = new Map<string, AxisPlace>();
  for (const [name, { shape }] of Object.entries(inputs)) {
    const input = recording.inputs.get(name)!;
    for (const [axis, length] of shape.entries()) {
      if (typeof length === "string" && !places.has(length)) places.set(length, { input, axis });
    }
  }
  return places;
}
