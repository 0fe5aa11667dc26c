// Reference and known wrong answers of p1-01-e2.
import type { Solution } from "gradlab/exercises";

// softmax(z)[k] = exp(z[k] - max z) / sum over j of exp(z[j] - max z); the maximum cancels, and nothing overflows
function softmax(rows: number[][]): number[][] {
  return rows.map((row) => normalise(row.map((logit) => Math.exp(logit - Math.max(...row)))));
}

function normalise(row: readonly number[]): number[] {
  const sum = row.reduce((total, value) => total + value, 0);
  return row.map((value) => value / sum);
}

/** What the exercise asks for. */
export const solution: Solution["solution"] = { softmax };

/** Answers that look right and are not. */
export const wrongAnswers: Solution["wrongAnswers"] = {
  "no max subtraction": {
    softmax: (rows: number[][]) => rows.map((row) => normalise(row.map(Math.exp))),
  },
  "one global max": {
    softmax: (rows: number[][]) => {
      const max = Math.max(...rows.flat());
      return rows.map((row) => normalise(row.map((logit) => Math.exp(logit - max))));
    },
  },
  "normalises columns": {
    softmax: (rows: number[][]) => {
      const powers = rows.map((row) => row.map((logit) => Math.exp(logit - Math.max(...row))));
      return powers.map((row) =>
        row.map((power, k) => power / powers.reduce((sum, other) => sum + other[k]!, 0)),
      );
    },
  },
};
