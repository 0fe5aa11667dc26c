// Shapes as files claim them: believed when a tensor can have them, and their bytes can be counted.
import { DataError } from "../errors.ts";
import { type Shape, shapeText } from "../shape.ts";
import { excerpt } from "./excerpt.ts";

/** NumPy's own limit. */
const MOST_AXES = 64;

/**
 * How many bytes the elements of a tensor take, in a file that claims this shape.
 *
 * @param width - bytes of one element
 * @throws {DataError} when no tensor can have the shape
 */
export function storedBytes(owner: string, shape: Shape, width: number): number {
  if (shape.length > MOST_AXES) {
    throw new DataError(
      `${owner}: expects up to ${MOST_AXES} axes, got ${shape.length}. Reshape the tensor before saving.`,
    );
  }
  const text = excerpt(shapeText(shape));
  if (shape.includes(0)) {
    throw new DataError(
      `${owner}: a tensor holds at least one element, got shape ${text}. Leave empty tensors out of the file.`,
    );
  }
  const bytes = shape.reduce((product, length) => product * length, width);
  if (Number.isSafeInteger(bytes)) return bytes;
  throw new DataError(
    `${owner}: expects fewer than 2^53 bytes, but shape ${text} takes more. The file is damaged, or made by a faulty program: fetch it again, or save it anew.`,
  );
}
