// The figure of a training: which panels and curves it has.
import { expect, test } from "vitest";
import { ThinnedCurve } from "../../../lib/training/thinned-curve.ts";
import { trainingFigure } from "../../../lib/training/training-figure.ts";

const look = { title: "Training", end: 2, isOver: false };

function curve(values: readonly number[]): ThinnedCurve {
  const made = new ThinnedCurve();
  for (const [index, value] of values.entries()) made.add(index + 1, value);
  return made;
}

test("loss alone when the targets are no classes", () => {
  const figure = trainingFigure({ loss: curve([2, 1]), accuracy: curve([]), epochs: [] }, look);
  expect(figure?.description.panels.map(({ yaxis }) => yaxis.label)).toEqual(["loss"]);
});

test("validation joins after the first epoch, at whole epochs", () => {
  const epochs = [{ loss: 1, validationLoss: 1.5, validationAccuracy: 0.5, seconds: 1 }];
  const figure = trainingFigure({ loss: curve([2, 1]), accuracy: curve([40, 60]), epochs }, look);
  const [loss, accuracy] = figure?.description.panels ?? [];
  expect(loss?.data.map(({ name }) => name)).toEqual(["train", "validation"]);
  expect(loss?.data[1]).toMatchObject({ x: [1], y: [1.5] });
  expect(accuracy?.data[1]).toMatchObject({ x: [1], y: [50] });
});

test("the heading has the mean of the last points, and of the whole last epoch when all is over", () => {
  const curves = { loss: curve([2, 1]), accuracy: curve([]), epochs: [{ loss: 1.25, seconds: 1 }] };
  const heading = (isOver: boolean): string | undefined =>
    trainingFigure(curves, { ...look, isOver })?.description.panels[0]?.heading;
  expect([heading(false), heading(true)]).toEqual(["train 1.5000", "train 1.2500"]);
});

test("who hears the figure hears the headline, without the squares of its bar", () => {
  const curves = { loss: curve([2, 1]), accuracy: curve([]), epochs: [] };
  const title = "Epoch 1 of 2 ▰▰▱ 55 %, 3 s left";
  const alt = trainingFigure(curves, { ...look, title })?.alt;
  expect(alt).toMatch(
    /^Epoch 1 of 2 55 %, 3 s left\. train 1\.5000: Line chart: loss against epoch/,
  );
});

test("the x axis shows the whole plan from the start", () => {
  const figure = trainingFigure({ loss: curve([2]), accuracy: curve([]), epochs: [] }, look);
  expect(figure?.description.panels[0]?.xaxis.range).toEqual([0, 2]);
});

test("there is no figure while nothing is finite", () => {
  const nothing = { loss: curve([Number.NaN]), accuracy: curve([]), epochs: [] };
  expect(trainingFigure(nothing, look)).toBeUndefined();
});
