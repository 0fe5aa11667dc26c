// The typed errors of the library: each has a stable code, and a message that ends with the fix.

/**
 * Base of every error that the library throws on purpose.
 *
 * The message has three parts: who expects what; what came; how to fix it.
 */
export abstract class GradlabError extends Error {
  /**
   * Stable name of the kind of mistake, for programs; the wording of messages may change. A getter, so that a notebook
   * does not print it between the message and the line.
   */
  abstract get code(): string;
}

/** Sizes of tensors do not fit each other or the operation. */
export class ShapeError extends GradlabError {
  override readonly name = "ShapeError";

  get code(): "GRADLAB_SHAPE" {
    return "GRADLAB_SHAPE";
  }
}

/** The element type of a tensor does not fit the operation or the backend. */
export class DTypeError extends GradlabError {
  override readonly name = "DTypeError";

  get code(): "GRADLAB_DTYPE" {
    return "GRADLAB_DTYPE";
  }
}

/** An argument other than a shape or an element type is out of its range. */
export class ArgumentError extends GradlabError {
  override readonly name = "ArgumentError";

  get code(): "GRADLAB_ARGUMENT" {
    return "GRADLAB_ARGUMENT";
  }
}

/** Two calls came in an order that cannot work, such as `backward` before `forward`. */
export class StateError extends GradlabError {
  override readonly name = "StateError";

  get code(): "GRADLAB_STATE" {
    return "GRADLAB_STATE";
  }
}

/** A data file is missing, damaged or not what its name says. */
export class DataError extends GradlabError {
  override readonly name = "DataError";

  get code(): "GRADLAB_DATA" {
    return "GRADLAB_DATA";
  }
}

/** A hand-written gradient disagrees with finite differences. */
export class GradientError extends GradlabError {
  override readonly name = "GradientError";

  get code(): "GRADLAB_GRADIENT" {
    return "GRADLAB_GRADIENT";
  }
}

/** The user asked a running training to stop; the model is left intact. */
export class InterruptedError extends GradlabError {
  override readonly name: string = "InterruptedError";

  get code(): "GRADLAB_INTERRUPTED" {
    return "GRADLAB_INTERRUPTED";
  }
}

/** A step that is being recorded does something that a graph cannot do, such as reading a number. */
export class TracingError extends GradlabError {
  override readonly name = "TracingError";

  get code(): "GRADLAB_TRACING" {
    return "GRADLAB_TRACING";
  }
}

/** A compiled step and the eager one disagree. */
export class VerificationError extends GradlabError {
  override readonly name = "VerificationError";

  get code(): "GRADLAB_VERIFICATION" {
    return "GRADLAB_VERIFICATION";
  }
}

/** A backend is unknown, missing on this machine, or cannot do what was asked. */
export class BackendError extends GradlabError {
  override readonly name = "BackendError";

  get code(): "GRADLAB_BACKEND" {
    return "GRADLAB_BACKEND";
  }
}

/** The thread that runs a compiled step has ended before its time. */
export class WorkerError extends GradlabError {
  override readonly name = "WorkerError";

  get code(): "GRADLAB_WORKER" {
    return "GRADLAB_WORKER";
  }
}
