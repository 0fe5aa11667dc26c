// Reference and known wrong answers of p1-01-e1.
import type { Solution } from "gradlab/exercises";

type Bend = (z: number) => number;

// activation[n][k] = g(b[k] + sum over j of W[k][j] * X[n][j])
function hiddenActivations(X: number[][], W: number[][], b: number[], g: Bend): number[][] {
  return X.map((x) => W.map((weights, k) => g(b[k]! + dot(weights, x))));
}

function dot(a: readonly number[], b: readonly number[]): number {
  return a.reduce((sum, value, j) => sum + value * b[j]!, 0);
}

/** What the exercise asks for. */
export const solution: Solution["solution"] = { hiddenActivations };

/** Answers that look right and are not. */
export const wrongAnswers: Solution["wrongAnswers"] = {
  "W used transposed": {
    hiddenActivations: (X: number[][], W: number[][], b: number[], g: Bend) =>
      X.map((x) =>
        b.map((bias, k) => g(bias + x.reduce((sum, value, j) => sum + value * W[j]![k]!, 0))),
      ),
  },
  "bias dropped": {
    hiddenActivations: (X: number[][], W: number[][], _b: number[], g: Bend) =>
      X.map((x) => W.map((weights) => g(dot(weights, x)))),
  },
  "bias added after g": {
    hiddenActivations: (X: number[][], W: number[][], b: number[], g: Bend) =>
      X.map((x) => W.map((weights, k) => g(dot(weights, x)) + b[k]!)),
  },
};
