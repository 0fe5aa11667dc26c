// The gate of a worker: a thread that ends while ONNX Runtime computes in it takes the whole process with it.

/** Words of the memory: whether somebody computes, and whether anybody may begin to. */
const BUSY = 0;
const CLOSED = 1;
/** How long the end of the process waits for a run, in milliseconds; runs are made to take a tenth of a second. */
const PATIENCE_MS = 10_000;

/** Memory for a gate, which is open. */
export function gateMemory(): SharedArrayBuffer {
  return new SharedArrayBuffer(2 * Int32Array.BYTES_PER_ELEMENT);
}

/** Computes in the worker, unless the gate is closed; then the process is about to end, and nobody waits. */
export function computeBehind(gate: SharedArrayBuffer, compute: () => void): void {
  const words = new Int32Array(gate);
  Atomics.store(words, BUSY, 1);
  try {
    if (Atomics.load(words, CLOSED) === 0) compute();
  } finally {
    Atomics.store(words, BUSY, 0);
    Atomics.notify(words, BUSY);
  }
}

const open = new Set<SharedArrayBuffer>();

/** Makes the end of the process wait until nobody computes behind the gate. */
export function guardGate(gate: SharedArrayBuffer): void {
  if (open.size === 0) process.on("exit", closeGates);
  open.add(gate);
}

/** The worker has ended. */
export function forgetGate(gate: SharedArrayBuffer): void {
  open.delete(gate);
  if (open.size === 0) process.off("exit", closeGates);
}

function closeGates(): void {
  for (const gate of open) Atomics.store(new Int32Array(gate), CLOSED, 1);
  for (const gate of open) Atomics.wait(new Int32Array(gate), BUSY, 1, PATIENCE_MS);
}
