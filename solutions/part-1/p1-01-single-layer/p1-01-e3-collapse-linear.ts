// Reference and known wrong answers of p1-01-e3.
import type { Solution } from "gradlab/exercises";

interface LinearLayer {
  readonly W: readonly (readonly number[])[];
  readonly b: readonly number[];
}

// W = W_n ... W_2 W_1 and b = W_n (... (W_2 b_1 + b_2) ...) + b_n
function collapseLinear(layers: readonly LinearLayer[]): LinearLayer {
  const [first, ...rest] = layers;
  if (!first)
    throw new RangeError(
      "collapseLinear expects at least one layer, got an empty list; pass the layers in order",
    );
  return rest.reduce(
    (collapsed, { W, b }) => ({
      W: product(W, collapsed.W),
      b: apply(W, collapsed.b).map((value, k) => value + b[k]!),
    }),
    first,
  );
}

function product(a: LinearLayer["W"], b: LinearLayer["W"]): number[][] {
  return a.map((row) =>
    b[0]!.map((_, column) => row.reduce((sum, value, k) => sum + value * b[k]![column]!, 0)),
  );
}

function apply(W: LinearLayer["W"], x: readonly number[]): number[] {
  return W.map((row) => row.reduce((sum, value, k) => sum + value * x[k]!, 0));
}

/** What the exercise asks for. */
export const solution: Solution["solution"] = { collapseLinear };

/** Answers that look right and are not. */
export const wrongAnswers: Solution["wrongAnswers"] = {
  "product in reverse order": {
    collapseLinear: (layers: readonly LinearLayer[]) => collapseLinear(layers.toReversed()),
  },
  "biases summed": {
    collapseLinear: (layers: readonly LinearLayer[]) => {
      const { W } = collapseLinear(layers);
      const b = W.map((_, k) => layers.reduce((sum, layer) => sum + (layer.b[k] ?? 0), 0));
      return { W, b };
    },
  },
};
