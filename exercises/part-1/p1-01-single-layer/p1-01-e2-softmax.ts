// Exercise p1-01-e2: a softmax that survives large logits.
import type { Generator } from "gradlab";
import { defineExercise, type Exercise } from "gradlab/exercises";

/** Softmax of every row, safe for any finite logits. */
export const exercise: Exercise = defineExercise({
  id: "p1-01-e2",
  title: "Stable softmax",
  section: "000-h11",
  points: 5,
  difficulty: 2,
  minutes: 15,
  functions: ["softmax"],
  visible: [
    {
      kind: "value",
      name: "three scores become 0.769, 0.127 and 0.104",
      points: 1,
      call: "softmax",
      inputs: [[[2.1, 0.3, 0.1]]],
    },
    {
      kind: "property",
      name: "rows sum to one",
      points: 1,
      call: "softmax",
      inputs: [
        [
          [1, 2, 3],
          [0, 0, 4],
        ],
      ],
      property: "rowsSumToOne",
    },
  ],
  hidden: [
    {
      kind: "value",
      name: "logits of a thousand",
      points: 1,
      call: "softmax",
      inputs: (random) => [[[1000, 999 + random.uniform(), 0]]],
    },
    {
      kind: "value",
      name: "one class, and classes that are all equal",
      points: 1,
      call: "softmax",
      inputs: (random) => [equalLogits(random)],
    },
    {
      kind: "value",
      name: "rows that lie far apart",
      points: 1,
      call: "softmax",
      inputs: (random) => [
        [
          [1000, 1000 + random.uniform()],
          [-1000, -1000 - random.uniform()],
        ],
      ],
    },
    {
      kind: "purity",
      name: "the logits stay as they were",
      points: 0,
      call: "softmax",
      inputs: (random) => [[[random.normal(), random.normal(), random.normal()]]],
    },
  ],
  hints: [
    "Exponentials first, then divide each by the sum of its own row.",
    "exp(1000) is Infinity. What may you subtract from every logit of a row without changing the result?",
    "Subtract the largest logit of the row from the whole row before the exponential: each row has its own.",
  ],
  mistakes: [
    {
      wrongAnswer: "no max subtraction",
      message:
        "exp of a large logit overflows to Infinity. Subtract the row's largest logit first.",
      passesVisible: true,
    },
    {
      wrongAnswer: "one global max",
      message: "one maximum for all rows lets the small rows vanish. Each row needs its own.",
      passesVisible: true,
    },
    {
      wrongAnswer: "normalises columns",
      message: "the columns sum to one, not the rows. Divide by the sum of the same row.",
      passesVisible: false,
    },
  ],
});

// Rows of one class, whatever the logit: the only class always gets probability one.
function equalLogits(random: Generator): number[][] {
  const logit = 50 * random.normal();
  const classes = random.integer(1, 6);
  return [
    Array.from({ length: classes }, () => logit),
    Array.from({ length: classes }, () => -logit),
  ];
}
