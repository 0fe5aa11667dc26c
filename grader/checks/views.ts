// What a check compares instead of the whole output: named, so that a check stays data.

/** The values of a one-hidden-layer ReLU network at some points, or the number of its hidden units. */
export type View =
  | { readonly name: "networkAt"; readonly points: readonly number[] }
  | { readonly name: "hasAtMostUnits"; readonly units: number };

/** A network with one input, one hidden layer of ReLU units and one output. */
interface ReluNetwork {
  readonly hiddenWeights: readonly number[];
  readonly hiddenBiases: readonly number[];
  readonly outputWeights: readonly number[];
  readonly outputBias: number;
}

/** Applies a view to an output; what is no network gives undefined, which no expected value equals. */
export function applyView(view: View | undefined, output: unknown): unknown {
  if (view === undefined) return output;
  if (!isNetwork(output)) return undefined;
  if (view.name === "hasAtMostUnits") return output.hiddenWeights.length <= view.units;
  return view.points.map((x) => evaluate(output, x));
}

// output = c + sum over k of v[k] * max(0, w[k] * x + b[k])
function evaluate(
  { hiddenWeights, hiddenBiases, outputWeights, outputBias }: ReluNetwork,
  x: number,
): number {
  return hiddenWeights.reduce(
    (sum, weight, k) => sum + outputWeights[k]! * Math.max(0, weight * x + hiddenBiases[k]!),
    outputBias,
  );
}

function isNetwork(output: unknown): output is ReluNetwork {
  if (typeof output !== "object" || output === null) return false;
  const { hiddenWeights, hiddenBiases, outputWeights, outputBias } = output as Record<
    string,
    unknown
  >;
  const lists = [hiddenWeights, hiddenBiases, outputWeights];
  return (
    lists.every(
      (list) => Array.isArray(list) && list.every((value) => typeof value === "number"),
    ) &&
    new Set(lists.map((list) => (list as unknown[]).length)).size === 1 &&
    typeof outputBias === "number"
  );
}
