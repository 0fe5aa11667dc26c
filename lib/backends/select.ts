// Which backend runs the next op; with automatic.ts the only place that knows all of them.
import { BackendError } from "../errors.ts";
import type { Backend } from "./backend.ts";
import { automaticBackend } from "./automatic.ts";
import { onnxBackend } from "./onnx/eager.ts";
import { requireOnnxRuntime } from "./onnx/runtime.ts";
import { typescriptBackend } from "./typescript/index.ts";

const automatic = automaticBackend();

/** The backend of arrays in this process that no op has made. */
export const hostBackend: Backend = typescriptBackend;

const BACKENDS: ReadonlyMap<string, Backend> = new Map(
  [automatic, typescriptBackend, onnxBackend].map((backend) => [backend.name, backend]),
);

let current: Backend = automatic;

/** The backend that ops run on now. */
export function currentBackend(): Backend {
  return current;
}

/**
 * Chooses the backend of all following ops by name.
 *
 * `"automatic"`, where everybody starts: plain loops for small work, ONNX Runtime for large;
 * `"typescript"`: plain loops alone; `"onnx"`: ONNX Runtime alone, float32 and no float64.
 *
 * @throws {BackendError} when no backend has that name, or ONNX Runtime does not load
 */
export function useBackend(name: string): void {
  const backend = BACKENDS.get(name);
  if (backend === undefined) {
    const known = [...BACKENDS.keys()].map((each) => `"${each}"`).join(", ");
    throw new BackendError(
      `useBackend: expects the name of a backend, got "${name}". Choose one of ${known}.`,
    );
  }
  if (backend === onnxBackend) requireOnnxRuntime();
  current = backend;
}

/** Runs `body` on a given backend, and goes back to the former one whatever happens. */
export function withBackend<Result>(backend: Backend, body: () => Result): Result {
  const former = current;
  current = backend;
  try {
    return body();
  } finally {
    current = former;
  }
}
