// State of widgets as it travels.
import { expect, test } from "vitest";
import {
  fromWire,
  putBuffers,
  separateBuffers,
  toWire,
  wireName,
  type Referable,
} from "../../../kernel/widgets/wire-format.ts";

const widget = { id: "w1" };
const isWidget = (value: object): value is Referable => value === widget;

test("names have underscores", () => {
  expect(["value", "continuousUpdate", "_domClasses", "gridTemplateColumns"].map(wireName)).toEqual(
    ["value", "continuous_update", "_dom_classes", "grid_template_columns"],
  );
});

test("widgets travel as references, also in lists, and come back as widgets", () => {
  const wire = toWire({ one: widget, list: [widget, "value"], other: { text: "x" } }, isWidget);
  expect(wire).toEqual({
    one: "IPY_MODEL_w1",
    list: ["IPY_MODEL_w1", "value"],
    other: { text: "x" },
  });
  const find = (id: string): Referable | undefined => (id === "w1" ? widget : undefined);
  expect(fromWire(["IPY_MODEL_w1", "IPY_MODEL_gone", 1], find)).toEqual([
    widget,
    "IPY_MODEL_gone",
    1,
  ]);
});

test("bytes travel beside the data: they leave objects, and leave their place in lists", () => {
  const floats = new Float32Array([1, 2]).subarray(1);
  const state = { image: new Uint8Array([1]), deep: { list: ["a", floats] }, kept: 0 };
  const separated = separateBuffers(state);
  expect(separated.state).toEqual({ deep: { list: ["a", null] }, kept: 0 });
  expect(separated.bufferPaths).toEqual([["image"], ["deep", "list", 1]]);
  expect(separated.buffers.map(({ length }) => length)).toEqual([1, 4]);
  putBuffers(separated.state, separated.bufferPaths, separated.buffers);
  expect(separated.state["image"]).toEqual(new Uint8Array([1]));
  expect(separated.state).toMatchObject({
    deep: { list: ["a", new Uint8Array(floats.buffer, 4)] },
  });
});
