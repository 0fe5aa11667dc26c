// The backends that the contract suites test, and what a suite needs to know about each.
import type { Backend } from "../../../lib/backends/backend.ts";
import { automaticBackend } from "../../../lib/backends/automatic.ts";
import { onnxBackend } from "../../../lib/backends/onnx/eager.ts";
import { withBackend } from "../../../lib/backends/select.ts";
import { typescriptBackend } from "../../../lib/backends/typescript/index.ts";
import type { DType } from "../../../lib/index.ts";
import { TOLERANCE } from "../../support/expect-close.ts";

/** A backend under test. */
export interface Subject {
  /** Runs ops on the backend. */
  readonly on: <Result>(body: () => Result) => Result;
  /** The float types it has. */
  readonly dtypes: readonly ("float32" | "float64")[];
  /** How far one element-by-element result may be from the exact one. */
  readonly tolerance: (dtype: DType) => number;
  /** Every primitive that was called so far, `conv2d`, and every member of a family of them, `unary exp`. */
  readonly called: ReadonlySet<string>;
}

/** Every backend, with every gear of the automatic one. */
export const SUBJECTS: [string, Subject][] = [
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
  const called = new Set<string>();
  const watched = watching(backend, called);
  return {
    on: (body) => withBackend(watched, body),
    dtypes,
    tolerance: (dtype) => (dtype === "float64" ? TOLERANCE.float64 : TOLERANCE.float32),
    called,
  };
}

// The same backend, which notes what is asked of it.
function watching(backend: Backend, called: Set<string>): Backend {
  const watched = Object.entries(backend).map(([name, member]: [string, unknown]) => {
    if (typeof member !== "function") return [name, member];
    const primitive = (...parameters: unknown[]): unknown => {
      const [first] = parameters;
      called.add(name);
      if (typeof first === "string") called.add(`${name} ${first}`);
      return Reflect.apply(member, backend, parameters);
    };
    return [name, primitive];
  });
  return Object.fromEntries(watched) as Backend;
}
