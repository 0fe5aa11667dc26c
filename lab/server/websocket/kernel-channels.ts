// Connects a websocket with the line of its session to a kernel.
import { WebSocket } from "ws";
import type { RawData } from "ws";
import type { Kernel } from "../kernels/kernel.ts";
import type { LineClient } from "../kernels/kernel-line.ts";
import { peek } from "../kernels/relay-frames.ts";
import { decodeLegacy, encodeLegacy } from "./legacy-frames.ts";
import type { ChannelMessage } from "./message-error.ts";
import { decodeV1, encodeV1, V1_PROTOCOL } from "./v1-frames.ts";

/** A client that reads this much slower than its kernel writes is cut off; it comes back and gets what is kept. */
const MOST_BYTES_UNSENT = 256 * 2 ** 20;
/** Close code for a message that breaks the protocol (RFC 6455, section 7.4.1). */
const UNSUPPORTED_DATA = 1003;

/** Serves one websocket until it closes. */
export function serveKernelChannels(
  socket: WebSocket,
  kernel: Kernel,
  sessionId: string,
  log: (line: string) => void,
): void {
  const isV1 = socket.protocol === V1_PROTOCOL;
  const client: LineClient = {
    send(channel, parts) {
      if (socket.readyState !== WebSocket.OPEN) return;
      if (socket.bufferedAmount > MOST_BYTES_UNSENT) socket.terminate();
      else socket.send(isV1 ? encodeV1(channel, parts) : encodeLegacy(channel, parts));
    },
    close(code, reason) {
      socket.close(code, reason);
    },
  };
  const line = kernel.attach(sessionId, client);
  socket.on("message", (data, isBinary) => {
    try {
      const message = decode(toBuffer(data), isBinary, isV1);
      line.request(message.channel, message.parts);
    } catch (error) {
      log(`kernel ${kernel.id}: refused a message: ${(error as Error).message}`);
      socket.close(UNSUPPORTED_DATA, "a message could not be read");
    }
  });
  socket.on("error", () => undefined);
  socket.on("close", () => kernel.detach(sessionId, client));
}

function decode(bytes: Buffer, isBinary: boolean, isV1: boolean): ChannelMessage {
  const message = isV1 ? decodeV1(bytes) : decodeLegacy(bytes, isBinary);
  // A kernel may stop at a header that it cannot read: such a message ends here.
  const { msg_id: id, msg_type: type } = peek(message.parts[0]);
  if (typeof id === "string" && typeof type === "string") return message;
  return { channel: "", parts: [] };
}

function toBuffer(data: RawData): Buffer {
  if (Array.isArray(data)) return Buffer.concat(data);
  return Buffer.isBuffer(data) ? data : Buffer.from(data);
}
