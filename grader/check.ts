// `await check("p1-01-e2", { softmax })`: runs the visible checks in the learner's kernel and returns a card.
import { Card } from "./card/card.ts";
import { findDifference } from "./checks/compare.ts";
import { runCheck, type CheckResult } from "./checks/run-check.ts";
import { applyView } from "./checks/views.ts";
import { CheckError } from "./errors.ts";
import { sumPoints, type Functions } from "./exercise.ts";
import { readProgress, recordTry, type Progress } from "./progress.ts";
import { findCourse, findVisible, listVisible } from "./release/store.ts";
import {
  visiblePoints,
  type MistakeOutput,
  type MistakeSignature,
  type VisibleExercise,
} from "./release/visible.ts";

/**
 * Checks a learner's functions against the visible checks of an exercise.
 *
 * It is formative: it never counts as a grade. Submissions meet further checks.
 *
 * @param id - the exercise, for example "p1-01-e2"
 * @param functions - what the learner wrote, by name: `{ softmax }`
 * @throws {CheckError} when there is no such exercise, or the wrong things are handed in
 */
export async function check(id: string, functions: Functions): Promise<Card> {
  const exercise = findVisible(id);
  if (!exercise) throw new CheckError(unknownExercise(id));
  return checkExercise(exercise, functions, findCourse());
}

/** As `check`, for an exercise that is at hand already. */
export async function checkExercise(
  exercise: VisibleExercise,
  functions: Functions,
  course: string | undefined,
): Promise<Card> {
  requireFunctions(exercise, functions);
  const results: CheckResult[] = [];
  // One after another: a learner's function may keep state, and a loop must not be timed together with others.
  for (const prepared of exercise.checks) results.push(await runCheck(prepared, functions));
  const points = sumPoints(results.filter(({ passed }) => passed));
  const of = visiblePoints(exercise);
  const unwritten = results.some((result) => result.unwritten);
  // A stub that was run as it came is no try: the ladder of hints waits for the first answer.
  const { progress, problem } = unwritten
    ? { progress: readProgress(course), problem: "" }
    : recordTry(course, exercise.id, points, of);
  const mistake = results.every(({ passed }) => passed) ? "" : findMistake(exercise, results);
  const { id, title, points: total, hiddenChecks } = exercise;
  const hint = points === of ? NO_HINT : nextHint(exercise, progress);
  const chapter = chapterProgress(id, progress);
  return new Card({
    id,
    title,
    points,
    of,
    total,
    hiddenChecks,
    results,
    unwritten,
    mistake,
    ...hint,
    chapter,
    notice: problem,
  });
}

function requireFunctions({ id, functions: names }: VisibleExercise, functions: Functions): void {
  const call = `await check("${id}", { ${names.join(", ")} })`;
  const given = typeof functions === "object" && functions !== null ? functions : {};
  for (const name of names) {
    const value: unknown = given[name];
    if (typeof value === "function") continue;
    const others = Object.keys(given).filter((key) => !names.includes(key));
    const got =
      value === undefined
        ? others.length > 0
          ? `got ${others.join(", ")}`
          : typeof functions === "function"
            ? "got a function without its name"
            : "got nothing of that name"
        : `got ${typeof value}`;
    throw new CheckError(
      `check: exercise ${id} needs the function ${name}, ${got}. Call it as: ${call}`,
    );
  }
}

function unknownExercise(id: unknown): string {
  const known = listVisible();
  const chapter = known.filter((name) => name.slice(0, 5) === String(id).slice(0, 5));
  const listed =
    (chapter.length > 0 ? chapter : known).join(", ") ||
    "none: the course was not released completely";
  return `check: the first argument must name an exercise, got ${JSON.stringify(id)}. Known here: ${listed}.`;
}

/** The message of the known mistake whose outputs are the learner's outputs, or "". */
function findMistake(
  { checks, mistakes }: VisibleExercise,
  results: readonly CheckResult[],
): string {
  const shows = ({ outputs }: MistakeSignature): boolean =>
    outputs.every((output, index) => sameOutcome(output, results[index]!, checks[index]!.view)) &&
    outputs.some((_, index) => !results[index]!.passed);
  return mistakes.find(shows)?.message ?? "";
}

function sameOutcome(
  output: MistakeOutput,
  { outcome }: CheckResult,
  view: Parameters<typeof applyView>[0],
): boolean {
  if ("threw" in output) return outcome.state === "threw";
  return (
    outcome.state === "returned" &&
    findDifference(applyView(view, outcome.value), output.value) === undefined
  );
}

const NO_HINT = { hint: "", hintPlace: "" } as const;

// One more step of the ladder with each try, the last one again and again.
function nextHint(
  { id, hints }: VisibleExercise,
  progress: Progress,
): { hint: string; hintPlace: string } {
  const step = Math.min(Math.max(progress[id]?.tries ?? 0, 1), hints.length);
  return { hint: hints[step - 1] ?? "", hintPlace: `${step} of ${hints.length}` };
}

function chapterProgress(id: string, progress: Progress): string {
  const chapter = id.replace(/-e\d+$/, "");
  const all = listVisible().filter((name) => name.startsWith(`${chapter}-`));
  const done = all.filter(
    (name) => progress[name] !== undefined && progress[name].best === progress[name].of,
  );
  return all.length === 0 ? "" : `${chapter}: ${done.length} of ${all.length} exercises done here.`;
}
