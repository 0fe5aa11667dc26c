// What can go wrong between the kernel and the language server.

/** Why a request to the language server has no answer. */
export type LanguageServerErrorCode =
  | "LANGUAGE_SERVER_MISSING"
  | "LANGUAGE_SERVER_GONE"
  | "LANGUAGE_SERVER_TIMEOUT"
  | "LANGUAGE_SERVER_REFUSED"
  | "LANGUAGE_SERVER_GARBLED";

/** The language server did not do what was asked of it; the kernel goes on without. */
export class LanguageServerError extends Error {
  override readonly name = "LanguageServerError";
  readonly code: LanguageServerErrorCode;

  /**
   * @param code - stable name of what went wrong
   * @param message - what was expected, what came, how to fix it
   */
  constructor(code: LanguageServerErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
