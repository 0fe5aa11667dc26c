// What an exercise is: data about the task, and checks that are data too.
import type { Generator } from "../lib/index.ts";
import { ExerciseError } from "./errors.ts";
import type { PropertyName } from "./checks/properties.ts";
import type { Tolerance } from "./checks/tolerance.ts";
import type { View } from "./checks/views.ts";

/** The functions a learner hands in, by name. */
export type Functions = Readonly<Record<string, (...args: never[]) => unknown>>;

/** What every check has. */
interface CheckBase {
  /** A sentence part that names what is checked: "rows sum to one". */
  readonly name: string;
  /** Whole number; 0 for what can only be watched inside the learner's own process. */
  readonly points: number;
  /** Which of the learner's functions is called. */
  readonly call: string;
  /** The arguments; a function of a seeded generator where they should differ from learner to learner. */
  readonly inputs: readonly unknown[] | ((random: Generator) => readonly unknown[]);
}

/** The output, or a view of it, agrees with the reference solution or with given values. */
export interface ValueCheck extends CheckBase {
  readonly kind: "value";
  /** The expected output; without it, the reference solution is asked. */
  readonly expected?: unknown;
  /** Largest allowed difference: |got - expected| <= absolute + relative * |expected|. */
  readonly tolerance?: Tolerance;
  /** What is compared instead of the output itself, for example the values of a network at some points. */
  readonly view?: View;
}

/** The output has a property that can be told without knowing the right answer. */
export interface PropertyCheck extends CheckBase {
  readonly kind: "property";
  readonly property: PropertyName;
  readonly tolerance?: Tolerance;
}

/** The call must throw, because the input makes no sense. */
export interface ErrorCheck extends CheckBase {
  readonly kind: "error";
}

/** The call must leave its arguments as they were; watched in the learner's process, so worth no points. */
export interface PurityCheck extends CheckBase {
  readonly kind: "purity";
}

/** One check of an exercise. */
export type Check = ValueCheck | PropertyCheck | ErrorCheck | PurityCheck;

/** A known wrong answer, and what to say to a learner who gave it. */
export interface Mistake {
  /** Its name among the `wrongAnswers` of the solution. */
  readonly wrongAnswer: string;
  /** One sentence that names the mistake and points at the repair; never blame. */
  readonly message: string;
  /** Whether someone who makes it passes all visible checks. */
  readonly passesVisible: boolean;
}

/** A graded exercise. */
export interface Exercise {
  /** `p<part>-<chapter>-e<number>`. */
  readonly id: string;
  readonly title: string;
  /** Id of the heading that the exercise belongs to, for example "000-h07". */
  readonly section: string;
  readonly points: number;
  /** 1 easy to 4 hard. */
  readonly difficulty: 1 | 2 | 3 | 4;
  readonly minutes: number;
  /** Names of the functions that are handed in. */
  readonly functions: readonly string[];
  readonly visible: readonly Check[];
  readonly hidden: readonly Check[];
  /** From a nudge to nearly the answer; one more is shown after each try. */
  readonly hints: readonly string[];
  readonly mistakes: readonly Mistake[];
}

/** The solution module of an exercise. */
export interface Solution {
  readonly solution: Functions;
  readonly wrongAnswers: Readonly<Record<string, Functions>>;
}

/**
 * An exercise whose parts agree with each other.
 *
 * @throws {ExerciseError} when the points do not add up, a check calls a function that is not handed in, or a name is used twice
 */
export function defineExercise(exercise: Exercise): Exercise {
  const problems = [...pointProblems(exercise), ...nameProblems(exercise)];
  if (problems.length > 0) {
    throw new ExerciseError(
      `exercise ${exercise.id} must agree with itself, got: ${problems.join("; ")}. Mend the definition.`,
    );
  }
  return exercise;
}

/** Sum of the points of some checks. */
export function sumPoints(checks: readonly { readonly points: number }[]): number {
  return checks.reduce((sum, check) => sum + check.points, 0);
}

function pointProblems({ points, visible, hidden }: Exercise): string[] {
  const checks = [...visible, ...hidden];
  const total = sumPoints(checks);
  return [
    ...(total === points
      ? []
      : [`its checks are worth ${total} points, the exercise says ${points}`]),
    ...checks
      .filter((check) => !Number.isInteger(check.points) || check.points < 0)
      .map((check) => `"${check.name}" has ${check.points} points, not a whole number`),
    ...checks
      .filter((check) => check.kind === "purity" && check.points > 0)
      .map(({ name }) => `"${name}" can only be watched and must be worth 0 points`),
  ];
}

function nameProblems({ id, functions, visible, hidden, hints }: Exercise): string[] {
  const names = [...visible, ...hidden].map(({ name }) => name);
  return [
    ...(/^p\d-\d\d-e\d+$/.test(id) ? [] : [`the id "${id}" is not like p1-01-e2`]),
    ...(hints.length > 0 ? [] : ["it has no hints"]),
    ...names
      .filter((name, index) => names.indexOf(name) !== index)
      .map((name) => `two checks are called "${name}"`),
    ...[...visible, ...hidden]
      .filter(({ call }) => !functions.includes(call))
      .map(({ call }) => `a check calls ${call}, which is not handed in`),
  ];
}
