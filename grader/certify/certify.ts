// Proves an exercise: the reference earns everything, the stub nothing, and no known wrong answer gets through.
import { runCheck, type CheckResult, type PreparedCheck } from "../checks/run-check.ts";
import { writeValues } from "../release/json-values.ts";
import { sumPoints, type Functions } from "../exercise.ts";
import { prepareChecks } from "../release/prepare.ts";
import type { Notebook } from "../../nbformat/types.ts";
import type { CatalogueEntry } from "./catalogue.ts";
import { compareWithChapter, findCells } from "./chapter.ts";
import { loadStub } from "./stub.ts";

/** What `gradlab certify` says of one exercise. */
export interface Certificate {
  readonly id: string;
  readonly certified: boolean;
  readonly points: number;
  /** How many seeds the reference was tried with. */
  readonly seeds: number;
  /** How many known wrong answers fail a hidden check. */
  readonly wrongAnswers: { readonly caught: number; readonly total: number };
  /** Mutation testing belongs to the grader and is not part of this proof: null. */
  readonly mutants: null;
  /** Sentences that say what is wrong; empty when the exercise is certified. */
  readonly problems: readonly string[];
}

/** How many seeds every proof uses. */
export const CERTIFY_SEEDS = 20;

/** How long one call may take while certifying, in milliseconds: references are fast, wrong answers may loop. */
const LIMIT_MS = 2000;

/**
 * Proves one exercise.
 *
 * @param chapter - the notebook that the exercise stands in; undefined when there is none, which is a problem too
 */
export async function certifyExercise(
  entry: CatalogueEntry,
  chapter: Notebook | undefined,
): Promise<Certificate> {
  const { exercise, solution } = entry;
  const wrong = await wrongAnswerProblems(entry);
  const problems = [
    ...(await referenceProblems(entry)),
    ...(await stubProblems(entry, chapter)),
    ...wrong.problems,
    ...(await determinismProblems(entry)),
    ...mistakeProblems(entry),
    ...(chapter
      ? compareWithChapter(exercise, chapter)
      : [`its chapter notebooks/${entry.chapter}.ipynb is missing`]),
  ];
  const total = Object.keys(solution.wrongAnswers).length;
  return {
    id: exercise.id,
    certified: problems.length === 0,
    points: exercise.points,
    seeds: CERTIFY_SEEDS,
    wrongAnswers: { caught: wrong.caught, total },
    mutants: null,
    problems,
  };
}

async function referenceProblems({ exercise, solution }: CatalogueEntry): Promise<string[]> {
  const problems: string[] = [];
  for (let seed = 1; seed <= CERTIFY_SEEDS; seed++) {
    const results = await runAll(await prepareAll({ exercise, solution }, seed), solution.solution);
    const failed = results.filter(({ passed }) => !passed);
    problems.push(
      ...failed.map(
        ({ name, detail }) => `the reference fails "${name}" with seed ${seed}: ${detail}`,
      ),
    );
  }
  return problems;
}

async function stubProblems(
  entry: CatalogueEntry,
  chapter: Notebook | undefined,
): Promise<string[]> {
  const { id, functions } = entry.exercise;
  const answer = chapter && findCells(chapter, id)?.answer;
  if (!answer) return []; // that it is missing is said by compareWithChapter
  const results = await runAll(await prepareAll(entry, 1), loadStub(answer.source, functions));
  const points = sumPoints(results.filter(({ passed }) => passed));
  return points === 0 ? [] : [`the empty stub earns ${points} points, expected 0`];
}

async function wrongAnswerProblems({
  exercise,
  solution,
}: CatalogueEntry): Promise<{ caught: number; problems: string[] }> {
  const problems: string[] = [];
  let caught = 0;
  for (const [name, functions] of Object.entries(solution.wrongAnswers)) {
    const visible = await runAll(
      await prepareChecks(exercise.visible, solution.solution, 1),
      functions,
    );
    const hidden = await runAll(
      await prepareChecks(exercise.hidden, solution.solution, 2),
      functions,
    );
    if (hidden.some(({ passed }) => !passed)) caught++;
    else problems.push(`the wrong answer "${name}" passes every hidden check`);
    const passesVisible = visible.every(({ passed }) => passed);
    const said = exercise.mistakes.find(({ wrongAnswer }) => wrongAnswer === name)?.passesVisible;
    if (said !== undefined && said !== passesVisible) {
      problems.push(
        `the wrong answer "${name}" ${passesVisible ? "passes" : "fails"} the visible checks, the definition says otherwise`,
      );
    }
  }
  return { caught, problems };
}

async function determinismProblems(
  entry: Pick<CatalogueEntry, "exercise" | "solution">,
): Promise<string[]> {
  const [first, second, other] = await Promise.all([
    prepareAll(entry, 7),
    prepareAll(entry, 7),
    prepareAll(entry, 8),
  ]);
  const drawn = entry.exercise.hidden.some(({ inputs }) => typeof inputs === "function");
  return [
    ...(writeValues(first) === writeValues(second)
      ? []
      : ["its checks differ between two runs with the same seed"]),
    ...(drawn && writeValues(first) === writeValues(other)
      ? ["its hidden checks are the same for different seeds"]
      : []),
  ];
}

function mistakeProblems({ exercise, solution }: CatalogueEntry): string[] {
  const named = exercise.mistakes.map(({ wrongAnswer }) => wrongAnswer);
  const written = Object.keys(solution.wrongAnswers);
  return [
    ...named
      .filter((name) => !written.includes(name))
      .map((name) => `the mistake "${name}" has no wrong answer of that name`),
    ...written
      .filter((name) => !named.includes(name))
      .map((name) => `the wrong answer "${name}" has no message among the mistakes`),
    ...(written.length > 0 ? [] : ["it has no known wrong answer"]),
  ];
}

async function prepareAll(
  { exercise, solution }: Pick<CatalogueEntry, "exercise" | "solution">,
  seed: number,
): Promise<PreparedCheck[]> {
  return prepareChecks([...exercise.visible, ...exercise.hidden], solution.solution, seed);
}

async function runAll(
  checks: readonly PreparedCheck[],
  functions: Functions,
): Promise<CheckResult[]> {
  const results: CheckResult[] = [];
  for (const check of checks) results.push(await runCheck(check, functions, LIMIT_MS));
  return results;
}
