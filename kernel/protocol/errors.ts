// What is wrong with a message or a connection file, as a typed error with a stable code.

/** Why a message or a connection file was refused. */
export type ProtocolErrorCode =
  | "PROTOCOL_FRAMES"
  | "PROTOCOL_JSON"
  | "PROTOCOL_CONTENT"
  | "PROTOCOL_SIGNATURE"
  | "PROTOCOL_REPLAY"
  | "PROTOCOL_CONNECTION_FILE";

/** A message or a connection file that does not follow the Jupyter protocol. */
export class ProtocolError extends Error {
  override readonly name = "ProtocolError";
  readonly code: ProtocolErrorCode;

  /**
   * @param code - the stable reason
   * @param message - three parts: what was expected; what came; how to fix it
   */
  constructor(code: ProtocolErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
