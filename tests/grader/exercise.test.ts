// A definition that contradicts itself is refused, with everything that is wrong.
import { describe, expect, test } from "vitest";
import { defineExercise, type Exercise } from "../../grader/exercise.ts";

const RIGHT: Exercise = {
  id: "p1-01-e9",
  title: "Nine",
  section: "000-h06",
  points: 2,
  difficulty: 1,
  minutes: 5,
  functions: ["nine"],
  visible: [{ kind: "value", name: "is nine", points: 1, call: "nine", inputs: [], expected: 9 }],
  hidden: [
    { kind: "value", name: "is still nine", points: 1, call: "nine", inputs: [], expected: 9 },
  ],
  hints: ["It is nine."],
  mistakes: [],
};

describe("defining an exercise", () => {
  test("one that agrees with itself is returned", () => {
    expect(defineExercise(RIGHT)).toBe(RIGHT);
  });

  test.each<[Partial<Exercise>, RegExp]>([
    [{ points: 5 }, /worth 2 points, the exercise says 5/],
    [{ id: "nine" }, /the id "nine" is not like p1-01-e2/],
    [{ hints: [] }, /no hints/],
    [{ functions: ["ten"] }, /calls nine, which is not handed in/],
    [{ hidden: RIGHT.visible }, /two checks are called "is nine"/],
    [
      { hidden: [{ kind: "purity", name: "pure", points: 1, call: "nine", inputs: [] }] },
      /only be watched and must be worth 0/,
    ],
    [{ visible: [{ ...RIGHT.visible[0]!, points: 0.5 }] }, /0\.5 points, not a whole number/],
  ])("%o is refused", (change, message) => {
    expect(() => defineExercise({ ...RIGHT, ...change })).toThrow(message);
  });
});
