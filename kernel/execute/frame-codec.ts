// Objects over a byte stream: each one serialized by V8, with its length in front.
import { deserialize, serialize } from "node:v8";

const LENGTH_BYTES = 4;

/** One object as a frame: four bytes of length (little-endian), then V8's serialization. */
export function encodeFrame(value: unknown): Buffer {
  const body = serialize(value);
  const frame = Buffer.allocUnsafe(LENGTH_BYTES + body.length);
  frame.writeUInt32LE(body.length, 0);
  body.copy(frame, LENGTH_BYTES);
  return frame;
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
    while (this.#length >= LENGTH_BYTES) {
      // A long frame arrives in many chunks: they are joined once, when the last one is here.
      if (this.#length < LENGTH_BYTES + this.#peekLength()) break;
      const joined = this.#join();
      const end = LENGTH_BYTES + joined.readUInt32LE(0);
      values.push(deserialize(joined.subarray(LENGTH_BYTES, end)));
      this.#chunks = end < joined.length ? [joined.subarray(end)] : [];
      this.#length = joined.length - end;
    }
    return values;
  }

  #peekLength(): number {
    const first = this.#chunks[0];
    const head = first && first.length >= LENGTH_BYTES ? asBuffer(first) : this.#join();
    return head.readUInt32LE(0);
  }

  #join(): Buffer {
    const [only] = this.#chunks;
    const joined = only && this.#chunks.length === 1 ? asBuffer(only) : Buffer.concat(this.#chunks);
    this.#chunks = [joined];
    return joined;
  }
}

function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
