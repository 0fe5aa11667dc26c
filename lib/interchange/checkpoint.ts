// A training in a file: weights, the optimizer's moments and counts, and the place in the random numbers.
import { extname } from "node:path";
import { kindOf } from "../check.ts";
import { ArgumentError, DataError, GradlabError } from "../errors.ts";
import { Layer } from "../layers/layer.ts";
import { Optimizer } from "../optimizers/optimizer.ts";
import { isProgressOf, type OptimizerProgress } from "../optimizers/progress.ts";
import { Generator, type GeneratorState } from "../random.ts";
import { sameShape, shapeText } from "../shape.ts";
import type { Tensor } from "../tensor.ts";
import { excerpt } from "./excerpt.ts";
import { readSafetensors, type Safetensors, writeSafetensors } from "./safetensors.ts";
import { loadStateDict, stateDict } from "./state-dict.ts";
import { readWhole } from "./read-file.ts";
import { writeWhole } from "./write-file.ts";

/** What a training consists of. */
export interface Training {
  readonly model: Layer;
  readonly optimizer: Optimizer;
  /** The generator that dropout and batches draw from, where they do. */
  readonly random?: Generator;
}

// The metadata entry "format" of such a file.
const FORMAT = "gradlab-checkpoint";
// What stands before the names of the two kinds of tensors.
const [MODEL, OPTIMIZER] = ["model.", "optimizer."] as const;

/**
 * Writes a training to a `.safetensors` file, from which it goes on with the same numbers, bit by bit.
 *
 * The file is replaced when the new one is complete. Call this between two steps: gradients and the settings of layers
 * and optimizer are not in the file.
 *
 * @throws {ArgumentError} when it is no training, or the name has another ending
 * @throws {DataError} when the file cannot be written
 */
export async function saveCheckpoint(training: Training, path: string): Promise<void> {
  checkTraining("saveCheckpoint", training);
  checkEnding("saveCheckpoint", path);
  const { model, optimizer, random } = training;
  const weights = [...stateDict(model)].map(([name, tensor]) => [MODEL + name, tensor] as const);
  const moments = optimizer
    .states()
    .map(({ value }, index) => [OPTIMIZER + String(index), value] as const);
  const progress = { kind: optimizer.constructor.name, ...optimizer.progress };
  const metadata = {
    format: FORMAT,
    optimizer: JSON.stringify(progress),
    ...(random && { random: JSON.stringify(random.state) }),
  };
  const bytes = writeSafetensors(new Map([...weights, ...moments]), { metadata });
  await writeWhole("saveCheckpoint", path, bytes);
}

/**
 * Puts a training back to where it was: into a model, an optimizer and a generator that were made as those were.
 *
 * @throws {ArgumentError} when it is no training, or the name of the file has another ending
 * @throws {DataError} when the file is missing or damaged, or belongs to another training; then nothing is changed
 */
export async function loadCheckpoint(training: Training, path: string): Promise<void> {
  checkTraining("loadCheckpoint", training);
  checkEnding("loadCheckpoint", path);
  const bytes = await readWhole("loadCheckpoint", path);
  try {
    restore(training, readSafetensors(bytes));
  } catch (cause) {
    if (!(cause instanceof GradlabError)) throw cause;
    throw new DataError(`${path}: ${cause.message}`, { cause });
  }
}

function restore({ model, optimizer, random }: Training, file: Safetensors): void {
  const { progress, moments } = optimizerPart(optimizer, file);
  const place = randomPart(random, file.metadata["random"]);
  const before = random?.state;
  try {
    if (place) random?.resume(place);
    loadStateDict(model, weightsOf(file));
  } catch (error) {
    if (before) random?.resume(before);
    throw error;
  }
  for (const [index, state] of optimizer.states().entries()) state.value = moments[index]!;
  optimizer.resume(progress);
}

/** The weights in a file of safetensors: in that of a whole training those of its model. */
export function weightsOf({ tensors, metadata }: Safetensors): Map<string, Tensor> {
  if (metadata["format"] !== FORMAT) return tensors;
  const weights = [...tensors].filter(([name]) => name.startsWith(MODEL));
  return new Map(weights.map(([name, tensor]) => [name.slice(MODEL.length), tensor]));
}

