// The interrupt flag that a kernel publishes, without a kernel.
import { onTestFinished } from "vitest";

/** Publishes a flag as a kernel does, until the test ends. */
export function kernelWithFlag(): Int32Array {
  const interruptFlag = new Int32Array(new SharedArrayBuffer(4));
  const key = Symbol.for("Jupyter.kernel");
  Object.defineProperty(globalThis, key, { value: { interruptFlag }, configurable: true });
  onTestFinished(() => void Reflect.deleteProperty(globalThis, key));
  return interruptFlag;
}
