// Values that know nothing of notebooks and are still shown as what they are: charts, elements, canvases, frames, media.
// Covers: kernel/display/{chart-specs,established-methods,data-frame,table-text,audio-bytes,image-bytes}.ts
import { describe, expect, test } from "vitest";
import type { MimeBundle } from "../../../kernel/display/mime-bundle.ts";
import { toMimeBundle } from "../../../kernel/display/to-mime-bundle.ts";

const bundleOf = async (value: unknown): Promise<MimeBundle> => (await toMimeBundle(value))!;

describe("charts as plain data", () => {
  const schema = (name: string): string => `https://vega.github.io/schema/${name}.json`;
  test.each([
    [schema("vega-lite/v5"), "application/vnd.vegalite.v5+json", "Vega-Lite chart, bar"],
    [schema("vega-lite/v6.1"), "application/vnd.vegalite.v5+json", "Vega-Lite chart, bar"],
    [schema("vega-lite/v4.8.1"), "application/vnd.vegalite.v4+json", "Vega-Lite chart, bar"],
    [schema("vega/v5"), "application/vnd.vega.v5+json", "Vega chart, bar"],
  ])("a specification with the schema %s", async ($schema, mime, plain) => {
    const chart = { $schema, mark: { type: "bar" }, data: { values: [{ a: 1n }] } };
    expect(await bundleOf(chart)).toEqual({
      [mime]: { $schema, mark: { type: "bar" }, data: { values: [{ a: 1 }] } },
      "text/plain": plain,
    });
  });

  test("builders that make their specification on demand", async () => {
    const chart = { toSpec: () => ({ $schema: schema("vega-lite/v5"), title: "Loss" }) };
    expect((await bundleOf(chart))["text/plain"]).toBe("Vega-Lite chart, Loss");
  });

  test("a Plotly figure, but not every object that has data and layout", async () => {
    const figure = { data: [{ y: Float32Array.of(1, 2) }], layout: {} };
    expect(await bundleOf(figure)).toEqual({
      "application/vnd.plotly.v1+json": { data: [{ y: [1, 2] }], layout: {} },
      "text/plain": "Plotly figure, 1 trace",
    });
    for (const other of [
      { data: [1, 2], layout: {} },
      { data: [{ y: [1] }] },
      { $schema: "https://json-schema.org/draft/2020-12/schema" },
    ]) {
      expect(Object.keys(await bundleOf(other))).toEqual(["text/plain"]);
    }
  });
});

