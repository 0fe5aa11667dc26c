// Properties of an output that can be told without knowing the right answer.
import type { Tolerance } from "./tolerance.ts";

/** Says what is wrong, or undefined when the property holds. */
type Property = (output: unknown, tolerance: Required<Tolerance>) => string | undefined;

/** The name of a property. */
export type PropertyName = "rowsSumToOne";

const PROPERTIES: Readonly<Record<PropertyName, Property>> = { rowsSumToOne };

/** What is wrong with an output, in a sentence part, or undefined when it has the property. */
export function checkProperty(
  name: PropertyName,
  output: unknown,
  tolerance: Tolerance = {},
): string | undefined {
  return PROPERTIES[name](output, { absolute: 1e-9, relative: 1e-6, ...tolerance });
}

function rowsSumToOne(
  output: unknown,
  { absolute, relative }: Required<Tolerance>,
): string | undefined {
  if (!Array.isArray(output) || !output.every(Array.isArray))
    return "the result is not an array of rows";
  const sums = (output as number[][]).map((row) => row.reduce((sum, value) => sum + value, 0));
  const wrong = sums.findIndex((sum) => !(Math.abs(sum - 1) <= absolute + relative));
  return wrong === -1 ? undefined : `row ${wrong} sums to ${sums[wrong]}, expected 1`;
}
