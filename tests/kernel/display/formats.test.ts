// The builders behind display.html and its siblings: formats, plain text, and refused arguments.
import { describe, expect, test } from "vitest";
import { displayFormats } from "../../../kernel/display/formats.ts";
import { DisplayError } from "../../../kernel/display/mime-bundle.ts";

const GIF = "R0lGODlhAQABAAAAACH5BAEKAAEALAAAAAABAAEAAAICTAEAOw==";
const PNG =
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";

test.each([
  ["html", "<p>a &lt; b</p><script>x</script><p>c</p>", "text/html", "a < b\nc"],
  ["markdown", "# hi", "text/markdown", "# hi"],
  ["javascript", "1", "application/javascript", "1"],
] as const)("display.%s keeps its source and has a text", (method, source, mime, plain) => {
  expect(displayFormats[method](source)).toEqual({ [mime]: source, "text/plain": plain });
});

test("display.svg takes text or bytes", () => {
  const drawing = '<svg xmlns="http://www.w3.org/2000/svg"/>';
  const expected = { "image/svg+xml": drawing, "text/plain": "SVG image, 41 bytes" };
  expect(displayFormats.svg(drawing)).toEqual(expected);
  expect(displayFormats.svg(Buffer.from(drawing))).toEqual(expected);
});

test("display.latex adds delimiters only where there are none", () => {
  expect(displayFormats.latex("x^2")["text/latex"]).toBe("$$x^2$$");
  for (const formula of ["$x$", "\\(x\\)", "\\begin{align}x\\end{align}"]) {
    expect(displayFormats.latex(formula)["text/latex"]).toBe(formula);
  }
});

test("pictures come as bytes or as base64 text", () => {
  expect(displayFormats.png(PNG)["image/png"]).toBe(PNG);
  expect(displayFormats.png(Buffer.from(PNG, "base64"))["image/png"]).toBe(PNG);
  expect(displayFormats.gif(GIF)["image/gif"]).toBe(GIF);
  const jpeg = Uint8Array.of(0xff, 0xd8, 0xff, 0xe0);
  expect(displayFormats.jpeg(jpeg)).toMatchObject({ "image/jpeg": "/9j/4A==" });
  expect(displayFormats.pdf(Buffer.from("%PDF-1.7"))["text/plain"]).toBe("PDF document, 8 bytes");
});

test("display.json and display.plotly carry plain data", () => {
  expect(displayFormats.json({ a: Float32Array.of(1) })).toMatchObject({
    "application/json": { a: [1] },
  });
  expect(displayFormats.json(null)["application/json"]).toBeNull();
  const figure = { data: [{ y: Float64Array.of(1, 2) }], layout: {} };
  expect(displayFormats.plotly(figure)).toEqual({
    "application/vnd.plotly.v1+json": { data: [{ y: [1, 2] }], layout: {} },
    "text/plain": "Plotly figure, 1 trace",
  });
});

describe("a wrong argument is refused with the fix", () => {
  test.each([
    [
      "html",
      () => displayFormats.html(5 as never),
      /display\.html: .*got a number.*String\(value\)/,
    ],
    ["svg", () => displayFormats.svg("<b>"), /display\.svg: .*<svg/],
    ["png of a GIF", () => displayFormats.png(GIF), /display\.png: .*got GIF bytes.*own format/],
    ["png of a path", () => displayFormats.png("a.png"), /readFileSync/],
    ["vega", () => displayFormats.vega({ mark: "bar" }), /display\.vega: .*\$schema/],
    ["plotly", () => displayFormats.plotly([]), /display\.plotly: .*got an array/],
  ])("%s", (_title, call, message) => {
    expect(call).toThrow(DisplayError);
    expect(call).toThrow(message);
  });
});
