// Exercise p1-01-e3: a stack of linear layers is one linear layer.
import type { Generator } from "gradlab";
import { defineExercise, type Exercise } from "gradlab/exercises";

/** The one layer that does what a whole stack of linear layers does. */
export const exercise: Exercise = defineExercise({
  id: "p1-01-e3",
  title: "Collapse a linear stack",
  section: "000-h14",
  points: 5,
  difficulty: 2,
  minutes: 20,
  functions: ["collapseLinear"],
  visible: [
    {
      kind: "value",
      name: "three layers of two units",
      points: 2,
      call: "collapseLinear",
      inputs: [
        [
          {
            W: [
              [1, 2],
              [0, 1],
            ],
            b: [0, 0],
          },
          {
            W: [
              [1, 0],
              [3, 1],
            ],
            b: [0, 0],
          },
          {
            W: [
              [2, 1],
              [0, -1],
            ],
            b: [0, 0],
          },
        ],
      ],
      expected: {
        W: [
          [5, 11],
          [-3, -7],
        ],
        b: [0, 0],
      },
    },
  ],
  hidden: [
    {
      kind: "value",
      name: "a chain of different widths, with biases",
      points: 1,
      call: "collapseLinear",
      inputs: (random) => [chain(random, [3, 5, 2, 4])],
    },
    {
      kind: "value",
      name: "a stack of one layer",
      points: 1,
      call: "collapseLinear",
      inputs: (random) => [chain(random, [2, 3])],
    },
    {
      kind: "error",
      name: "an empty stack is refused",
      points: 1,
      call: "collapseLinear",
      inputs: [[]],
    },
    {
      kind: "purity",
      name: "the layers stay as they were",
      points: 0,
      call: "collapseLinear",
      inputs: (random) => [chain(random, [2, 2, 2])],
    },
  ],
  hints: [
    "Put the formula of the first layer into the formula of the second, and multiply out.",
    "W2 (W1 x + b1) + b2 = (W2 W1) x + (W2 b1 + b2): later matrices stand on the left.",
    "Go through the stack once: W becomes layer.W times W, b becomes layer.W times b plus layer.b. An empty stack has no first layer: throw an error.",
  ],
  mistakes: [
    {
      wrongAnswer: "product in reverse order",
      message:
        "the matrices are multiplied in the wrong order. The last layer acts last, so its matrix stands on the left.",
      passesVisible: false,
    },
    {
      wrongAnswer: "biases summed",
      message: "the biases are just added. An early bias passes through every later matrix.",
      passesVisible: true,
    },
  ],
});

function chain(random: Generator, widths: readonly number[]): unknown[] {
  const vector = (length: number): number[] => Array.from({ length }, () => random.normal());
  return widths.slice(1).map((width, index) => ({
    W: Array.from({ length: width }, () => vector(widths[index]!)),
    b: vector(width),
  }));
}
