// `progress()`: all exercises and what was reached so far, as a table.
import { readProgress } from "./progress.ts";
import { findCourse, findVisible, listVisible } from "./release/store.ts";
import { visiblePoints } from "./release/visible.ts";

/** One row of the table. */
export interface ProgressRow {
  readonly id: string;
  readonly title: string;
  readonly best: number;
  readonly of: number;
  readonly tries: number;
}

/** A learner's progress; shows itself in a notebook. */
export class ProgressTable {
  readonly rows: readonly ProgressRow[];

  /** @param rows - one per exercise, in order */
  constructor(rows: readonly ProgressRow[]) {
    this.rows = rows;
  }

  /** One line per exercise. */
  toString(): string {
    return this.rows
      .map(({ id, title, best, of, tries }) => `${id}  ${best} of ${of}  ${tries} tries  ${title}`)
      .join("\n");
  }

  /** Text and an HTML table. */
  toMimeBundle(): Record<string, string> {
    const cell = (text: string | number): string => `<td style="text-align:left">${text}</td>`;
    const rows = this.rows.map(
      ({ id, title, best, of, tries }) =>
        `<tr>${cell(id)}${cell(title.replaceAll("<", "&lt;"))}${cell(`${best} of ${of}`)}${cell(tries)}</tr>`,
    );
    const head = ["exercise", "title", "points here", "tries"].map(
      (text) => `<th scope="col" style="text-align:left">${text}</th>`,
    );
    return {
      "text/plain": this.toString(),
      "text/html": `<table><caption>Progress</caption><thead><tr>${head.join("")}</tr></thead><tbody>${rows.join("")}</tbody></table>`,
    };
  }

  // The key under which a notebook looks for a value's own way to show itself.
  static {
    Object.defineProperty(ProgressTable.prototype, Symbol.for("Jupyter.display"), {
      value(this: ProgressTable): Record<string, string> {
        return this.toMimeBundle();
      },
    });
  }
}

/** What was reached so far in this course, exercise by exercise. */
export function progress(): ProgressTable {
  const reached = readProgress(findCourse());
  return new ProgressTable(
    listVisible().flatMap((id) => {
      const exercise = findVisible(id);
      if (!exercise) return [];
      const { best = 0, tries = 0 } = reached[id] ?? {};
      return [{ id, title: exercise.title, best, of: visiblePoints(exercise), tries }];
    }),
  );
}
