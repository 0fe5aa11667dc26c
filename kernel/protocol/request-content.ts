// What the content of each request must look like, so that no handler meets a value of the wrong kind.
import { ProtocolError } from "./errors.ts";
import type { Message } from "./message.ts";

type Kind = "text" | "integer" | "boolean" | "object" | "texts";
/** A kind with a question mark may be absent or null. */
type Fields = Readonly<Record<string, Kind | `${Kind}?`>>;

/** A cursor that is no number is taken for the end of the code. */
const CODE_AT: Fields = { code: "text" };
const COMM: Fields = { comm_id: "text", data: "object?" };

const REQUESTS: Readonly<Record<string, Fields>> = {
  execute_request: {
    code: "text",
    silent: "boolean?",
    store_history: "boolean?",
    user_expressions: "texts?",
    allow_stdin: "boolean?",
    stop_on_error: "boolean?",
  },
  complete_request: CODE_AT,
  inspect_request: { ...CODE_AT, detail_level: "integer?" },
  is_complete_request: { code: "text" },
  history_request: {
    hist_access_type: "text",
    output: "boolean?",
    raw: "boolean?",
    session: "integer?",
    start: "integer?",
    stop: "integer?",
    n: "integer?",
    pattern: "text?",
    unique: "boolean?",
  },
  comm_open: { ...COMM, target_name: "text" },
  comm_msg: COMM,
  comm_close: COMM,
  comm_info_request: { target_name: "text?" },
  shutdown_request: { restart: "boolean?" },
  debug_request: { command: "text", seq: "integer", arguments: "object?" },
  delete_subshell_request: { subshell_id: "text" },
  input_reply: { value: "text" },
};

/**
 * Checks the content of a request; fields that are not known pass.
 *
 * @throws {ProtocolError} with code `PROTOCOL_CONTENT` when a field is missing or of the wrong kind
 */
export function checkContent({ header, content }: Message): void {
  const type = header.msg_type;
  const fields = Object.entries(Object.hasOwn(REQUESTS, type) ? (REQUESTS[type] ?? {}) : {});
  for (const [name, kind] of fields) {
    const value = content[name];
    const isOptional = kind.endsWith("?");
    if (isOptional && (value === undefined || value === null)) continue;
    if (isOfKind(value, kind.replace("?", "") as Kind)) continue;
    throw new ProtocolError(
      "PROTOCOL_CONTENT",
      `${type}: ${name} must be ${WORDS[kind.replace("?", "") as Kind]}, ` +
        `got ${JSON.stringify(value)?.slice(0, 40) ?? "nothing"}. Send it as the Jupyter protocol 5.5 says.`,
    );
  }
}

const WORDS: Readonly<Record<Kind, string>> = {
  text: "text",
  integer: "a whole number",
  boolean: "true or false",
  object: "an object",
  texts: "an object whose values are text",
};

function isOfKind(value: unknown, kind: Kind): boolean {
  switch (kind) {
    case "text":
      return typeof value === "string";
    case "integer":
      return Number.isSafeInteger(value);
    case "boolean":
      return typeof value === "boolean";
    case "object":
      return isObject(value);
    default:
      return isObject(value) && Object.values(value).every((one) => typeof one === "string");
  }
}

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
