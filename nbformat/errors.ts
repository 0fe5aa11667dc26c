// The one error of this folder: a file that is no notebook, with the place and the fix in the message.

/** Stable codes of `NotebookError`. */
export type NotebookErrorCode =
  | "NOTEBOOK_UNREADABLE"
  | "NOTEBOOK_NOT_JSON"
  | "NOTEBOOK_VERSION"
  | "NOTEBOOK_INVALID";

/** A place in a text, both counted from 1. */
export interface TextPosition {
  readonly line: number;
  readonly column: number;
}

/** One thing that is wrong in a notebook. */
export interface NotebookProblem {
  /** For example `cell 3 (code, id "a1")` or `notebook`. */
  readonly where: string;
  /** For example `outputs[0].text must be a text or a list of texts, got 3`. */
  readonly problem: string;
}

/** Thrown when a file cannot be read as a notebook. */
export class NotebookError extends Error {
  override readonly name = "NotebookError";
  readonly code: NotebookErrorCode;
  /** Where the JSON breaks, for `NOTEBOOK_NOT_JSON`. */
  readonly position: TextPosition | undefined;
  /** All problems, for `NOTEBOOK_INVALID`. */
  readonly problems: readonly NotebookProblem[];

  /** @param message - three parts: what was expected; what came; how to fix it */
  constructor(
    code: NotebookErrorCode,
    message: string,
    details: {
      position?: TextPosition;
      problems?: readonly NotebookProblem[];
      cause?: unknown;
    } = {},
  ) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.code = code;
    this.position = details.position;
    this.problems = details.problems ?? [];
  }
}
