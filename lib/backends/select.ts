// Which backend runs the next op. The only file that knows all of them.
import { BackendError } from "../errors.ts";
import type { Backend } from "./backend.ts";
import { typescriptBackend } from "./typescript/index.ts";

const BACKENDS: ReadonlyMap<string, Backend> = new Map([
  [typescriptBackend.name, typescriptBackend],
]);

let current: Backend = typescriptBackend;

/** The backend that ops run on now. */
export function currentBackend(): Backend {
  return current;
}

/**
 * Chooses the backend of all following ops by name.
 *
 * @throws {BackendError} when no backend has that name
 */
export function useBackend(name: string): void {
  const backend = BACKENDS.get(name);
  if (backend === undefined) {
    const known = [...BACKENDS.keys()].map((each) => `"${each}"`).join(", ");
    throw new BackendError(
      `useBackend: expects the name of a backend, got "${name}". Choose one of ${known}.`,
    );
  }
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
