// What goes into a model and comes out of it, as its file says, and whether that is what is handed in.
import type { RuntimePort } from "../../backends/onnx/runtime.ts";
import { checkTensor } from "../../check.ts";
import type { DType } from "../../dtype.ts";
import { ArgumentError, DTypeError, ShapeError } from "../../errors.ts";
import { type Shape, shapeText } from "../../shape.ts";
import { Tensor } from "../../tensor.ts";
import { type FileType, tensorType } from "./element-types.ts";
import type { NamedTensors } from "./recording.ts";

/** What goes into a model or comes out of it. */
export interface OnnxPort {
  /** Lengths of the axes: a number, the name of one that may be any number, or "?" for one without a name. */
  readonly shape: readonly (number | string)[];
  readonly dtype: DType;
}

/** Inputs or outputs by name. */
export type Ports = Readonly<Record<string, OnnxPort>>;

/** An axis that the file says nothing about. */
export const UNKNOWN = "?";

/** Ports by name, with the element types that tensors have for them. */
export function described(
  ports: readonly RuntimePort[],
  typeOf: (port: RuntimePort) => FileType,
): Record<string, OnnxPort> {
  const described = ports.map((port) => {
    const shape = port.shape.map((length, axis) =>
      length >= 0 ? length : port.symbolicDimensions[axis] || UNKNOWN,
    );
    return [port.name, { shape, dtype: tensorType(typeOf(port)) }] as const;
  });
  return Object.fromEntries(described);
}

/** Names as a message lists them. */
export const listed = (names: readonly string[]): string => names.join(", ") || "none";

/** A shape as a message writes it. */
export const lengths = (shape: readonly (number | string)[]): string => `[${shape.join(", ")}]`;

/**
 * What is handed in must be what the file says, of the shapes that it says.
 *
 * @throws {ArgumentError} when an input is missing, unknown or no tensor
 * @throws {DTypeError} when an element type is another one
 * @throws {ShapeError} when a shape is
 */
export function checkInputs(file: string, ports: Ports, given: NamedTensors): void {
  const expected = Object.keys(ports);
  const names = given instanceof Tensor ? ["a tensor without a name"] : Object.keys(given ?? {});
  const wrong = [
    ...names.filter((name) => !expected.includes(name)),
    ...expected.filter((name) => !names.includes(name)),
  ];
  if (wrong.length > 0) {
    throw new ArgumentError(
      `${file}: the inputs are ${listed(expected)}, got ${listed(names)}. Pass exactly those: run({ ${expected.join(", ")} }).`,
    );
  }
  const sizes = new Map<string, number>();
  for (const [name, port] of Object.entries(ports)) {
    checkInput(`${file}: ${name}`, port, given[name]!);
    checkShape(`${file}: ${name}`, port, { shape: given[name]!.shape, sizes });
  }
}

function checkInput(what: string, { shape, dtype }: OnnxPort, given: Tensor): void {
  checkTensor(what, given);
  if (given.dtype === dtype) return;
  throw new DTypeError(
    `${what} must be ${lengths(shape)} of ${dtype}, got ${shapeText(given.shape)} of ${given.dtype}. Convert it first: cast(x, "${dtype}").`,
  );
}

// Axes of one name have one length, in all inputs.
function checkShape(
  what: string,
  { shape }: OnnxPort,
  given: { readonly shape: Shape; readonly sizes: Map<string, number> },
): void {
  const { sizes } = given;
  const isOfRank = shape.length === given.shape.length;
  const fits = shape.map((length, axis) => {
    const actual = given.shape[axis]!;
    if (typeof length === "number" || !isOfRank) return length === actual;
    if (length === UNKNOWN) return true;
    const known = sizes.get(length) ?? actual;
    sizes.set(length, known);
    return known === actual;
  });
  if (isOfRank && fits.every(Boolean)) return;
  const others = [...sizes].map(([name, size]) => `${name} = ${size}`).join(", ");
  throw new ShapeError(
    `${what} must be ${lengths(shape)}${others === "" ? "" : ` with ${others}`}, got ${shapeText(given.shape)}. ` +
      "Reshape it, or check what the model was exported for.",
  );
}
