// A function with a control for each argument, and the place for its output.
// Covers: kernel/widgets/abbreviations.ts, kernel/widgets/output.ts
import { beforeEach, expect, expectTypeOf, test } from "vitest";
import {
  Dropdown,
  fixed,
  FloatLogSlider,
  interact,
  Output,
  type Interaction,
} from "../../../kernel/notebook.ts";
import { WidgetPage } from "../../support/widget-page.ts";

let page: WidgetPage;
beforeEach(() => {
  page = new WidgetPage();
});

const id = (panel: Interaction, name: string): string => panel.controls[name]?.id ?? "";
const shown = (panel: Interaction): string[] =>
  panel.output.outputs.map((output) =>
    output["output_type"] === "error"
      ? String(output["evalue"])
      : String((output["data"] as Record<string, unknown>)["text/plain"]),
  );

test("each argument gets the control that its abbreviation stands for, and its type", () => {
  const panel = interact(
    (values) => {
      expectTypeOf(values).toEqualTypeOf<{
        rate: number;
        epochs: number;
        name: string;
        on: boolean;
        kind: "a" | "b";
        layers: 1 | 8;
        seed: 7;
        decay: number;
        depth: number;
      }>();
      return Object.values(values).join(" ");
    },
    {
      rate: [0, 1, 0.1],
      epochs: 10,
      name: "x",
      on: true,
      kind: ["a", "b"],
      layers: { shallow: 1, deep: 8 },
      seed: fixed(7),
      decay: new FloatLogSlider({ value: 10 }),
      depth: [1, 5],
    },
  );
  expect(shown(panel)).toEqual(["0.5 10 x true a 1 7 10 3"]);
  const names = Object.values(panel.controls).map(
    (control) => page.opened(control.id)["_model_name"],
  );
  expect(names).toEqual(
    "FloatSlider IntSlider Text Checkbox Dropdown Dropdown FloatLogSlider IntSlider"
      .split(" ")
      .map((name) => `${name}Model`),
  );
  expect(page.opened(id(panel, "epochs"))).toMatchObject({
    min: -10,
    max: 30,
    description: "epochs",
  });
});

test("the function runs again when a control changes, and its value replaces the old one", () => {
  const panel = interact(({ n }) => n * n, { n: [0, 10] });
  page.change(id(panel, "n"), { value: 7 });
  expect(shown(panel)).toEqual(["49"]);
});

test("an error of the function is shown in its output, and the next run replaces it", () => {
  const panel = interact(
    ({ n }) => {
      if (n > 5) throw new RangeError("too large");
      return n;
    },
    { n: [0, 10] },
  );
  page.change(id(panel, "n"), { value: 7 });
  expect(shown(panel)).toEqual(["too large"]);
  page.change(id(panel, "n"), { value: 2 });
  expect(shown(panel)).toEqual(["2"]);
  expect(page.failures).toEqual([]);
});

test("of asynchronous runs only the latest is shown, and the others are told to stop", async () => {
  const runs: { finish: () => void; signal: AbortSignal }[] = [];
  const panel = interact(
    async ({ n }, { signal }) => {
      await new Promise<void>((resolve) => runs.push({ finish: resolve, signal }));
      return n;
    },
    { n: [0, 10] },
  );
  page.change(id(panel, "n"), { value: 7 });
  runs[1]?.finish();
  await expect.poll(() => shown(panel)).toEqual(["7"]);
  runs[0]?.finish();
  await new Promise((resolve) => setImmediate(resolve));
  expect(shown(panel)).toEqual(["7"]);
  expect(runs.map(({ signal }) => signal.aborted)).toEqual([true, false]);
});

test("with a button it runs at a click only", () => {
  const panel = interact(({ n }) => n, { n: [0, 10] }, { button: "Run" });
  page.change(id(panel, "n"), { value: 7 });
  expect(shown(panel)).toEqual([]);
  const button = panel.children.find((child) => page.opened(child.id)["description"] === "Run");
  page.send(button?.id ?? "", { method: "custom", content: { event: "click" } });
  expect(shown(panel)).toEqual(["7"]);
});

test("what stands for no control is refused with what would", () => {
  expect(() => interact(() => 1, { when: new Date(0) as never })).toThrow(
    /when must be a number.*got 1970.*fixed\(value\)/,
  );
});

test("a range of fine steps reads with as many digits", () => {
  const panel = interact(({ rate }) => rate, { rate: [0, 0.01, 0.0005] });
  expect(page.opened(id(panel, "rate"))).toMatchObject({ readout_format: ".4f", step: 0.0005 });
  expect(shown(panel)).toEqual(["0.005"]);
  expect(shown(interact(({ rate }) => rate, { rate: [0, 0.7, 0.1] }))).toEqual(["0.3"]);
});

test("an output collects what code puts out, text of a stream together", async () => {
  const output = new Output();
  output.run(() => {
    page.emit({ type: "stream", name: "stdout", text: "a\n" });
    page.emit({ type: "stream", name: "stdout", text: "b\n" });
  });
  expect(output.outputs).toEqual([{ output_type: "stream", name: "stdout", text: "a\nb\n" }]);
  page.emit({ type: "stream", name: "stderr", text: "late" });
  await expect.poll(() => output.outputs.length).toBe(2);
  output.clear();
  expect(output.outputs).toEqual([]);
});

test("a control that was made before goes into a panel as it is", () => {
  const kind = new Dropdown({ options: ["a", "b"] });
  const panel = interact(({ kind: chosen }) => chosen, { kind });
  expect(panel.controls["kind"]).toBe(kind);
  kind.value = "b";
  expect(shown(panel)).toEqual(["b"]);
});
