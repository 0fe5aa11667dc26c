// Network diagrams: the columns of units that a live model has, with widths and parameter counts.
import type { Layer } from "../layers/layer.ts";
import { Drawing } from "./drawing.ts";
import { countOf, formatNumber } from "./numbers.ts";
import { shapeProblem } from "./problems.ts";
import { drawColumns, type NetworkColumn } from "./svg/network.ts";

/** What `drawNetwork` takes besides the model. */
export interface NetworkOptions {
  title?: string;
  /** Shape of one example, `[1, 28, 28]`, when the first layer takes any. */
  exampleShape?: readonly number[];
  /** Said instead of the picture; derived from the model when left out. */
  alt?: string;
}

/**
 * A diagram of a model, read from the live layers: a column of units for the input and for each layer with
 * parameters; many units are shortened to a few with dots between.
 *
 * @param model - a `Sequential`, or a single layer
 * @example drawNetwork(model, { title: "Two layers for digits" })
 * @throws {ShapeError} when the shape of an example is not known from the first layer
 */
export function drawNetwork(model: Layer, options: NetworkOptions = {}): Drawing {
  const columns = columnsOf("drawNetwork", model, options.exampleShape);
  const total = columns.reduce((sum, { parameters }) => sum + parameters, 0);
  const title = options.title ?? `Network with ${countOf(total, "parameter")}`;
  const alt = options.alt ?? networkInWords(columns, total);
  const text = columns.map(columnInWords).join(" → ");
  return new Drawing({ title, alt, text }, drawColumns(columns, { title, alt }));
}

/**
 * The columns of a model, read from its live layers.
 *
 * @param who - the figure function, for messages
 * @param given - shape of one example, when the first layer does not know it
 * @throws {ShapeError} when nobody knows it
 */
export function columnsOf(
  who: string,
  model: Layer,
  given: readonly number[] | undefined,
): NetworkColumn[] {
  const exampleShape = given ?? model.exampleShape;
  if (exampleShape === undefined) {
    throw shapeProblem({
      expected: `${who}: needs the shape of one example`,
      got: `${model.toString()}, whose first layer takes any`,
      fix: `Give it: ${who}(model, { exampleShape: [784] }).`,
    });
  }
  const columns: NetworkColumn[] = [
    { heading: "input", shape: exampleShape, followers: [], parameters: 0 },
  ];
  let shape: readonly number[] | undefined = [1, ...exampleShape];
  for (const layer of model.layers().filter((one) => one.layers().length === 1)) {
    const before = columns.at(-1) as NetworkColumn;
    shape = shape === undefined ? undefined : layer.outputShape([...shape]);
    const after: readonly number[] = shape?.slice(1) ?? [];
    if (layer.parameterCount === 0 && sizeOf(after) === sizeOf(before.shape)) {
      before.followers.push(layer.toString());
      before.shape = after;
      continue;
    }
    columns.push({
      heading: layer.constructor.name,
      shape: after,
      followers: [],
      parameters: layer.parameterCount,
    });
  }
  return columns;
}

function sizeOf(shape: readonly number[]): number {
  return shape.reduce((product, length) => product * length, 1);
}

function columnInWords({ heading, shape, followers }: NetworkColumn): string {
  return [`${heading} ${shape.map(formatNumber).join(" × ")}`, ...followers].join(", ");
}

/** "Network: 784 inputs; Linear to 10 (7,850 parameters). 7,850 parameters in all." */
export function networkInWords(columns: readonly NetworkColumn[], total: number): string {
  const [input, ...layers] = columns;
  const words = layers.map(({ heading, shape, followers, parameters }) => {
    const units = shape.map(formatNumber).join(" by ");
    const after = followers.length === 0 ? "" : ` and ${followers.join(", ")}`;
    return `${heading} to ${units}${after} (${countOf(parameters, "parameter")})`;
  });
  const inputs = input?.shape.map(formatNumber).join(" by ");
  return `Network: ${inputs} inputs; ${words.join("; ")}. ${countOf(total, "parameter")} in all.`;
}
