// One state, shown the same by the kernel and by every page.
// Covers: kernel/widgets/widget-error.ts, kernel/widgets/link.ts
import { beforeEach, expect, test } from "vitest";
import {
  Button,
  Checkbox,
  FloatRangeSlider,
  HBox,
  Image,
  IntSlider,
  Layout,
  link,
  Play,
  Text,
} from "../../../kernel/notebook.ts";
import { WidgetPage } from "../../support/widget-page.ts";

let page: WidgetPage;
beforeEach(() => {
  page = new WidgetPage();
});

const update = (state: object) => ({ method: "update", state, buffer_paths: [] });
const echo = (state: object) => ({ method: "echo_update", state, buffer_paths: [] });

test("values are set by name, several with one message, and only what changes is sent", () => {
  const slider = new IntSlider({ value: 3, max: 10, description: "n" });
  slider.value = 7;
  slider.set({ min: 2, max: 20, description: "n" });
  slider.value = 7;
  expect(page.updates(slider.id)).toEqual([update({ value: 7 }), update({ min: 2, max: 20 })]);
  expect([slider.value, slider.min, slider.max]).toEqual([7, 2, 20]);
});

test("a change in the page is echoed to all pages, then told to the listeners", () => {
  const slider = new IntSlider({ value: 3 });
  const values: number[] = [];
  slider.onChange((value) => values.push(value));
  page.change(slider.id, { value: 5 });
  page.change(slider.id, { value: 5 });
  expect(slider.value).toBe(5);
  expect(values).toEqual([5]);
  expect(page.updates(slider.id)).toEqual([echo({ value: 5 }), echo({ value: 5 })]);
});

test("a value of the page that had to be corrected is sent back", () => {
  const slider = new IntSlider({ value: 3, max: 10 });
  page.change(slider.id, { value: 50 });
  expect(slider.value).toBe(10);
  expect(page.updates(slider.id)).toEqual([echo({ value: 50 }), update({ value: 10 })]);
});

test("a listener that sets another value wins, and the page hears of it", () => {
  const slider = new IntSlider({ value: 3 });
  slider.onChange((value) => {
    if (value % 2 === 1) slider.value = value + 1;
  });
  page.change(slider.id, { value: 5 });
  expect(slider.value).toBe(6);
  expect(page.updates(slider.id).at(-1)).toEqual(update({ value: 6 }));
});

test("numbers keep within their bounds, whole and in order", () => {
  const slider = new IntSlider({ value: 70, max: 50 });
  expect(slider.value).toBe(50);
  slider.value = 7.6;
  expect(slider.value).toBe(8);
  slider.max = 5;
  expect(slider.value).toBe(5);
  const range = new FloatRangeSlider({ value: [-5, 0.5], max: 1 });
  expect(range.value).toEqual([0, 0.5]);
});

test("wrong values say what to pass instead, and change nothing", () => {
  const slider = new IntSlider({ value: 3 });
  expect(() => (slider.value = "4" as never)).toThrow(
    /value must be a number, got '4'. Pass a number/,
  );
  expect(() => slider.set({ min: 200 })).toThrow(
    /min must not be above max, got min 200 and max 100/,
  );
  expect(() => new IntSlider({ valeu: 3 } as object)).toThrow(/one of .*value.*, got "valeu"/);
  expect(() => new FloatRangeSlider({ value: [3, 1] })).toThrow(
    /two numbers \[low, high\], got \[3,1\]/,
  );
  expect([slider.value, slider.min]).toEqual([3, 0]);
  expect(page.updates(slider.id)).toEqual([]);
});

test("layout and style are widgets of their own, shared or made from plain objects", () => {
  const layout = new Layout({ width: "50%", border: "1px solid" });
  const one = new IntSlider({ layout, style: { handleColor: "red" } });
  const other = new Checkbox({ layout });
  expect(page.opened(one.id)["layout"]).toBe(`IPY_MODEL_${layout.id}`);
  expect(page.opened(other.id)["layout"]).toBe(`IPY_MODEL_${layout.id}`);
  expect(page.opened(layout.id)).toMatchObject({ width: "50%", border_left: "1px solid" });
  expect(page.opened(one.style.id)["handle_color"]).toBe("red");
  one.layout.width = "20em";
  one.style.descriptionWidth = "initial";
  expect(page.updates(layout.id)).toEqual([update({ width: "20em" })]);
  expect(page.updates(one.style.id)).toEqual([update({ description_width: "initial" })]);
});

