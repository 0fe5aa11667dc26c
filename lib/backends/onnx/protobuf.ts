// The wire format of protocol buffers, as much of it as an ONNX model needs: numbers, text and nested messages.

/** What stands behind a field's number: how its value is written. */
const VARINT = 0;
const LENGTH_DELIMITED = 2;
const FIXED_32 = 5;

const TEXT = new TextEncoder();

/** So many bytes stay where they are until everything is written: a gigabyte of weights is copied once. */
const LONG = 65_536;

/**
 * Writes one message, field by field.
 *
 * @source Protocol Buffers, "Encoding": https://protobuf.dev/programming-guides/encoding/
 */
export class ProtobufWriter {
  // What has been written: parts that are complete, and then the first bytes of the buffer.
  readonly #parts: Uint8Array[] = [];
  #bytes = new Uint8Array(256);
  #length = 0;

  /** A whole number, up to 64 bits. */
  integer(field: number, value: number | bigint): void {
    this.#tag(field, VARINT);
    this.#varint(BigInt.asUintN(64, BigInt(value)));
  }

  /** A float32. */
  float(field: number, value: number): void {
    this.#tag(field, FIXED_32);
    this.#reserve(4);
    new DataView(this.#bytes.buffer).setFloat32(this.#length, value, true);
    this.#length += 4;
  }

  /** Raw bytes. */
  bytes(field: number, value: Uint8Array): void {
    this.#tag(field, LENGTH_DELIMITED);
    this.#varint(BigInt(value.length));
    this.#append(value);
  }

  /** Text in UTF-8. */
  text(field: number, value: string): void {
    this.bytes(field, TEXT.encode(value));
  }

  /** A message inside this one. */
  message(field: number, write: (inner: ProtobufWriter) => void): void {
    const inner = new ProtobufWriter();
    write(inner);
    this.#tag(field, LENGTH_DELIMITED);
    this.#varint(BigInt(inner.#size));
    for (const part of inner.#all) this.#append(part);
  }

  /** The message so far. */
  done(): Uint8Array {
    if (this.#parts.length === 0) return this.#rest;
    const whole = new Uint8Array(this.#size);
    let at = 0;
    for (const part of this.#all) {
      whole.set(part, at);
      at += part.length;
    }
    return whole;
  }

  get #rest(): Uint8Array {
    return this.#bytes.subarray(0, this.#length);
  }

  get #all(): readonly Uint8Array[] {
    return [...this.#parts, this.#rest];
  }

  get #size(): number {
    return this.#parts.reduce((sum, { length }) => sum + length, this.#length);
  }

  #append(value: Uint8Array): void {
    if (value.length < LONG) {
      this.#reserve(value.length);
      this.#bytes.set(value, this.#length);
      this.#length += value.length;
      return;
    }
    this.#parts.push(this.#rest, value);
    this.#bytes = new Uint8Array(256);
    this.#length = 0;
  }

  #tag(field: number, kind: number): void {
    this.#varint(BigInt((field << 3) | kind));
  }

  // Seven bits a byte, the lowest first; the eighth says that more follow.
  #varint(value: bigint): void {
    this.#reserve(10);
    let rest = value;
    while (rest > 127n) {
      this.#bytes[this.#length++] = Number(rest & 127n) | 128;
      rest >>= 7n;
    }
    this.#bytes[this.#length++] = Number(rest);
  }

  #reserve(count: number): void {
    if (this.#length + count <= this.#bytes.length) return;
    const larger = new Uint8Array(2 * (this.#bytes.length + count));
    larger.set(this.#rest);
    this.#bytes = larger;
  }
}
