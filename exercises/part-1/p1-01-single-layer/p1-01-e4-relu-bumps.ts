// Exercise p1-01-e4: a hidden layer of ReLU units, built without training, that goes through given points.
import type { Generator } from "gradlab";
import { defineExercise, type Exercise } from "gradlab/exercises";

const SINE_KNOTS = Array.from({ length: 9 }, (_, k) => (k * Math.PI) / 4);
const MIDPOINTS = SINE_KNOTS.slice(1).map((knot) => knot - Math.PI / 8);

/** A network that interpolates: one hinge per bend. */
export const exercise: Exercise = defineExercise({
  id: "p1-01-e4",
  title: "ReLU bump builder",
  section: "000-h14",
  points: 8,
  difficulty: 3,
  minutes: 30,
  functions: ["buildBumps"],
  visible: [
    {
      kind: "value",
      name: "the network goes through nine points of the sine",
      points: 2,
      call: "buildBumps",
      inputs: [SINE_KNOTS, SINE_KNOTS.map(Math.sin)],
      view: { name: "networkAt", points: SINE_KNOTS },
      expected: SINE_KNOTS.map(Math.sin),
    },
    {
      kind: "value",
      name: "between the points it stays within 0.08 of the sine",
      points: 1,
      call: "buildBumps",
      inputs: [SINE_KNOTS, SINE_KNOTS.map(Math.sin)],
      view: { name: "networkAt", points: MIDPOINTS },
      expected: MIDPOINTS.map(Math.sin),
      tolerance: { absolute: 0.08, relative: 0 },
    },
  ],
  hidden: [
    {
      kind: "value",
      name: "knots that lie unevenly",
      points: 2,
      call: "buildBumps",
      inputs: (random) => unevenPoints(random),
      view: { name: "networkAt", points: [-2, -1.5, -1, -0.25, 0, 0.25, 1.5, 2, 3] },
    },
    {
      kind: "value",
      name: "values that fall",
      points: 1,
      call: "buildBumps",
      inputs: (random) => [[0, 1, 2, 3], [0, 1, 2, 3].map((k) => -k * (1 + random.uniform()))],
      view: { name: "networkAt", points: [0, 0.5, 1, 1.5, 2, 2.5, 3] },
    },
    {
      kind: "value",
      name: "no more units than knots",
      points: 1,
      call: "buildBumps",
      inputs: (random) => unevenPoints(random),
      view: { name: "hasAtMostUnits", units: 6 },
      expected: true,
    },
    {
      kind: "value",
      name: "the left end is exact",
      points: 1,
      call: "buildBumps",
      inputs: (random) => [
        [1, 2, 4],
        [5 + random.uniform(), 6, 3],
      ],
      view: { name: "networkAt", points: [1] },
    },
  ],
  hints: [
    "At the first knot the network has to give the first value: the output bias can do that alone.",
    "A ReLU unit max(0, x - knot) is flat before its knot and rises with slope 1 after it. Which slope is needed on each piece?",
    "The output weight of the unit at knot k is the change of slope there: the slope of the piece after it less the slope of the piece before it (0 before the first).",
  ],
  mistakes: [
    {
      wrongAnswer: "slopes instead of slope changes",
      message:
        "the slopes add up from piece to piece. Each unit should add only the change of slope at its knot.",
      passesVisible: false,
    },
    {
      wrongAnswer: "start value forgotten",
      message: "the network starts at 0. The output bias has to be the first value.",
      passesVisible: true,
    },
    {
      wrongAnswer: "wrong sign of the hinge",
      message:
        "the units are on before their knot and off after it. The hinge is max(0, x - knot).",
      passesVisible: false,
    },
  ],
});

function unevenPoints(random: Generator): unknown[] {
  const knots = [-2, -1, -0.5 + 0.3 * random.uniform(), 0, 1 + random.uniform(), 3];
  return [knots, knots.map(() => 2 * random.normal() + 3)];
}
