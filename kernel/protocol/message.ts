// One Jupyter message: header, parent header, metadata, content, buffers, and the identities that route it.
import { randomUUID } from "node:crypto";

/** The version of the Jupyter messaging protocol spoken here. */
export const PROTOCOL_VERSION = "5.5";

/** A JSON object whose fields are not known yet. */
export type JsonObject = { [key: string]: unknown };

/** Who sent a message, when, and what it is. */
export interface Header {
  readonly msg_id: string;
  readonly msg_type: string;
  readonly session: string;
  readonly username: string;
  /** ISO 8601. */
  readonly date: string;
  readonly version: string;
  /** The subshell that a request is for; the main shell without it. */
  readonly subshell_id?: string | null;
}

/** A message as it travels on one of the channels. */
export interface Message {
  /** Routing prefix: the peer on shell, control and stdin, the topic on iopub. */
  readonly identities: readonly Uint8Array[];
  readonly header: Header;
  /** The header of the request that caused this message; empty when nothing did. */
  readonly parentHeader: Partial<Header>;
  readonly metadata: JsonObject;
  readonly content: JsonObject;
  readonly buffers: readonly Uint8Array[];
}

/** What a new message is made of. */
export interface MessageParts {
  readonly type: string;
  readonly session: string;
  readonly content: object;
  readonly parent?: Header | undefined;
  readonly identities?: readonly Uint8Array[];
  readonly metadata?: JsonObject;
  readonly buffers?: readonly Uint8Array[];
  readonly username?: string;
}

/** Puts a message together, with a fresh id and the time of now. */
export function createMessage(parts: MessageParts): Message {
  return {
    identities: parts.identities ?? [],
    header: {
      msg_id: randomUUID(),
      msg_type: parts.type,
      session: parts.session,
      username: parts.username ?? "kernel",
      date: new Date().toISOString(),
      version: PROTOCOL_VERSION,
    },
    parentHeader: parts.parent ?? {},
    metadata: parts.metadata ?? {},
    content: parts.content as JsonObject,
    buffers: parts.buffers ?? [],
  };
}

/** The text in a field of a message's content; empty when it is absent or no text. */
export function textOf(content: JsonObject, field: string): string {
  const value = content[field];
  return typeof value === "string" ? value : "";
}
