// Which backend runs the next op; with automatic.ts the only place that knows all of them.
import { BackendError, TracingError } from "../errors.ts";
import type { Backend } from "./backend.ts";
import { automaticBackend } from "./automatic.ts";
import { CallSite } from "./onnx/call-sites.ts";
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
 * @throws {TracingError} when a step calls it while it is recorded
 */
export function useBackend(name: string): void {
  const backend = BACKENDS.get(name);
  if (backend === undefined) {
    const known = [...BACKENDS.keys()].map((each) => `"${each}"`).join(", ");
    throw new BackendError(
      `useBackend: expects the name of a backend, got "${name}". Choose one of ${known}.`,
    );
  }
  refuseWhileRecording("useBackend");
  if (backend === onnxBackend) requireOnnxRuntime();
  current = backend;
}

/**
 * Refuses what makes no sense within a step.
 *
 * @throws {TracingError} while a step or a model is recorded, naming the line
 */
export function refuseWhileRecording(call: string): void {
  if (current.name !== "recorder") return;
  throw new TracingError(
    `${call}: must be called outside of a step, got a call ${new CallSite("while a step is recorded").text}. ` +
      "Everything in a step becomes one graph: call it before the step is run, or behind that.",
  );
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
