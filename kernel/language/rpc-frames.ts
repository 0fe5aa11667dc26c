// JSON-RPC messages on a byte stream: a header with the length, an empty line, the JSON text.
import { LanguageServerError } from "./errors.ts";

const HEADER_END = Buffer.from("\r\n\r\n");
const LONGEST_HEADER = 4096;
const LONGEST_BODY = 256 * 1024 * 1024;

/** A message as it stands on the wire. */
export type RpcMessage = Record<string, unknown>;

/** The bytes of one message. */
export function encodeRpc(message: object): Buffer {
  const body = Buffer.from(JSON.stringify(message));
  return Buffer.concat([Buffer.from(`Content-Length: ${body.length}\r\n\r\n`), body]);
}

/** Cuts a byte stream into messages. */
export class RpcDecoder {
  #chunks: Buffer[] = [];
  #size = 0;
  #bodyLength: number | undefined;

  /**
   * Takes bytes and returns the messages that they complete.
   *
   * @throws {LanguageServerError} when the bytes are not such a stream; it cannot be read any further then
   */
  push(chunk: Buffer): RpcMessage[] {
    this.#chunks.push(chunk);
    this.#size += chunk.length;
    const messages: RpcMessage[] = [];
    for (;;) {
      if (this.#bodyLength === undefined && !this.#readHeader()) return messages;
      const length = this.#bodyLength!;
      if (this.#size < length) return messages;
      const all = this.#joined();
      this.#keep(all.subarray(length));
      this.#bodyLength = undefined;
      messages.push(parse(all.subarray(0, length)));
    }
  }

  #readHeader(): boolean {
    const all = this.#joined();
    const end = all.indexOf(HEADER_END);
    if (end < 0) {
      if (all.length > LONGEST_HEADER) throw garbled(all.subarray(0, 80));
      return false;
    }
    const length = Number(/^Content-Length: *(\d+)/im.exec(all.subarray(0, end).toString())?.[1]);
    if (!(length <= LONGEST_BODY)) throw garbled(all.subarray(0, 80));
    this.#bodyLength = length;
    this.#keep(all.subarray(end + HEADER_END.length));
    return true;
  }

  #joined(): Buffer {
    const all = this.#chunks.length === 1 ? this.#chunks[0]! : Buffer.concat(this.#chunks);
    this.#keep(all);
    return all;
  }

  #keep(rest: Buffer): void {
    this.#chunks = [rest];
    this.#size = rest.length;
  }
}

function parse(body: Buffer): RpcMessage {
  try {
    const message: unknown = JSON.parse(body.toString());
    if (typeof message === "object" && message !== null) return message as RpcMessage;
  } catch {
    // Said below.
  }
  throw garbled(body.subarray(0, 80));
}

function garbled(start: Buffer): LanguageServerError {
  return new LanguageServerError(
    "LANGUAGE_SERVER_GARBLED",
    `the language server must send JSON-RPC messages with a Content-Length, got ${JSON.stringify(start.toString())}. ` +
      "It is started again; reinstall the package typescript when this repeats.",
  );
}
