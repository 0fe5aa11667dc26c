// What can go wrong in the lab's server: a refused request, and a server that cannot start.

/** A request that is answered with an error status and a JSON body `{ message, reason }`. */
export class HttpError extends Error {
  override readonly name = "HttpError";
  readonly code = "LAB_HTTP";
  readonly status: number;

  /**
   * @param status - HTTP status, 400 to 599
   * @param message - what was expected; what came; how to fix it
   */
  constructor(status: number, message: string, options?: ErrorOptions) {
    super(message, options);
    this.status = status;
  }
}

/** Why a server could not start. */
export type StartErrorCode =
  | "LAB_BAD_OPTION"
  | "LAB_PORT_TAKEN"
  | "LAB_PORT_FORBIDDEN"
  | "LAB_ROOT_MISSING"
  | "LAB_ROOT_NOT_A_FOLDER"
  | "LAB_ROOT_READ_ONLY"
  | "LAB_ROOT_IN_USE"
  | "LAB_NO_TEMPORARY_FOLDER";

/** A server that cannot start; the message ends with the fix. */
export class ServerStartError extends Error {
  override readonly name = "ServerStartError";
  readonly code: StartErrorCode;
  /** Where the other server answers, when `code` is `LAB_ROOT_IN_USE`. */
  readonly otherUrl: string | undefined;

  constructor(
    code: StartErrorCode,
    message: string,
    options?: ErrorOptions & { otherUrl?: string },
  ) {
    super(message, options);
    this.code = code;
    this.otherUrl = options?.otherUrl;
  }
}

/** The `code` of a failed system call ("ENOENT", "EACCES" ...), or undefined for any other error. */
export function systemCode(error: unknown): string | undefined {
  if (!(error instanceof Error) || !("code" in error)) return undefined;
  return typeof error.code === "string" ? error.code : undefined;
}
