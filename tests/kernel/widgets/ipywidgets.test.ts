// Every kind of widget opens with the names and values that ipywidgets sends, which is what the page was made for.
// Covers: kernel/widgets/define.ts, kernel/widgets/layout.ts, kernel/widgets/styles.ts, kernel/widgets/control.ts, kernel/widgets/numbers.ts
// Covers: kernel/widgets/ranges.ts, kernel/widgets/texts.ts, kernel/widgets/toggles.ts, kernel/widgets/image.ts, kernel/widgets/boxes.ts, kernel/widgets/registry.ts, kernel/comms/kernel-comms.ts
import { expect, test } from "vitest";
import * as kernel from "../../../kernel/notebook.ts";
import { goldenCases } from "../../support/golden.ts";
import { WidgetPage } from "../../support/widget-page.ts";

type State = Record<string, unknown>;
type Make = new (options: object) => kernel.Widget;

const CHOICES = { options: ["a", "b"] };
const page = new WidgetPage();
const classes = kernel as unknown as Record<string, Make | undefined>;
const made = new Map<string, string>();

function make(name: string): string {
  if (name === "Link") {
    const { IntSlider } = kernel;
    return kernel.link([new IntSlider(), "value"], [new IntSlider(), "value"]).id;
  }
  if (name === "DirectionalLink") {
    const { IntSlider } = kernel;
    return kernel.directionalLink([new IntSlider(), "value"], [new IntSlider(), "value"]).id;
  }
  const isBox = /Box$|^Tab$|^Accordion$|^Stack$/.test(name) && !/^(Checkbox|Combobox)$/.test(name);
  const options = isBox ? [] : "_options_labels" in (states.get(name) ?? {}) ? CHOICES : {};
  const Class = classes[name];
  if (!Class) throw new TypeError(`no class ${name}`);
  return new Class(options).id;
}

/** References to other widgets by the name of their model, as the golden file has them. */
function plain(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== "string" || !value.startsWith("IPY_MODEL_")) return value;
  return `IPY_MODEL:${String(page.opened(value.slice(10))["_model_name"])}`;
}

const states = new Map(goldenCases<State>("widgets"));
const isPart = (name: string): boolean => name.endsWith("Style");

for (const [name, wanted] of states) {
  if (isPart(name)) continue;
  test(`${name} opens with the state of ipywidgets`, () => {
    const id = make(name);
    const state: State = Object.fromEntries(
      Object.entries(page.opened(id)).map(([key, value]) => [key, plain(value)]),
    );
    const bytes = Object.entries(wanted).filter(
      ([, value]) => (value as State | null)?.["bytes"] === 0,
    );
    for (const [key] of bytes) state[key] = { bytes: 0 };
    expect(state).toEqual(wanted);
    const style = page.opened(id)["style"] as string | undefined;
    if (style !== undefined) made.set(name, style.slice(10));
  });
}

test("their styles open with the state of ipywidgets", () => {
  const seen = new Set<string>();
  for (const [, id] of made) {
    const state = page.opened(id);
    const name = String(state["_model_name"]).replace(/Model$/, "");
    seen.add(name);
    expect(state, name).toEqual(states.get(name));
  }
  expect([...seen].toSorted()).toEqual([...states.keys()].filter(isPart).toSorted());
});
