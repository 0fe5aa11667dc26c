// What the exit code of every command means, and the error that carries one.

/** Exit codes of all commands; 130 after Ctrl-C is what shells expect: 128 + SIGINT. */
export const EXIT = {
  fine: 0,
  materialFailed: 1,
  wrongUse: 2,
  machineLacks: 3,
  interrupted: 130,
} as const;

/** A failure that a command explains in one message: what was expected, what came, how to fix it. */
export class CommandError extends Error {
  override readonly name = "CommandError";
  readonly code = "GRADLAB_COMMAND";
  readonly exitCode: number;

  /**
   * @param message - three parts: what was expected; what came; how to fix it
   * @param exitCode - one of `EXIT`
   */
  constructor(message: string, exitCode: number, options?: ErrorOptions) {
    super(message, options);
    this.exitCode = exitCode;
  }
}
