// Messages on their way through: checked and signed, but not parsed.
import type { Signer } from "../../../kernel/protocol/signature.ts";

const DELIMITER = Buffer.from("<IDS|MSG>");
const JSON_PARTS = 4;

/** A message without routing and signature: header, parent header, metadata, content (JSON), then buffers. */
export type MessageFrames = readonly Uint8Array[];

/** The channels that a client of a websocket may use. */
export type ClientChannel = "shell" | "control" | "stdin" | "iopub";

/**
 * Takes a message out of the frames that a kernel sent.
 *
 * @returns undefined for frames that are incomplete or not signed with the kernel's key
 */
export function openFrames(
  frames: readonly Uint8Array[],
  signer: Signer,
): MessageFrames | undefined {
  const start = frames.findIndex((frame) => DELIMITER.equals(frame)) + 1;
  const signature = frames[start];
  const parts = frames.slice(start + 1);
  if (start === 0 || signature === undefined || parts.length < JSON_PARTS) return undefined;
  try {
    signer.verify(signature, parts.slice(0, JSON_PARTS));
    return parts;
  } catch {
    return undefined;
  }
}

/** The frames to send to a kernel. */
export function sealFrames(parts: MessageFrames, signer: Signer): Uint8Array[] {
  const signature = Buffer.from(signer.sign(parts.slice(0, JSON_PARTS)));
  return [DELIMITER, signature, ...parts];
}

/** Reads one of the JSON parts, or an empty object when it is none. */
export function peek(part: Uint8Array | undefined): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(Buffer.from(part ?? []).toString("utf8"));
    return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}

/** Bytes of a message. */
export function sizeOf(parts: MessageFrames): number {
  return parts.reduce((total, part) => total + part.byteLength, 0);
}
