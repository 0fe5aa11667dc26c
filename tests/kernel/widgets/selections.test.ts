// Choosing: the page knows labels and an index, the kernel values of any kind.
import { beforeEach, expect, test } from "vitest";
import {
  Dropdown,
  RadioButtons,
  SelectionRangeSlider,
  SelectMultiple,
  Tab,
  Label,
} from "../../../kernel/notebook.ts";
import { WidgetPage } from "../../support/widget-page.ts";

let page: WidgetPage;
beforeEach(() => {
  page = new WidgetPage();
});

test("values are their own labels, or have labels of their own", () => {
  const sizes: Dropdown<number> = new Dropdown({ options: [8, 16, 32], value: 16 });
  expect(page.opened(sizes.id)).toMatchObject({ _options_labels: ["8", "16", "32"], index: 1 });
  const relu = (x: number): number => Math.max(0, x);
  const activation = new RadioButtons({ options: { relu, tanh: Math.tanh } });
  expect(page.opened(activation.id)).toMatchObject({ _options_labels: ["relu", "tanh"], index: 0 });
  page.change(activation.id, { index: 1 });
  expect(activation.value(0.5)).toBe(Math.tanh(0.5));
  const byMap = new Dropdown({ options: new Map([["one", 1]]) });
  expect(byMap.value).toBe(1);
});

test("a choice in the page is told as the value, and one in the kernel as the index", async () => {
  const kind = new Dropdown({ options: ["a", "b", "c"] as const });
  const seen: string[] = [];
  kind.onChange((value) => seen.push(value));
  const next = kind.next();
  page.change(kind.id, { index: 2 });
  expect(await next).toBe("c");
  kind.value = "b";
  expect(seen).toEqual(["c", "b"]);
  expect(page.updates(kind.id).at(-1)).toMatchObject({ state: { index: 1 } });
});

test("several can be chosen, or a range of an order", () => {
  const several = new SelectMultiple({ options: ["a", "b", "c"], value: ["a", "c"] });
  expect(page.opened(several.id)["index"]).toEqual([0, 2]);
  page.change(several.id, { index: [1] });
  expect(several.value).toEqual(["b"]);
  const range = new SelectionRangeSlider({ options: ["mon", "tue", "wed"], value: ["mon", "tue"] });
  page.change(range.id, { index: [1, 2] });
  expect(range.value).toEqual(["tue", "wed"]);
});

test("new options keep what was chosen, when it is among them", () => {
  const kind = new Dropdown({ options: ["a", "b"], value: "b" });
  kind.setOptions(["b", "c"]);
  expect([kind.value, kind.options]).toEqual(["b", ["b", "c"]]);
  kind.setOptions(["x"]);
  expect(kind.value).toBe("x");
});

test("what cannot be chosen is refused with the way out", () => {
  const kind = new Dropdown({ options: ["a", "b"] });
  expect(() => (kind.value = "z")).toThrow(/must be one of the options, got z.*setOptions/);
  expect(() => new Dropdown({ options: [] })).toThrow(/options must name at least one/);
});

test("every page of a tab has a title, and the first one is open", () => {
  const tab = new Tab([new Label({ value: "1" }), new Label({ value: "2" })], { titles: ["One"] });
  expect(page.opened(tab.id)).toMatchObject({ titles: ["One", ""], selected_index: 0 });
  page.change(tab.id, { selected_index: 1 });
  expect(tab.selectedIndex).toBe(1);
});
