// Messages on their way through: looked at as little as possible.

/** A message without routing and signature: header, parent header, metadata, content (JSON), then buffers. */
export type MessageFrames = readonly Uint8Array[];

/** The channels that a client of a websocket may use. */
export type ClientChannel = "shell" | "control" | "stdin" | "iopub";

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
