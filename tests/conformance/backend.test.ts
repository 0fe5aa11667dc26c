// The contract of every backend: the same suite, against naive formulas written in the tests themselves.
// Covers: lib/ops/*.ts, lib/backends/host-array.ts, lib/backends/typescript/*.ts
import { describe } from "vitest";
import type { Backend } from "../../lib/backends/backend.ts";
import { automaticBackend } from "../../lib/backends/automatic.ts";
import { onnxBackend } from "../../lib/backends/onnx/eager.ts";
import { withBackend } from "../../lib/backends/select.ts";
import { typescriptBackend } from "../../lib/backends/typescript/index.ts";
import { TOLERANCE } from "../support/expect-close.ts";
import { elementwiseContract } from "./backend/elementwise.ts";
import { moveContract } from "./backend/moves.ts";
import { productContract } from "./backend/products.ts";
import { reductionContract } from "./backend/reductions.ts";
import type { Subject } from "./backend/subject.ts";
import { windowContract } from "./backend/windows.ts";

const SUBJECTS: [string, Subject][] = [
  ["typescript", subject(typescriptBackend, ["float32", "float64"])],
  // Small work as large: everything that ONNX Runtime takes over goes there.
  [
    "automatic",
    subject(automaticBackend({ multiplyAdds: 0, elements: 0, shared: 0 }), ["float32", "float64"]),
  ],
  // The same on a machine without ONNX Runtime.
  [
    "automatic with WebAssembly",
    subject(
      automaticBackend({ multiplyAdds: 0, elements: 0 }, () => false),
      ["float32", "float64"],
    ),
  ],
  ["onnx", subject(onnxBackend, ["float32"])],
];

function subject(backend: Backend, dtypes: Subject["dtypes"]): Subject {
  return {
    on: (body) => withBackend(backend, body),
    dtypes,
    tolerance: (dtype) => (dtype === "float64" ? TOLERANCE.float64 : TOLERANCE.float32),
  };
}

describe.each(SUBJECTS)("%s backend", (_, each) => {
  describe("elementwise", () => {
    elementwiseContract(each);
  });
  describe("products", () => {
    productContract(each);
  });
  describe("reductions", () => {
    reductionContract(each);
  });
  describe("windows", () => {
    windowContract(each);
  });
  describe("moves", () => {
    moveContract(each);
  });
});
