// Choosing the backend: by name, for a while, and across backends.
import { afterEach, expect, test } from "vitest";
import type { Backend } from "../../../lib/backends/backend.ts";
import { onnxBackend } from "../../../lib/backends/onnx/eager.ts";
import { currentBackend, withBackend } from "../../../lib/backends/select.ts";
import { typescriptBackend } from "../../../lib/backends/typescript/index.ts";
import { add, BackendError, tensor, useBackend } from "../../../lib/index.ts";

const brought: string[] = [];
const other: Backend = {
  ...typescriptBackend,
  name: "other",
  adopt: (x, owner) => {
    brought.push(owner.name);
    return typescriptBackend.adopt(x, owner);
  },
};

afterEach(() => useBackend("automatic"));

test("the backend with two gears is the default, and each can be chosen by name", () => {
  expect(currentBackend().name).toBe("automatic");
  useBackend("typescript");
  expect(currentBackend()).toBe(typescriptBackend);
  useBackend("onnx");
  expect(currentBackend()).toBe(onnxBackend);
});

test("an unknown name is answered with the known ones", () => {
  expect(() => useBackend("cuda")).toThrow(BackendError);
  expect(() => useBackend("cuda")).toThrow(
    'got "cuda". Choose one of "automatic", "typescript", "onnx".',
  );
});

test("withBackend goes back to the former backend, even after an error", () => {
  expect(withBackend(other, () => currentBackend().name)).toBe("other");
  expect(() => withBackend(other, () => useBackend("nothing"))).toThrow(BackendError);
  expect(currentBackend().name).toBe("automatic");
});

test("a tensor of another backend is brought over", () => {
  const x = tensor([1, 2]);
  const sum = withBackend(other, () => add(x, x));
  expect(sum.backend).toBe(other);
  expect(brought).toEqual(["automatic", "automatic"]);
  expect(add(sum, x).toArray()).toEqual([3, 6]);
});
