// Notebooks written for tslab: every method of its display exists and shows or replaces.
import { expect, test } from "vitest";
import type { MimeBundle } from "../../../kernel/display/mime-bundle.ts";
import { TSLAB_TYPES } from "../../../kernel/display/tslab-types.ts";
import { tslabModule } from "../../../kernel/display/tslab-module.ts";

const PNG = Buffer.from("89504e470d0a1a0a", "hex");

function recorded(): { shown: [string, MimeBundle][]; module: ReturnType<typeof tslabModule> } {
  const shown: [string, MimeBundle][] = [];
  const show = (bundle: MimeBundle): { update(bundle: MimeBundle): void } => {
    shown.push(["show", bundle]);
    return { update: (next) => void shown.push(["update", next]) };
  };
  return { shown, module: tslabModule(show) };
}

test("the display of tslab has its eleven methods", () => {
  const { module, shown } = recorded();
  module.display.html("<b>x</b>");
  module.display.png(PNG);
  module.display.raw("application/x", "raw");
  expect(Object.keys(module.display).sort().join(" ")).toBe(
    "gif html javascript jpeg latex markdown pdf png raw svg text",
  );
  expect(shown.map(([how, bundle]) => [how, Object.keys(bundle)[0]])).toEqual([
    ["show", "text/html"],
    ["show", "image/png"],
    ["show", "application/x"],
  ]);
  expect(module.versions).toMatchObject({ tslab: "1.0.22", node: process.version });
});

test("a display made by newDisplay replaces what it showed", () => {
  const { module, shown } = recorded();
  const display = module.newDisplay();
  display.text("one");
  display.text("two");
  expect(shown).toEqual([
    ["show", { "text/plain": "one" }],
    ["update", { "text/plain": "two" }],
  ]);
});

test("what is not of the kind that a method names is handed on, as tslab does", () => {
  const { module, shown } = recorded();
  module.display.png(Uint8Array.of(1, 2, 3));
  module.display.svg("<b>no drawing</b>");
  expect(shown.map(([, bundle]) => bundle)).toEqual([
    { "image/png": "AQID" },
    { "image/svg+xml": "<b>no drawing</b>" },
  ]);
});

test("its types name the same things", () => {
  const { module } = recorded();
  for (const name of Object.keys(module)) expect(TSLAB_TYPES).toMatch(new RegExp(` ${name}[(:]`));
  for (const name of Object.keys(module.display)) expect(TSLAB_TYPES).toContain(`    ${name}(`);
});
