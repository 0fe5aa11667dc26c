// Rich output over real sockets: what values are recognised as, and notebooks written for tslab.
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { TestKernel } from "../support/test-kernel.ts";

let kernel: TestKernel;
beforeAll(async () => {
  kernel = await TestKernel.start();
});
afterAll(async () => {
  await kernel.stop();
});

type Run = Awaited<ReturnType<TestKernel["execute"]>>;

const shown = ({ messages }: Run): [string, unknown][] =>
  messages
    .filter(({ header }) => header.msg_type.endsWith("display_data"))
    .map(({ header, content }) => [header.msg_type, content["data"]]);

describe("values that know nothing of notebooks", () => {
  test.each([
    [
      "a Vega-Lite chart",
      '({ $schema: "https://vega.github.io/schema/vega-lite/v5.json", mark: "bar" })',
      "application/vnd.vegalite.v5+json",
    ],
    [
      "a Plotly figure",
      '({ data: [{ y: [1, 2], type: "bar" }], layout: {} })',
      "application/vnd.plotly.v1+json",
    ],
    ["an element", '({ outerHTML: "<p>x</p>" })', "text/html"],
    ["a canvas", '({ async toDataURL() { return "data:image/png;base64,AQID" } })', "image/png"],
    ["a Blob", 'new Blob(["fLaC"], { type: "audio/flac" })', "text/html"],
    ["records", "[{ a: 1 }, { a: 2 }]", "text/html"],
  ])("%s is shown as such, with a text form", async (_title, code, mime) => {
    const { result } = await kernel.execute(code);
    expect(Object.keys(result ?? {}).sort()).toEqual([mime, "text/plain"].sort());
  });

  test("display shows a value as the last line of a cell does", async () => {
    const chart = '{ $schema: "https://vega.github.io/schema/vega/v5.json" }';
    const run = await kernel.execute(`display(${chart}); display.vega(${chart}); 0`);
    expect(new Set(shown(run).map((one) => JSON.stringify(one))).size).toBe(1);
  });

  test("a huge structure is shown quickly and in few bytes", async () => {
    const started = performance.now();
    const { result } = await kernel.execute(
      "const huge: any = { list: new Array(3e6).fill({ a: [1] }), map: new Map(), text: 'x'.repeat(1e7) };\n" +
        "for (let i = 0; i < 2e5; i++) huge.map.set(i, { i }); huge.self = huge; huge",
    );
    expect(JSON.stringify(result).length).toBeLessThan(150_000);
    expect(String(result?.["text/plain"])).toContain("[Circular *1]");
    expect(performance.now() - started).toBeLessThan(10_000);
  });
});

describe("a notebook written for tslab", () => {
  test("shows all kinds through its display, and replaces in place", async () => {
    const run = await kernel.execute(
      "/** @module shapes */\nimport * as tslab from 'tslab';\nimport { display, newDisplay } from 'tslab';\n" +
        "display.html('<b>bold</b>'); tslab.display.markdown('# hi'); display.latex('$$x$$');\n" +
        "display.javascript('1'); display.raw('application/x-own', 'own');\n" +
        "const bar = newDisplay(); for (let i = 1; i <= 3; i++) bar.text(`step ${i}`);",
    );
    expect(run.error).toBeUndefined();
    expect(shown(run)).toEqual([
      ["display_data", { "text/html": "<b>bold</b>", "text/plain": "bold" }],
      ["display_data", { "text/markdown": "# hi", "text/plain": "# hi" }],
      ["display_data", { "text/latex": "$$x$$", "text/plain": "$$x$$" }],
      ["display_data", { "application/javascript": "1", "text/plain": "1" }],
      ["display_data", { "application/x-own": "own" }],
      ["display_data", { "text/plain": "step 1" }],
      ["update_display_data", { "text/plain": "step 2" }],
      ["update_display_data", { "text/plain": "step 3" }],
    ]);
  });

  test("finds the module by require too, and always the same one", async () => {
    const run = await kernel.execute(
      "import { display as shownBy } from 'tslab'; const { versions, display: alsoBy } = require('tslab');\n" +
        "[versions.tslab, shownBy === alsoBy]",
    );
    expect(run.result).toEqual({ "text/plain": "[ '1.0.22', true ]" });
  });
});

describe("progress in a terminal's way", () => {
  test("carriage returns and colours reach the front end as they were written", async () => {
    const code =
      "for (let i = 0; i <= 3; i++) { process.stdout.write(`\\r${i}/3`); await new Promise(r => setTimeout(r, 30)) }\n" +
      "console.log('\\u001b[32mdone\\u001b[0m')";
    const run = await kernel.execute(code);
    expect(run.stdout).toBe("\r0/3\r1/3\r2/3\r3/3\u001B[32mdone\u001B[0m\n");
    expect(
      run.messages.filter(({ header }) => header.msg_type === "stream").length,
    ).toBeGreaterThan(1);
  });
});
