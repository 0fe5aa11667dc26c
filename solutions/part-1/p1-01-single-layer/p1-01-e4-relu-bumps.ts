// Reference and known wrong answers of p1-01-e4.
import type { Solution } from "gradlab/exercises";

interface ReluNetwork {
  readonly hiddenWeights: number[];
  readonly hiddenBiases: number[];
  readonly outputWeights: number[];
  readonly outputBias: number;
}

// f(x) = y[0] + sum over k of (slope[k] - slope[k - 1]) * max(0, x - knot[k]), one unit for each piece
function buildBumps(knots: number[], values: number[]): ReluNetwork {
  const slopes = slopesOf(knots, values);
  const outputWeights = slopes.map((slope, k) => slope - (slopes[k - 1] ?? 0));
  return hinges(knots, outputWeights, values[0]!);
}

function slopesOf(knots: readonly number[], values: readonly number[]): number[] {
  return knots.slice(1).map((knot, k) => (values[k + 1]! - values[k]!) / (knot - knots[k]!));
}

function hinges(
  knots: readonly number[],
  outputWeights: number[],
  outputBias: number,
): ReluNetwork {
  const starts = knots.slice(0, -1);
  return {
    hiddenWeights: starts.map(() => 1),
    hiddenBiases: starts.map((knot) => -knot),
    outputWeights,
    outputBias,
  };
}

/** What the exercise asks for. */
export const solution: Solution["solution"] = { buildBumps };

/** Answers that look right and are not. */
export const wrongAnswers: Solution["wrongAnswers"] = {
  "slopes instead of slope changes": {
    buildBumps: (knots: number[], values: number[]) =>
      hinges(knots, slopesOf(knots, values), values[0]!),
  },
  "start value forgotten": {
    buildBumps: (knots: number[], values: number[]) => ({
      ...buildBumps(knots, values),
      outputBias: 0,
    }),
  },
  "wrong sign of the hinge": {
    buildBumps: (knots: number[], values: number[]) => {
      const network = buildBumps(knots, values);
      return {
        ...network,
        hiddenWeights: network.hiddenWeights.map((w) => -w),
        hiddenBiases: network.hiddenBiases.map((b) => -b),
      };
    },
  },
};
