// Why a kernel could not start.

/** The kernel cannot start with what it was given. */
export class KernelStartError extends Error {
  override readonly name = "KernelStartError";
  readonly code = "KERNEL_START";
}
