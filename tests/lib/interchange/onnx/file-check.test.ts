// Files that are no ONNX models, and models that are not whole.
import { describe, expect, test } from "vitest";
import { checkOnnxFile } from "../../../../lib/interchange/onnx/file-check.ts";
import { DataError, Generator, Linear, toOnnx } from "../../../../lib/index.ts";

const model = toOnnx(new Linear({ inFeatures: 3, outFeatures: 2, random: new Generator(1) }), {
  inputs: { x: { shape: ["batch", 3] } },
});
const check = (bytes: Uint8Array) => () => checkOnnxFile("digits.onnx", bytes);

test("a whole model passes", () => {
  expect(check(model)).not.toThrow();
});

test("a model that was cut off anywhere in its graph is told so, with how much there is", () => {
  // Before it and behind it, whole fields may be missing, and then ONNX Runtime has to say so.
  const [start, end] = [Buffer.from(model).indexOf("Reshape"), model.length - 6];
  for (let length = start; length < end; length++) {
    const message = `it ends after ${length}. Copy, download`;
    expect(check(model.subarray(0, length)), String(length)).toThrow(message);
  }
});

describe("something else:", () => {
  test.each([
    ["text", Buffer.from("version https://example.org/spec/v1\n")],
    ["JSON", Buffer.from('{"model": 1}')],
    ["a picture", Buffer.from("89504e470d0a1a0a0000000d49484452", "hex")],
    ["an archive, as torch.save writes it", Buffer.from("504b0304000008080000", "hex")],
    ["safetensors", Buffer.from("400000000000000022", "hex")],
    ["zeros", Buffer.alloc(100)],
    ["nothing", Buffer.alloc(0)],
    ["a message without a graph", Buffer.from("0809", "hex")],
  ])("%s", (_what, bytes) => {
    expect(check(bytes)).toThrow(DataError);
    expect(check(bytes)).toThrow(
      "digits.onnx must be an ONNX file, but its bytes are something else. Check the path",
    );
  });
});
