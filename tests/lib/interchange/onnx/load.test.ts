// Opening ONNX files: gradlab's own and PyTorch's, and what is said of files that cannot be opened.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import * as lib from "../../../../lib/index.ts";
import { Graph } from "../../../../lib/backends/onnx/graph.ts";
import { modelFile } from "../../../../lib/backends/onnx/model-file.ts";
import { expectNear, floats } from "../../../support/exported.ts";

const folder = mkdtempSync(join(tmpdir(), "gradlab-load-"));
afterAll(() => rmSync(folder, { recursive: true }));

const golden = (name: string): string =>
  new URL(`../../../golden/interchange/${name}`, import.meta.url).pathname;

interface Example {
  readonly shape: number[];
  readonly data: number[];
}

const example = (name: string): Record<"x" | "logits" | "classes", Example> =>
  JSON.parse(readFileSync(golden(name), "utf8")) as Record<"x" | "logits" | "classes", Example>;

const asTensor = ({ shape, data }: Example, dtype: lib.DType = "float32"): lib.Tensor =>
  lib.cast(lib.fromTypedArray(Float64Array.from(data), shape), dtype);

test("a file that was saved gives what the model gives", async () => {
  const path = join(folder, "digits.onnx");
  const model = new lib.Linear({ inFeatures: 3, outFeatures: 2, random: new lib.Generator(1) });
  await lib.saveOnnx(model, path, { inputs: { x: { shape: ["batch", 3] } }, output: "y" });
  const loaded = await lib.loadOnnx(path);
  expect(loaded.inputs).toEqual({ x: { shape: ["batch", 3], dtype: "float32" } });
  expect(loaded.outputs).toEqual({ y: { shape: ["batch", 2], dtype: "float32" } });
  expectNear(loaded.forward(floats([4, 3])), model.forward(floats([4, 3])));
});

describe("a file of PyTorch", () => {
  test("with words as int64 takes int32, and gives PyTorch's numbers", async () => {
    const { x, logits } = example("torch-words-onnx.json");
    const model = await lib.loadOnnx(golden("torch-words.onnx"));
    expect(model.inputs).toEqual({ x: { shape: ["batch", "sequence"], dtype: "int32" } });
    expectNear(model.forward(asTensor(x, "int32")), asTensor(logits));
  });

  test("with two outputs gives both by name, classes as int32", async () => {
    const { x, logits, classes } = example("torch-images-onnx.json");
    const model = await lib.loadOnnx(golden("torch-images.onnx"));
    const outputs = model.run({ x: asTensor(x) });
    expectNear(outputs["logits"]!, asTensor(logits));
    expect(outputs["classes"]!.dtype).toBe("int32");
    expect(outputs["classes"]!.toArray()).toEqual(classes.data);
  });
});

describe("is refused:", () => {
  const own = lib.toOnnx(new lib.Tanh(), { inputs: { x: { shape: ["batch", 3] } } });
  const written = (name: string, bytes: Uint8Array): string => {
    const path = join(folder, name);
    writeFileSync(path, bytes);
    return path;
  };
  const expectRefused = async (
    path: string,
    kind: new (message: string) => Error,
    message: string,
  ): Promise<void> => {
    await expect(lib.loadOnnx(path)).rejects.toThrow(kind);
    await expect(lib.loadOnnx(path)).rejects.toThrow(message);
  };

  test("a missing file", async () => {
    const path = join(folder, "missing.onnx");
    await expectRefused(path, lib.DataError, `loadOnnx: expected to read ${path}`);
  });

  test("a folder, and what is no path", async () => {
    await expectRefused(folder, lib.ArgumentError, `expects a file, got the folder ${folder}`);
    const bytes = own as unknown as string;
    await expectRefused(bytes, lib.ArgumentError, "for bytes, fromOnnx(bytes)");
  });

  test("a file that is something else, or was cut off", async () => {
    const text = written("text.onnx", Buffer.from("a story"));
    await expectRefused(text, lib.DataError, `${text} must be an ONNX file`);
    const cut = written("cut.onnx", own.subarray(0, 60));
    await expectRefused(cut, lib.DataError, "it ends after 60. Copy, download");
    await expectRefused(written("empty.onnx", Buffer.alloc(0)), lib.DataError, "must be an ONNX");
  });

  test("a file that is damaged inside", async () => {
    const damaged = Uint8Array.from(own);
    damaged.fill(255, 40, 60);
    const path = written("damaged.onnx", damaged);
    await expectRefused(path, lib.BackendError, "damaged.onnx must be a model that ONNX Runtime");
  });

  test("an operator that nobody knows, by its name", async () => {
    const graph = new Graph();
    const x = graph.input("x", { shape: [3], dtype: "float32" });
    graph.output(graph.node("Wobble", [x], x), "y");
    const path = written("wobble.onnx", modelFile(graph));
    await expectRefused(path, lib.BackendError, "wobble.onnx must be a model that ONNX Runtime");
    await expectRefused(path, lib.BackendError, "No Op registered for Wobble");
    await expectRefused(path, lib.BackendError, "Export it again with operators of ONNX alone");
    expect(() => lib.fromOnnx(modelFile(graph))).toThrow("No Op registered for Wobble");
  });

  test("an operator set that is newer than ONNX Runtime", async () => {
    const newer = Uint8Array.from(own);
    newer[newer.length - 1] = 120;
    const path = written("newer.onnx", newer);
    await expectRefused(path, lib.BackendError, "Opset 120 is under development");
    await expectRefused(
      path,
      lib.BackendError,
      "the operator set that is named here or an earlier",
    );
  });

  test("a model whose inputs tensors cannot be", () => {
    const graph = new Graph();
    const x = graph.input("x", { shape: [3], dtype: "uint8" });
    graph.output(graph.node("Identity", [x], x), "y");
    expect(() => lib.fromOnnx(modelFile(graph))).toThrow(lib.DTypeError);
    expect(() => lib.fromOnnx(modelFile(graph))).toThrow("input x of the model must be float32");
  });

  test("bytes that are no bytes", () => {
    expect(() => lib.fromOnnx("digits.onnx" as unknown as Uint8Array)).toThrow(
      'expects the bytes of a file as a Uint8Array, got "digits.onnx". For a path use await loadOnnx',
    );
  });
});
