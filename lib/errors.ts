// The typed errors of the library: each has a stable code, and a message that ends with the fix.

/**
 * Base of every error that the library throws on purpose.
 *
 * The message has three parts: who expects what; what came; how to fix it.
 */
export abstract class GradlabError extends Error {
  /** Stable name of the kind of mistake, for programs; the wording of messages may change. */
  abstract readonly code: string;
}

/** Sizes of tensors do not fit each other or the operation. */
export class ShapeError extends GradlabError {
  override readonly name = "ShapeError";
  readonly code = "GRADLAB_SHAPE";
}

/** The element type of a tensor does not fit the operation or the backend. */
export class DTypeError extends GradlabError {
  override readonly name = "DTypeError";
  readonly code = "GRADLAB_DTYPE";
}

/** An argument other than a shape or an element type is out of its range. */
export class ArgumentError extends GradlabError {
  override readonly name = "ArgumentError";
  readonly code = "GRADLAB_ARGUMENT";
}

/** Two calls came in an order that cannot work, such as `backward` before `forward`. */
export class StateError extends GradlabError {
  override readonly name = "StateError";
  readonly code = "GRADLAB_STATE";
}

/** A data file is missing, damaged or not what its name says. */
export class DataError extends GradlabError {
  override readonly name = "DataError";
  readonly code = "GRADLAB_DATA";
}

/** A hand-written gradient disagrees with finite differences. */
export class GradientError extends GradlabError {
  override readonly name = "GradientError";
  readonly code = "GRADLAB_GRADIENT";
}

/** The user asked a running training to stop; the model is left intact. */
export class InterruptedError extends GradlabError {
  override readonly name: string = "InterruptedError";
  readonly code = "GRADLAB_INTERRUPTED";
}

/** A step that is being recorded does something that a graph cannot do, such as reading a number. */
export class TracingError extends GradlabError {
  override readonly name = "TracingError";
  readonly code = "GRADLAB_TRACING";
}

/** A compiled step and the eager one disagree. */
export class VerificationError extends GradlabError {
  override readonly name = "VerificationError";
  readonly code = "GRADLAB_VERIFICATION";
}

/** A backend is unknown, missing on this machine, or cannot do what was asked. */
export class BackendError extends GradlabError {
  override readonly name = "BackendError";
  readonly code = "GRADLAB_BACKEND";
}

/** The thread that runs a compiled step has ended before its time. */
export class WorkerError extends GradlabError {
  override readonly name = "WorkerError";
  readonly code = "GRADLAB_WORKER";
}