test("a page that is loaded again gets every open widget, bytes too, and one that asks gets its own", () => {
  const image = new Image({ value: new Uint8Array([1, 2, 3]) });
  const slider = new IntSlider({ value: 3 });
  const closed = new IntSlider();
  closed.close();
  page.change(slider.id, { value: 4 });
  const answer = page.reload();
  const {
    method,
    states,
    buffer_paths: paths,
  } = (answer?.data ?? {}) as {
    method: string;
    states: Record<string, { model_name: string; state: Record<string, unknown> }>;
    buffer_paths: unknown[];
  };
  expect(method).toBe("update_states");
  expect(states[slider.id]).toMatchObject({
    model_name: "IntSliderModel",
    model_module: "@jupyter-widgets/controls",
    model_module_version: "2.0.0",
    state: { value: 4 },
  });
  expect(states[closed.id]).toBeUndefined();
  const place = paths.findIndex((path) => (path as string[])[0] === image.id);
  expect(paths[place]).toEqual([image.id, "state", "value"]);
  expect(answer?.buffers[place]).toEqual(new Uint8Array([1, 2, 3]));
  page.send(slider.id, { method: "request_state" });
  expect(page.updates(slider.id).at(-1)).toMatchObject({ method: "update", state: { value: 4 } });
});

test("clicks and the enter key are messages, which code can wait for", async () => {
  const button = new Button({ description: "Run" });
  let clicks = 0;
  const stop = button.onClick((clicked) => {
    clicks += clicked === button ? 1 : 0;
  });
  const clicked = button.next();
  page.send(button.id, { method: "custom", content: { event: "click" } });
  await clicked;
  stop();
  page.send(button.id, { method: "custom", content: { event: "click" } });
  expect(clicks).toBe(1);
  const text = new Text({ value: "a" });
  const submitted: string[] = [];
  text.onSubmit((value) => submitted.push(value));
  page.change(text.id, { value: "b" });
  page.send(text.id, { method: "custom", content: { event: "submit" } });
  expect(submitted).toEqual(["b"]);
});

test("code can wait for the next value, and loop over the values to come", async () => {
  const slider = new IntSlider({ value: 3 });
  const next = slider.next();
  page.change(slider.id, { value: 4 });
  expect(await next).toBe(4);
  const values: number[] = [];
  const loop = (async () => {
    for await (const value of slider) {
      values.push(value);
      if (value === 9) break;
    }
  })();
  for (const value of [5, 6, 9]) {
    page.change(slider.id, { value });
    await new Promise((resolve) => setImmediate(resolve));
  }
  await loop;
  expect(values).toEqual([5, 6, 9]);
});

test("a widget shows itself live, and as text of what differs from its defaults", () => {
  const slider = new IntSlider({ value: 3, max: 10 });
  const show = (slider as unknown as Record<symbol, () => object>)[Symbol.for("Jupyter.display")];
  expect(show?.call(slider)).toEqual({
    "application/vnd.jupyter.widget-view+json": {
      version_major: 2,
      version_minor: 0,
      model_id: slider.id,
    },
    "text/plain": "IntSlider { max: 10, value: 3 }",
  });
  expect(String(new HBox([slider]))).toContain("IntSlider { max: 10, value: 3 }");
});

test("values are linked in the page by the page's own names", () => {
  const play = new Play();
  const slider = new IntSlider();
  const linked = link([play, "showRepeat"], [slider, "continuousUpdate"]);
  expect(page.opened(linked.id)).toMatchObject({
    source: [`IPY_MODEL_${play.id}`, "show_repeat"],
    target: [`IPY_MODEL_${slider.id}`, "continuous_update"],
  });
});

test("custom messages go both ways with bytes", () => {
  const slider = new IntSlider();
  const heard: unknown[] = [];
  slider.onMessage(({ data, buffers }) => heard.push(data, buffers.length));
  page.send(slider.id, { method: "custom", content: { a: 1 } }, [new Uint8Array(1)]);
  slider.send({ b: 2 }, [new Uint8Array(2)]);
  expect(heard).toEqual([{ a: 1 }, 1]);
  expect(page.updates(slider.id)).toEqual([{ method: "custom", content: { b: 2 } }]);
  expect(page.heard.at(-1)?.buffers[0]?.length).toBe(2);
});

test("a closed widget says so when it is changed", () => {
  const slider = new IntSlider();
  slider.close();
  expect(page.heard.at(-1)).toMatchObject({ action: "close", id: slider.id });
  expect(slider.isClosed).toBe(true);
  expect(() => (slider.value = 3)).toThrow(
    /must be open to be changed.*was closed\. Make a new one/,
  );
});

test("a listener that throws does not keep the others from hearing, and is reported", () => {
  const slider = new IntSlider();
  let calls = 0;
  slider.onChange(() => {
    throw new RangeError("no");
  });
  slider.onChange(() => calls++);
  page.change(slider.id, { value: 5 });
  expect(calls).toBe(1);
  expect(page.failures).toEqual([new RangeError("no")]);
});
