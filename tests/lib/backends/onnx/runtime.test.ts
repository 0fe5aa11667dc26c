// A machine without ONNX Runtime: who needs it says so, with a way that works there.
import { expect, test, vi } from "vitest";
import * as lib from "../../../../lib/index.ts";

vi.mock("node:module", () => ({
  createRequire: () => ({
    resolve() {
      throw new TypeError("Cannot find module 'onnxruntime-node'\nRequire stack: nothing");
    },
  }),
}));

const REASON = "did not: Cannot find module 'onnxruntime-node'. Run \"npx gradlab doctor\"";

function training() {
  const model = new lib.Linear({ inFeatures: 2, outFeatures: 2, random: new lib.Generator(1) });
  return { model, optimizer: new lib.Adam(model.parameters()) };
}

test("the backend points to the readable one", () => {
  expect(() => lib.useBackend("onnx")).toThrow(lib.BackendError);
  expect(() => lib.useBackend("onnx")).toThrow(
    `onnx: ONNX Runtime must load on this machine, but ${REASON}`,
  );
  expect(() => lib.useBackend("onnx")).toThrow('or go on with useBackend("typescript")');
});

test("compile points to the step itself, and to fit without it", () => {
  const make = (): unknown => lib.compile(({ inputs }) => ({ inputs: inputs! }), training());
  expect(make).toThrow(`compile: ONNX Runtime must load on this machine, but ${REASON}`);
  expect(make).toThrow("call the step itself, or fit without compiled: true");
});

test("fit trains without it, and compiled: true tells what to leave out", async () => {
  const { model, optimizer } = training();
  const train = new lib.Dataset(lib.ones([4, 2]), lib.zeros([4], { dtype: "int32" }));
  const loss = new lib.CrossEntropyLoss();
  const options = { train, loss, optimizer, epochs: 1, batchSize: 2, progress: false } as const;
  const random = new lib.Generator(1);
  await expect(lib.fit(model, { ...options, random, compiled: true })).rejects.toThrow(
    "fit without compiled: true",
  );
  expect((await lib.fit(model, { ...options, random })).epochs.length).toBe(1);
});
