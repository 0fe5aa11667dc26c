// The errors of exercises and checks.

/** What an unwritten exercise throws; a check answers it with the task, not with a failure. */
export class NotImplemented extends Error {
  override readonly name = "NotImplemented";
  // A notebook prints fields that are open between the message and the line; the message has it already.
  readonly #exercise: string;

  /** @param exercise - id of the exercise, for example "p1-01-e2" */
  constructor(exercise: string) {
    super(
      `Exercise ${exercise} is not written yet. Replace this line with your own code, run the cell, then run the check below it.`,
    );
    this.#exercise = exercise;
  }

  /** Stable name of the kind of mistake, for programs. */
  get code(): "GRADLAB_NOT_IMPLEMENTED" {
    return "GRADLAB_NOT_IMPLEMENTED";
  }

  /** Id of the exercise. */
  get exercise(): string {
    return this.#exercise;
  }
}

/** `check` was called with something it cannot check. */
export class CheckError extends Error {
  override readonly name = "CheckError";

  /** Stable name of the kind of mistake, for programs. */
  get code(): "GRADLAB_CHECK" {
    return "GRADLAB_CHECK";
  }
}

/** A definition of an exercise contradicts itself; instructors see it, learners never do. */
export class ExerciseError extends Error {
  override readonly name = "ExerciseError";

  /** Stable name of the kind of mistake, for programs. */
  get code(): "GRADLAB_EXERCISE" {
    return "GRADLAB_EXERCISE";
  }
}
