// Objects over a byte stream: each one serialized by V8, with its length in front; text of cells rides along uncopied.
import type { Writable } from "node:stream";
import { deserialize, serialize } from "node:v8";

/** Two lengths, little-endian: of the serialized object, and of the bytes behind it. */
const HEAD_BYTES = 8;
const NO_BYTES = new Uint8Array(0);

/**
 * One object as a frame, in parts to be written one after the other.
 *
 * @param value - when it has `bytes`, they become the last part as they are
 */
export function encodeFrame(value: unknown): Uint8Array[] {
  const { bytes, ...rest } = isCarrier(value) ? value : { bytes: undefined };
  const body = serialize(bytes ? rest : value);
  const head = Buffer.allocUnsafe(HEAD_BYTES);
  head.writeUInt32LE(body.length, 0);
  head.writeUInt32LE(bytes?.length ?? 0, 4);
  return bytes ? [head, body, bytes] : [head, body];
}

function isCarrier(value: unknown): value is { readonly bytes: Uint8Array } {
  const { bytes } = Object(value) as { bytes?: unknown };
  return bytes instanceof Uint8Array && bytes.length > 0;
}

/** Writes one object as a frame. */
export function writeFrame(stream: Writable, value: unknown): void {
  stream.cork();
  for (const part of encodeFrame(value)) stream.write(part);
  stream.uncork();
}

/** Cuts a byte stream back into the objects that were sent. */
export class FrameDecoder {
  #chunks: Uint8Array[] = [];
  #length = 0;

  /** Adds a chunk of the stream, and returns the objects that are complete now. */
  push(chunk: Uint8Array): unknown[] {
    this.#chunks.push(chunk);
    this.#length += chunk.length;
    const values: unknown[] = [];
    while (this.#length >= HEAD_BYTES) {
      // A long frame arrives in many chunks: they are joined once, when the last one is here.
      const { body, bytes } = this.#peekLengths();
      const end = HEAD_BYTES + body + bytes;
      if (this.#length < end) break;
      const frame = this.#take(end);
      values.push(
        decode(frame.subarray(HEAD_BYTES, HEAD_BYTES + body), frame.subarray(end - bytes)),
      );
    }
    return values;
  }

  #peekLengths(): { body: number; bytes: number } {
    const [first = NO_BYTES] = this.#chunks;
    const head = asBuffer(first.length >= HEAD_BYTES ? first : this.#join());
    return { body: head.readUInt32LE(0), bytes: head.readUInt32LE(4) };
  }

  #take(length: number): Buffer {
    const joined = this.#join();
    this.#chunks = length < joined.length ? [joined.subarray(length)] : [];
    this.#length = joined.length - length;
    return joined.subarray(0, length);
  }

  #join(): Buffer {
    const [only] = this.#chunks;
    const joined = only && this.#chunks.length === 1 ? asBuffer(only) : Buffer.concat(this.#chunks);
    this.#chunks = [joined];
    return joined;
  }
}

function decode(body: Buffer, bytes: Uint8Array): unknown {
  const value: unknown = deserialize(body);
  if (bytes.length === 0) return value;
  const { buffer, byteOffset, byteLength } = bytes;
  return { ...(value as object), bytes: new Uint8Array(buffer, byteOffset, byteLength) };
}

function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
