// Holds an exercise's definition against its chapter: heading, task, stub and check cell.
import type { Cell, Notebook } from "../../nbformat/types.ts";
import type { Exercise } from "../exercise.ts";

/** The cells of one exercise; their ids are the exercise's id with the part's name. */
export interface ExerciseCells {
  readonly task: Cell;
  readonly answer: Cell;
  readonly check: Cell;
}

/** Ids of the three cells that an exercise consists of in its chapter. */
export function cellIds(id: string): Record<keyof ExerciseCells, string> {
  return { task: `${id}-task`, answer: `${id}-answer`, check: `${id}-check` };
}

/** The cells of an exercise, or undefined when one is missing. */
export function findCells(notebook: Notebook, id: string): ExerciseCells | undefined {
  const find = (cellId: string): Cell | undefined =>
    notebook.cells.find((cell) => cell.id === cellId);
  const ids = cellIds(id);
  const [task, answer, check] = [find(ids.task), find(ids.answer), find(ids.check)];
  return task && answer && check ? { task, answer, check } : undefined;
}

/** Sentences that say where the chapter and the definition disagree; empty when they agree. */
export function compareWithChapter(exercise: Exercise, notebook: Notebook): string[] {
  const cells = findCells(notebook, exercise.id);
  if (!cells) {
    const missing = Object.values(cellIds(exercise.id)).filter(
      (id) => !notebook.cells.some((cell) => cell.id === id),
    );
    return [`its chapter has no cell with the id ${missing.join(", ")}`];
  }
  const section = sectionBefore(notebook, cells.task);
  return [
    ...(section === exercise.section
      ? []
      : [`it stands under heading ${section ?? "none"}, the definition says ${exercise.section}`]),
    ...answerProblems(exercise, cells.answer),
    ...checkProblems(exercise, cells.check),
  ];
}

function sectionBefore(notebook: Notebook, task: Cell): string | undefined {
  const before = notebook.cells.slice(0, notebook.cells.indexOf(task)).reverse();
  const headings = before.map(
    ({ metadata }) => (metadata["gradlab"] as { heading?: string } | undefined)?.heading,
  );
  return headings.find((heading) => heading !== undefined);
}

function answerProblems({ id, functions }: Exercise, { source, metadata }: Cell): string[] {
  const nbgrader = metadata["nbgrader"] as Record<string, unknown> | undefined;
  return [
    ...functions
      .filter((name) => !source.includes(name))
      .map((name) => `its stub does not name the function ${name}`),
    ...(source.includes(`NotImplemented("${id}")`)
      ? []
      : [`its stub does not throw NotImplemented("${id}")`]),
    ...(nbgrader?.["solution"] === true && nbgrader["grade_id"] === `${id}-answer`
      ? []
      : ["its stub has no nbgrader metadata as a solution cell"]),
  ];
}

function checkProblems({ id, functions, points }: Exercise, { source, metadata }: Cell): string[] {
  const nbgrader = metadata["nbgrader"] as Record<string, unknown> | undefined;
  const call = `await check("${id}", { ${functions.join(", ")} })`;
  return [
    ...(source.includes(call) ? [] : [`its check cell does not say ${call}`]),
    ...(nbgrader?.["points"] === points
      ? []
      : [
          `its check cell is worth ${String(nbgrader?.["points"])} points, the definition says ${points}`,
        ]),
    ...(nbgrader?.["grade"] === true && nbgrader["locked"] === true
      ? []
      : ["its check cell has no nbgrader metadata as a locked, graded cell"]),
  ];
}
