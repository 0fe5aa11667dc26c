// What every cell finds without import, and what libraries find under the kernel's symbol.
import type { KernelHook } from "../../notebook.ts";

/** Defines globals that do not show up when a cell lists `globalThis`. */
export function defineGlobals(values: Record<string, unknown>): void {
  for (const [name, value] of Object.entries(values)) {
    Object.defineProperty(globalThis, name, { value, writable: true, configurable: true });
  }
}

/** Defines what compiled cells call; nothing in a cell can take it away. */
export function defineCellRuntime(runtime: object): void {
  Object.defineProperty(globalThis, "__gradlab", { value: Object.freeze(runtime) });
}

/** Publishes the kernel for libraries, under `Symbol.for("Jupyter.kernel")`. */
export function publishKernel(hook: KernelHook): void {
  Object.defineProperty(globalThis, Symbol.for("Jupyter.kernel"), { value: hook });
}

/**
 * Makes callbacks of `setImmediate` safe to interrupt: Node loses the rest of its queue when one is ended
 * from outside, so each runs as a microtask after its turn.
 */
export function protectImmediates(): void {
  const { setImmediate: start, queueMicrotask: queue } = globalThis;
  const wrapped = (callback: (...values: unknown[]) => void, ...values: unknown[]) =>
    start(() => queue(() => callback(...values)));
  Object.defineProperties(wrapped, Object.getOwnPropertyDescriptors(start));
  globalThis.setImmediate = wrapped as unknown as typeof setImmediate;
}
