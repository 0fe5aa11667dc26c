// What is wrong with a file that should be an ONNX model: something else, cut off, or damaged inside.
import { DataError } from "../../errors.ts";

/** How a value is written that stands behind the number of a field. */
const VARINT = 0;
const LENGTH_DELIMITED = 2;

/** Fields of a model, and how each is written. */
const FIELDS: ReadonlyMap<number, number> = new Map([
  [1, VARINT], // version of the format
  [2, LENGTH_DELIMITED], // name of the program
  [3, LENGTH_DELIMITED], // its version
  [4, LENGTH_DELIMITED], // domain
  [5, VARINT], // version of the model
  [6, LENGTH_DELIMITED], // words about it
  [7, LENGTH_DELIMITED], // the graph
  [8, LENGTH_DELIMITED], // operator sets
  [14, LENGTH_DELIMITED], // more about it
  [20, LENGTH_DELIMITED], // training
  [25, LENGTH_DELIMITED], // functions
  [26, LENGTH_DELIMITED], // devices
]);
const GRAPH = 7;

/**
 * Walks over the fields of a model, which is what every other kind of file fails at.
 *
 * @param file - how messages call it
 * @throws {DataError} when the bytes are no whole ONNX model, as far as can be seen from the outside
 */
export function checkOnnxFile(file: string, bytes: Uint8Array): void {
  let at = 0;
  let hasGraph = false;
  while (at < bytes.length) {
    const tag = varint(bytes, at);
    const kind = FIELDS.get(tag.value >>> 3);
    if (kind === undefined || kind !== (tag.value & 7)) throw otherKind(file);
    hasGraph ||= tag.value >>> 3 === GRAPH;
    const value = varint(bytes, tag.end);
    at = kind === VARINT ? value.end : value.end + value.value;
  }
  if (at > bytes.length) {
    throw new DataError(
      `loadOnnx: ${file} must be a whole ONNX file of ${at} bytes or more, but it ends after ${bytes.length}. Copy, download or export it again.`,
    );
  }
  if (!hasGraph) throw otherKind(file);
}

// Seven bits a byte, the lowest first. Beyond the end there are no more, and the number is larger than any file.
function varint(bytes: Uint8Array, start: number): { value: number; end: number } {
  let [value, at] = [0, start];
  for (let scale = 1; ; scale *= 128) {
    const byte = bytes[at++];
    if (byte === undefined) return { value, end: at };
    value += (byte & 127) * scale;
    if (byte < 128) return { value, end: at };
  }
}

const otherKind = (file: string): DataError =>
  new DataError(
    `loadOnnx: ${file} must be an ONNX file, but its bytes are something else. Check the path; PyTorch writes such files with torch.onnx.export, gradlab with saveOnnx.`,
  );
