// Wrong use of a comm, as a typed error with a stable code.

/** Why a comm was refused. */
export type CommErrorCode = "KERNEL_COMM_DATA" | "KERNEL_COMM_CLOSED" | "KERNEL_COMM_OUTSIDE";

/** Wrong use of a comm: the message tells what was expected, what came, and the fix. */
export class CommError extends TypeError {
  override readonly name = "CommError";
  readonly code: CommErrorCode;

  /**
   * @param code - the stable reason
   * @param message - three parts: what was expected; what came; how to fix it
   */
  constructor(code: CommErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
