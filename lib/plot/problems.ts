// How this folder words what it cannot draw: what is expected, what came, how to fix it.
import { ArgumentError, ShapeError } from "../errors.ts";

/** The three parts of a message, the first naming who asks. */
export interface Problem {
  expected: string;
  got: string;
  fix: string;
}

/** An error for numbers, options or kinds of value. */
export function argumentProblem(problem: Problem): ArgumentError {
  return new ArgumentError(sentence(problem));
}

/** An error for lengths and ranks that do not fit. */
export function shapeProblem(problem: Problem): ShapeError {
  return new ShapeError(sentence(problem));
}

function sentence({ expected, got, fix }: Problem): string {
  return `${expected}, got ${got}. ${fix}`;
}
