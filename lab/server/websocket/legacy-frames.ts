// The older websocket protocol: one JSON object, or with buffers a 32-bit table of offsets before it.
import { isObject } from "../http/read-body.ts";
import { peek } from "../kernels/relay-frames.ts";
import type { MessageFrames } from "../kernels/relay-frames.ts";
import { WebsocketMessageError } from "./message-error.ts";
import type { ChannelMessage } from "./message-error.ts";

const WORD = 4;
const MOST_PARTS = 10_000;

/** Writes a message: text without buffers, bytes with them (numbers are 32-bit big-endian). */
export function encodeLegacy(channel: string, parts: MessageFrames): string | Buffer {
  const [header, parentHeader, metadata, content] = parts.slice(0, 4).map(peek);
  const buffers = parts.slice(4);
  const text = JSON.stringify({
    channel,
    header,
    parent_header: parentHeader,
    metadata,
    content,
    msg_id: header?.["msg_id"],
    msg_type: header?.["msg_type"],
    ...(buffers.length === 0 ? { buffers: [] } : {}),
  });
  if (buffers.length === 0) return text;
  const all = [Buffer.from(text), ...buffers];
  const table = Buffer.alloc(WORD * (all.length + 1));
  table.writeUInt32BE(all.length, 0);
  let offset = table.length;
  for (const [index, part] of all.entries()) {
    table.writeUInt32BE(offset, WORD * (index + 1));
    offset += part.byteLength;
  }
  return Buffer.concat([table, ...all]);
}

/**
 * Reads a message.
 *
 * @throws {WebsocketMessageError} when it is not JSON, or its table does not fit the bytes
 */
export function decodeLegacy(bytes: Buffer, isBinary: boolean): ChannelMessage {
  const [text, ...buffers] = isBinary ? splitParts(bytes) : [bytes];
  const message = parseObject((text ?? bytes).toString("utf8"));
  const { channel } = message;
  const part = (name: string): Buffer => Buffer.from(JSON.stringify(message[name] ?? {}));
  return {
    channel: typeof channel === "string" ? channel : "shell",
    parts: [part("header"), part("parent_header"), part("metadata"), part("content"), ...buffers],
  };
}

function splitParts(bytes: Buffer): Buffer[] {
  const count = bytes.length >= WORD ? bytes.readUInt32BE(0) : 0;
  const tableEnd = WORD * (count + 1);
  if (count < 1 || count > MOST_PARTS || tableEnd > bytes.length) {
    throw new WebsocketMessageError(
      `a table of ${count} parts must fit into ${bytes.length} bytes`,
    );
  }
  const starts = Array.from({ length: count }, (_, index) =>
    bytes.readUInt32BE(WORD * (index + 1)),
  );
  const ends = [...starts.slice(1), bytes.length];
  return starts.map((start, index) => {
    const end = ends[index] ?? bytes.length;
    if (start < tableEnd || start > end || end > bytes.length) {
      throw new WebsocketMessageError(`part ${index} must lie behind the table, in order`);
    }
    return bytes.subarray(start, end);
  });
}

function parseObject(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text);
    if (isObject(value)) return value;
  } catch (error) {
    throw new WebsocketMessageError("a message must be JSON, got text that does not parse", {
      cause: error,
    });
  }
  throw new WebsocketMessageError("a message must be a JSON object, got another value");
}