describe("values with methods that other programs know", () => {
  class Canvas {
    toDataURL(): string {
      return "data:image/png;base64,AQID";
    }
  }
  class SlowCanvas {
    async toDataURL(): Promise<string> {
      return "data:image/webp;base64,AQID";
    }
  }
  class NativeCanvas {
    getContext(): void {}
    toBuffer(mime: string): Buffer {
      return Buffer.from(mime === "image/png" ? [1, 2, 3] : []);
    }
  }
  const svg = '<svg xmlns="http://www.w3.org/2000/svg"><g/></svg>';
  test.each([
    ["toHTML", { toHTML: () => "<i>r</i>" }, { "text/html": "<i>r</i>" }],
    ["toSVG", { toSVG: () => svg }, { "image/svg+xml": svg, "text/plain": "SVG image" }],
    [
      "an element",
      { outerHTML: "<p>x</p>" },
      { "text/html": "<p>x</p>", "text/plain": "<p>x</p>" },
    ],
    ["a drawing without name space", { outerHTML: "<svg><g/></svg>" }, { "image/svg+xml": svg }],
    ["a canvas", new Canvas(), { "image/png": "AQID" }],
    ["a canvas that needs time", new SlowCanvas(), { "image/webp": "AQID" }],
    ["a canvas without a page", new NativeCanvas(), { "image/png": "AQID" }],
  ])("%s", async (_title, value, expected) => {
    const bundle = await bundleOf(value);
    expect(bundle).toMatchObject(expected);
    expect(bundle["text/plain"]).toEqual(expect.any(String));
  });

  test("a method that throws, rejects or gives nonsense is passed over", async () => {
    const fail = (): never => {
      throw new Error("boom");
    };
    for (const value of [
      { toHTML: fail },
      { toDataURL: async () => fail() },
      { toHTML: () => 5 },
      { outerHTML: 1 },
      { toDataURL: () => "no" },
    ]) {
      expect((await bundleOf(value))["text/plain"]).toMatch(/^\{/);
    }
  });

  test("a proxy that answers to every name is not asked", async () => {
    const remote = new Proxy({}, { get: () => () => "<b>called</b>" });
    expect(await bundleOf(remote)).not.toHaveProperty("text/html");
  });
});

describe("data frames", () => {
  const rows = Array.from({ length: 30 }, (_, i) => ({ n: i, name: `row ${i}` }));
  class PolarsLike {
    readonly height = 30;
    readonly #count: number;
    constructor(count = 30) {
      this.#count = count;
    }
    head(count: number): PolarsLike {
      return new PolarsLike(Math.min(count, 25));
    }
    toRecords(): object[] {
      return rows.slice(0, this.#count);
    }
  }
  const arqueroLike = {
    columnNames: () => ["n", "name"],
    numRows: () => 30,
    objects: ({ limit }: { limit: number }) => rows.slice(0, Math.min(limit, 25)),
  };
  const danfoLike = {
    columns: ["n", "name"],
    shape: [30, 2],
    values: rows.slice(0, 25).map(({ n, name }) => [n, name]),
  };
  test.each([
    ["polars", new PolarsLike()],
    ["arquero", arqueroLike],
    ["danfo", danfoLike],
  ])("of the kind of %s are tables with a text form", async (_title, frame) => {
    const bundle = await bundleOf(frame);
    expect(bundle["text/html"]).toContain("first 25 of 30 rows");
    const lines = String(bundle["text/plain"]).split("\n");
    expect(lines.slice(0, 2)).toEqual(["     n  name", " 0   0  row 0"]);
    expect(lines.at(-1)).toBe("... 10 more rows");
  });
});

describe("bytes of files", () => {
  const latin = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text, "latin1"));
  const bitmap = new Uint8Array(62);
  bitmap.set(latin("BM\x3E\0\0\0\0\0\0\0\x3E\0\0\0\x28\0\0\0"));
  test.each([
    ["BMP", bitmap, { "image/bmp": expect.any(String), "text/plain": "BMP image, 62 bytes" }],
    ["WebP", latin("RIFF\0\0\0\0WEBPVP8 "), { "image/webp": "UklGRgAAAABXRUJQVlA4IA==" }],
    ["SVG", latin('<?xml version="1.0"?>\n<svg></svg>'), { "text/plain": "SVG image, 33 bytes" }],
    ["WAV", latin("RIFF\0\0\0\0WAVEfmt "), { "text/plain": "WAV audio, 16 bytes" }],
    [
      "MP3",
      latin("ID3\x03"),
      { "text/html": '<audio controls src="data:audio/mpeg;base64,SUQzAw=="></audio>' },
    ],
    ["an ArrayBuffer", latin("fLaC").buffer, { "text/plain": "FLAC audio, 4 bytes" }],
    [
      "a Blob",
      new Blob([latin("OggS")], { type: "audio/ogg" }),
      { "text/plain": "Ogg audio, 4 bytes" },
    ],
  ])("%s", async (_title, bytes, expected) => {
    expect(await bundleOf(bytes)).toMatchObject(expected);
  });

  test("other bytes stay bytes", async () => {
    for (const bytes of [latin("BMW"), latin("RIFF\0\0\0\0AVI "), new ArrayBuffer(4)]) {
      expect(Object.keys(await bundleOf(bytes))).toEqual(["text/plain"]);
    }
  });
});
