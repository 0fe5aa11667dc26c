// State of widgets as it travels: names with underscores, other widgets by their id, bytes beside the data.

/** Marks the id of another widget in a state. */
const REFERENCE = "IPY_MODEL_";

/** Anything that has an id under which the page knows it. */
export interface Referable {
  readonly id: string;
}

/** A state whose bytes were taken out. */
export interface SeparatedState {
  readonly state: Record<string, unknown>;
  /** Where each of the buffers belongs. */
  readonly bufferPaths: readonly (readonly (string | number)[])[];
  readonly buffers: readonly Uint8Array[];
}

/** `continuousUpdate` as `continuous_update`. */
export function wireName(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

/** A value of a state with references in place of widgets. */
export function toWire(value: unknown, isWidget: (value: object) => value is Referable): unknown {
  if (typeof value !== "object" || value === null || isBytes(value)) return value;
  if (isWidget(value)) return `${REFERENCE}${value.id}`;
  if (Array.isArray(value)) return value.map((item) => toWire(item, isWidget));
  return Object.fromEntries(
    Object.entries(value).map(([name, item]) => [name, toWire(item, isWidget)]),
  );
}

/** A value of a state with widgets in place of references; an id that nobody knows stays text. */
export function fromWire(value: unknown, find: (id: string) => Referable | undefined): unknown {
  if (typeof value === "string" && value.startsWith(REFERENCE)) {
    return find(value.slice(REFERENCE.length)) ?? value;
  }
  return Array.isArray(value) ? value.map((item) => fromWire(item, find)) : value;
}

/** Takes the bytes out of a state: JSON cannot carry them. */
export function separateBuffers(state: Record<string, unknown>): SeparatedState {
  const bufferPaths: (string | number)[][] = [];
  const buffers: Uint8Array[] = [];
  const strip = (value: unknown, path: (string | number)[]): unknown => {
    if (isBytes(value)) {
      bufferPaths.push(path);
      buffers.push(bytesOf(value));
      return undefined;
    }
    if (typeof value !== "object" || value === null) return value;
    // In a list the place stays, so that the others keep theirs.
    if (Array.isArray(value))
      return value.map((item, index) => strip(item, [...path, index]) ?? null);
    const kept = Object.entries(value).map(([name, item]) => [name, strip(item, [...path, name])]);
    return Object.fromEntries(kept.filter(([, item]) => item !== undefined));
  };
  return { state: strip(state, []) as Record<string, unknown>, bufferPaths, buffers };
}

/** Puts bytes back where they belong in a state that came in. */
export function putBuffers(
  state: Record<string, unknown>,
  paths: readonly (readonly (string | number)[])[],
  buffers: readonly Uint8Array[],
): void {
  for (const [index, path] of paths.entries()) {
    let place: Record<string | number, unknown> | undefined = state;
    for (const step of path.slice(0, -1)) place = place?.[step] as typeof place;
    const last = path.at(-1);
    if (place && last !== undefined) place[last] = buffers[index];
  }
}

/** Whether a value is bytes, which travel beside the data. */
export function isBytes(value: unknown): value is ArrayBuffer | ArrayBufferView {
  return value instanceof ArrayBuffer || ArrayBuffer.isView(value);
}

function bytesOf(value: ArrayBuffer | ArrayBufferView): Uint8Array {
  if (value instanceof ArrayBuffer) return new Uint8Array(value);
  return new Uint8Array(value.buffer, value.byteOffset, value.byteLength);
}
