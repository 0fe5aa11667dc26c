// A message as ZeroMQ frames: identities, delimiter, signature, four JSON parts, buffers.
import { ProtocolError } from "./errors.ts";
import type { Header, JsonObject, Message } from "./message.ts";
import type { ReplayGuard, Signer } from "./signature.ts";

const DELIMITER = Buffer.from("<IDS|MSG>");
const STRICT_UTF8 = new TextDecoder("utf-8", { fatal: true });

const JSON_FRAMES = 4;

/** A message that is complete and rightly signed, but not parsed. */
export interface OpenedFrames {
  /** Routing prefix: the peer on shell, control and stdin, the topic on iopub. */
  readonly identities: readonly Uint8Array[];
  readonly signature: Uint8Array;
  /** Header, parent header, metadata, content (JSON), then buffers. */
  readonly parts: readonly Uint8Array[];
}

/**
 * Takes a message out of its frames.
 *
 * @throws {ProtocolError} when the frames are incomplete or wrongly signed
 */
export function openFrames(frames: readonly Uint8Array[], signer: Signer): OpenedFrames {
  const start = frames.findIndex((frame) => DELIMITER.equals(frame));
  const signature = frames[start + 1];
  const parts = frames.slice(start + 2);
  if (start < 0 || !signature || parts.length < JSON_FRAMES) {
    throw new ProtocolError(
      "PROTOCOL_FRAMES",
      `a message must have the delimiter <IDS|MSG>, a signature and four JSON frames, got ${frames.length} frames. ` +
        "Send it with a Jupyter client library.",
    );
  }
  signer.verify(signature, parts.slice(0, JSON_FRAMES));
  return { identities: frames.slice(0, start), signature, parts };
}

/**
 * The frames of a message, signed and ready to send.
 *
 * @param parts - header, parent header, metadata, content (JSON), then buffers
 */
export function sealFrames(
  parts: readonly Uint8Array[],
  signer: Signer,
  identities: readonly Uint8Array[] = [],
): Uint8Array[] {
  const signature = Buffer.from(signer.sign(parts.slice(0, JSON_FRAMES)));
  return [...identities, DELIMITER, signature, ...parts];
}

/** The frames of `message`, ready to send. */
export function encodeMessage(message: Message, signer: Signer): Uint8Array[] {
  const parts = [message.header, message.parentHeader, message.metadata, message.content].map(
    (part) => Buffer.from(JSON.stringify(part)),
  );
  return sealFrames([...parts, ...message.buffers], signer, message.identities);
}

/**
 * Reads a message from its frames.
 *
 * @param replays - given by who must not act twice on one message
 * @throws {ProtocolError} when the frames are incomplete, wrongly signed, repeated or not JSON objects
 */
export function decodeFrames(
  frames: readonly Uint8Array[],
  signer: Signer,
  replays?: ReplayGuard,
): Message {
  const { identities, signature, parts } = openFrames(frames, signer);
  replays?.check(Buffer.from(signature).toString("latin1"));
  const [header, parent, metadata, content] = parts as [
    Uint8Array,
    Uint8Array,
    Uint8Array,
    Uint8Array,
  ];
  return {
    identities,
    header: readHeader(header),
    parentHeader: parseObject("parent_header", parent),
    metadata: parseObject("metadata", metadata),
    content: parseObject("content", content),
    buffers: parts.slice(JSON_FRAMES),
  };
}

function readHeader(frame: Uint8Array): Header {
  const header = parseObject("header", frame);
  for (const field of ["msg_id", "msg_type", "session"]) {
    if (typeof header[field] === "string") continue;
    throw new ProtocolError(
      "PROTOCOL_JSON",
      `the header of a message must have the text field ${field}, got ${JSON.stringify(header[field])}. ` +
        "Send it with a Jupyter client library.",
    );
  }
  const subshell = header["subshell_id"] ?? undefined;
  if (subshell !== undefined && typeof subshell !== "string") {
    throw new ProtocolError(
      "PROTOCOL_JSON",
      `subshell_id in the header of a message must be text, got ${JSON.stringify(subshell)}. ` +
        "Send it with a Jupyter client library.",
    );
  }
  return header as unknown as Header;
}

function parseObject(name: string, frame: Uint8Array): JsonObject {
  let value: unknown;
  try {
    value = JSON.parse(STRICT_UTF8.decode(frame));
  } catch (cause) {
    throw new ProtocolError(
      "PROTOCOL_JSON",
      `the ${name} of a message must be JSON in UTF-8, got ${frame.length} bytes that are not. ` +
        "Send it with a Jupyter client library.",
      { cause },
    );
  }
  if (typeof value === "object" && value !== null && !Array.isArray(value)) {
    return value as JsonObject;
  }
  throw new ProtocolError(
    "PROTOCOL_JSON",
    `the ${name} of a message must be a JSON object, got ${JSON.stringify(value)?.slice(0, 40)}. ` +
      "Send it with a Jupyter client library.",
  );
}
