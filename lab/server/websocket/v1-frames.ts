// The binary websocket protocol "v1.kernel.websocket.jupyter.org": a table of offsets, the channel, the message.
import type { MessageFrames } from "../kernels/relay-frames.ts";
import { WebsocketMessageError } from "./message-error.ts";
import type { ChannelMessage } from "./message-error.ts";

/** Name of the protocol, as browser and server agree on it. */
export const V1_PROTOCOL = "v1.kernel.websocket.jupyter.org";

const WORD = 8;
/** Channel, header, parent header, metadata, content: five parts have six offsets. */
const FEWEST_OFFSETS = 6;
const MOST_OFFSETS = 10_000;

/** Writes a message; all numbers are 64-bit little-endian. */
export function encodeV1(channel: string, parts: MessageFrames): Buffer {
  const all = [Buffer.from(channel), ...parts];
  const count = all.length + 1;
  const table = Buffer.alloc(WORD * (count + 1));
  table.writeBigUInt64LE(BigInt(count), 0);
  let offset = table.length;
  table.writeBigUInt64LE(BigInt(offset), WORD);
  for (const [index, part] of all.entries()) {
    offset += part.byteLength;
    table.writeBigUInt64LE(BigInt(offset), WORD * (index + 2));
  }
  return Buffer.concat([table, ...all]);
}

/**
 * Reads a message.
 *
 * @throws {WebsocketMessageError} when the table does not fit the bytes
 */
export function decodeV1(bytes: Buffer): ChannelMessage {
  const count = bytes.length >= WORD ? bytes.readBigUInt64LE(0) : 0n;
  if (count < FEWEST_OFFSETS || count > MOST_OFFSETS) {
    throw new WebsocketMessageError(
      `a message must have 6 to ${MOST_OFFSETS} offsets, got ${count}`,
    );
  }
  const offsets = readOffsets(bytes, Number(count));
  const parts = offsets
    .slice(1, -1)
    .map((start, index) => bytes.subarray(start, offsets[index + 2]));
  return { channel: bytes.toString("utf8", offsets[0], offsets[1]), parts };
}

function readOffsets(bytes: Buffer, count: number): number[] {
  const tableEnd = WORD * (count + 1);
  if (tableEnd > bytes.length) {
    throw new WebsocketMessageError(
      `a table of ${count} offsets must fit into ${bytes.length} bytes`,
    );
  }
  let previous = BigInt(tableEnd);
  return Array.from({ length: count }, (_, index) => {
    const offset = bytes.readBigUInt64LE(WORD * (index + 1));
    if (offset < previous || offset > bytes.length) {
      throw new WebsocketMessageError(
        `offset ${index} must lie between the one before and the end`,
      );
    }
    previous = offset;
    return Number(offset);
  });
}
