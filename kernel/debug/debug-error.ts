// A debug request that cannot be served, with a message that the front end shows.

/** Why a debug request failed. */
export class DebugError extends Error {
  override readonly name = "DebugError";

  /** Stable name of this kind of error. */
  get code(): string {
    return "KERNEL_DEBUG";
  }
}
