// Exercise p1-01-e1: the activations of a hidden layer for a batch.
import type { Generator } from "gradlab";
import { defineExercise, type Exercise } from "gradlab/exercises";

/** Hidden activations: weighted sums plus bias, then the bend. */
export const exercise: Exercise = defineExercise({
  id: "p1-01-e1",
  title: "Hidden activations",
  section: "000-h06",
  points: 4,
  difficulty: 1,
  minutes: 10,
  functions: ["hiddenActivations"],
  visible: [
    {
      kind: "value",
      name: "two units worked by hand",
      points: 2,
      call: "hiddenActivations",
      inputs: [
        [[1, 2]],
        [
          [0.5, -1],
          [1, 1],
        ],
        [0.1, -0.5],
        { fixture: "relu" },
      ],
      expected: [[0, 2.5]],
    },
  ],
  hidden: [
    {
      kind: "value",
      name: "a batch with more inputs than units, tanh",
      points: 1,
      call: "hiddenActivations",
      inputs: (random) =>
        layerInputs(random, { samples: 4, features: 5, units: 3, fixture: "tanh" }),
    },
    {
      kind: "value",
      name: "a batch with more units than inputs, ReLU",
      points: 1,
      call: "hiddenActivations",
      inputs: (random) =>
        layerInputs(random, { samples: 3, features: 2, units: 6, fixture: "relu" }),
    },
    {
      kind: "purity",
      name: "the inputs stay as they were",
      points: 0,
      call: "hiddenActivations",
      inputs: (random) =>
        layerInputs(random, { samples: 2, features: 3, units: 2, fixture: "tanh" }),
    },
  ],
  hints: [
    "Take one sample and one unit first: multiply each input by its weight, add everything up, then add the bias.",
    "The weights of unit k are the row W[k]; it has as many entries as a sample has inputs.",
    "The bend comes last: g(b[k] + sum over j of W[k][j] * x[j]), once per sample and unit.",
  ],
  mistakes: [
    {
      wrongAnswer: "W used transposed",
      message: "each unit reads a column of W. The weights of unit k are the row W[k].",
      passesVisible: false,
    },
    {
      wrongAnswer: "bias dropped",
      message: "the bias b[k] is missing from the sum.",
      passesVisible: false,
    },
    {
      wrongAnswer: "bias added after g",
      message: "the bias is added after the bend. It belongs into the sum, before g.",
      passesVisible: false,
    },
  ],
});

interface LayerSizes {
  readonly samples: number;
  readonly features: number;
  readonly units: number;
  readonly fixture: string;
}

function layerInputs(
  random: Generator,
  { samples, features, units, fixture }: LayerSizes,
): unknown[] {
  const matrix = (rows: number, columns: number): number[][] =>
    Array.from({ length: rows }, () => Array.from({ length: columns }, () => random.normal()));
  return [matrix(samples, features), matrix(units, features), matrix(1, units)[0], { fixture }];
}
