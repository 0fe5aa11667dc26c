// What a learner receives of an exercise: the visible checks as data, hints, and the signatures of known mistakes.
import { callFunction } from "../checks/call.ts";
import { resolveArguments } from "../checks/fixtures.ts";
import type { PreparedCheck } from "../checks/run-check.ts";
import { applyView } from "../checks/views.ts";
import { sumPoints, type Exercise, type Functions, type Solution } from "../exercise.ts";
import { prepareChecks } from "./prepare.ts";

/** An exercise without its hidden checks, its reference and its wrong answers. */
export interface VisibleExercise {
  readonly id: string;
  readonly title: string;
  readonly section: string;
  /** Points of the whole exercise, hidden checks included. */
  readonly points: number;
  readonly hiddenChecks: number;
  readonly functions: readonly string[];
  readonly checks: readonly PreparedCheck[];
  readonly hints: readonly string[];
  readonly mistakes: readonly MistakeSignature[];
}

/** How a known wrong answer shows: what it returns for each visible check. */
export interface MistakeSignature {
  readonly message: string;
  /** One per visible check: what was returned, or that it threw. */
  readonly outputs: readonly MistakeOutput[];
}

/** What a wrong answer does for one check. */
export type MistakeOutput = { readonly value: unknown } | { readonly threw: true };

/** The seed of the checks that everybody sees. */
const VISIBLE_SEED = 1;
const MISTAKE_LIMIT_MS = 1000;

/** Everything of an exercise that may leave the instructor's copy. */
export async function makeVisible(
  exercise: Exercise,
  { solution, wrongAnswers }: Solution,
): Promise<VisibleExercise> {
  const checks = await prepareChecks(exercise.visible, solution, VISIBLE_SEED);
  const { id, title, section, points, functions, hints } = exercise;
  const mistakes = await Promise.all(
    exercise.mistakes.map(async ({ wrongAnswer, message }) => ({
      message,
      outputs: await Promise.all(
        checks.map((check) => mistakeOutput(check, wrongAnswers[wrongAnswer]!)),
      ),
    })),
  );
  return {
    id,
    title,
    section,
    points,
    hiddenChecks: exercise.hidden.length,
    functions,
    checks,
    hints,
    mistakes,
  };
}

/** Points that the visible checks are worth. */
export function visiblePoints({ checks }: VisibleExercise): number {
  return sumPoints(checks);
}

async function mistakeOutput(check: PreparedCheck, functions: Functions): Promise<MistakeOutput> {
  const outcome = await callFunction(
    functions[check.call]!,
    resolveArguments(check.inputs),
    MISTAKE_LIMIT_MS,
  );
  return outcome.state === "returned"
    ? { value: applyView(check.view, outcome.value) }
    : { threw: true };
}
