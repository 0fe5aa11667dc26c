// Outputs as HTML: which of several formats is shown, and that pictures keep their words.
import { expect, test } from "vitest";
import { renderOutput } from "../../../nbformat/html/outputs.ts";
import type { MimeBundle } from "../../../nbformat/types.ts";

const show = (data: MimeBundle): string =>
  renderOutput(
    { output_type: "display_data", data, metadata: {} },
    { markdown: (source) => `<md>${source}</md>` },
  );

test("HTML is preferred to text, and cannot run anything", () => {
  expect(show({ "text/html": "<b onclick=x()>1</b><script>x()</script>", "text/plain": "1" })).toBe(
    '<div class="html"><b>1</b></div>',
  );
});

test("a Plotly figure is shown as the static picture beside it, with its words", () => {
  const svg =
    '<svg xmlns="http://www.w3.org/2000/svg" aria-label="loss &lt; 1 after 5 epochs"><script>x()</script></svg>';
  const html = show({
    "application/vnd.plotly.v1+json": { data: [] },
    "text/html": "<div><script>x()</script></div>",
    "image/svg+xml": svg,
    "text/plain": "Figure",
  });
  expect(html).toBe(
    `<img src="data:image/svg+xml;base64,${Buffer.from(svg).toString("base64")}" alt="loss &lt; 1 after 5 epochs">`,
  );
});

test("a bitmap takes its words from the text beside it", () => {
  expect(show({ "image/png": "iVBO\nRw0=\n", "text/plain": 'Image "7"' })).toBe(
    '<img src="data:image/png;base64,iVBORw0=" alt="Image &quot;7&quot;">',
  );
});

test("Markdown, formulas, JSON and text are shown as themselves", () => {
  expect(show({ "text/markdown": "*a*", "text/plain": "a" })).toBe("<md>*a*</md>");
  expect(show({ "text/latex": "x^2" })).toBe("<md>$$x^2$$</md>");
  expect(show({ "application/json": { a: [1] } })).toBe(
    '<pre class="text">{\n  &quot;a&quot;: [\n    1\n  ]\n}</pre>',
  );
  expect(show({ "text/plain": "\u001b[33m1\u001b[39m" })).toBe(
    '<pre class="text"><span class="ansi-fg-3">1</span></pre>',
  );
});

test("formats that a page cannot show are named", () => {
  expect(show({ "application/x-sound": "..." })).toContain("application/x-sound");
});

test("streams and errors are told apart, an error without traceback shows its message", () => {
  const context = { markdown: String };
  expect(renderOutput({ output_type: "stream", name: "stderr", text: "<oh>" }, context)).toBe(
    '<pre class="text stderr">&lt;oh&gt;</pre>',
  );
  expect(
    renderOutput(
      { output_type: "error", ename: "ShapeError", evalue: "bad", traceback: [] },
      context,
    ),
  ).toBe('<pre class="text error">ShapeError: bad</pre>');
});