interface OptimizerPart {
  readonly progress: OptimizerProgress;
  readonly moments: readonly Tensor[];
}

function optimizerPart(optimizer: Optimizer, { tensors, metadata }: Safetensors): OptimizerPart {
  if (metadata["format"] !== FORMAT) {
    throw new DataError(
      `loadCheckpoint: expects a file of saveCheckpoint, whose metadata say format ${FORMAT}; got ${JSON.stringify(metadata["format"])}. Read weights alone with loadWeights.`,
    );
  }
  const { kind, ...progress } = parsed("optimizer", metadata["optimizer"]);
  const own = optimizer.constructor.name;
  if (kind !== own || !isProgressOf(optimizer.parameters.length, progress)) {
    throw new DataError(
      `loadCheckpoint: expects the state of ${own} with ${optimizer.parameters.length} parameters, got that of ${JSON.stringify(kind)}, ${excerpt(metadata["optimizer"])}. ${AS_BEFORE}`,
    );
  }
  const states = optimizer.states();
  const stored = [...tensors].filter(([name]) => !name.startsWith(MODEL));
  const moments = states.map((_, index) => tensors.get(OPTIMIZER + String(index)));
  const fits = (moment: Tensor | undefined, { value }: { value: Tensor }): boolean =>
    moment?.dtype === value.dtype && sameShape(moment.shape, value.shape);
  if (stored.length !== states.length || !states.every((state, i) => fits(moments[i], state))) {
    const shapes = (list: readonly Tensor[]): string =>
      list.map(({ dtype, shape }) => `${dtype} ${shapeText(shape)}`).join(", ") || "nothing";
    throw new DataError(
      `loadCheckpoint: expects for ${own} ${shapes(states.map(({ value }) => value))}; got ${shapes(stored.map(([, x]) => x))}. ${AS_BEFORE}`,
    );
  }
  return { progress, moments: moments as Tensor[] };
}

const AS_BEFORE = "Make model and optimizer as they were when the file was written.";

// The generator's place: in the file and in the training, or in neither.
function randomPart(
  random: Generator | undefined,
  text: string | undefined,
): GeneratorState | undefined {
  if ((random === undefined) === (text === undefined)) {
    return random && (parsed("random", text) as unknown as GeneratorState);
  }
  const [expected, got, fix] =
    random === undefined
      ? [
          "no generator",
          "the place of one",
          "Pass it: loadCheckpoint({ model, optimizer, random })",
        ]
      : [
          "the place of the generator",
          "none",
          "Leave random out, or pass it to saveCheckpoint too",
        ];
  throw new DataError(`loadCheckpoint: expects ${expected} in the file, got ${got}. ${fix}.`);
}

function parsed(name: string, text: string | undefined): Record<string, unknown> {
  try {
    return { ...(JSON.parse(text ?? "") as object) };
  } catch (cause) {
    throw new DataError(
      `loadCheckpoint: expects the metadata entry ${JSON.stringify(name)} in JSON, got ${excerpt(JSON.stringify(text))}. The file is damaged: use an older one.`,
      { cause },
    );
  }
}

// Cells run without a type check: one may forget the optimizer, or pass the parts one by one.
function checkTraining(owner: string, training: unknown): void {
  const { model, optimizer, random } = (training ?? {}) as Partial<Training>;
  const parts = [
    ["model", model, model instanceof Layer],
    ["optimizer", optimizer, optimizer instanceof Optimizer],
    ["random", random, random === undefined || random instanceof Generator],
  ] as const;
  const wrong = parts.find(([, , isRight]) => !isRight);
  if (wrong === undefined) return;
  throw new ArgumentError(
    `${owner}: expects { model, optimizer } or { model, optimizer, random }, got ${wrong[0]}: ${kindOf(wrong[1])}. Weights alone go with saveWeights and loadWeights.`,
  );
}

function checkEnding(owner: string, path: unknown): void {
  if (typeof path === "string" && extname(path).toLowerCase() === ".safetensors") return;
  throw new ArgumentError(
    `${owner}: expects the path of a .safetensors file, got ${kindOf(path)}. Give the file that ending.`,
  );
}
