// The two things the library may know of a notebook's kernel: how to show something, and when to stop.

/** Something shown in a notebook that can change later. */
export interface DisplayHandle {
  update(bundle: Readonly<Record<string, unknown>>): void;
}

/** What the kernel publishes for libraries under `Symbol.for("Jupyter.kernel")`. */
export interface NotebookKernel {
  display(bundle: Readonly<Record<string, unknown>>): DisplayHandle;
  /** Length 1; non-zero asks the running code to stop. Reading it tells the kernel that somebody looks. */
  readonly interruptFlag: Int32Array;
}

/** The kernel that runs this code, or undefined outside of a notebook. */
export function notebookKernel(): NotebookKernel | undefined {
  return (globalThis as Record<symbol, unknown>)[Symbol.for("Jupyter.kernel")] as
    | NotebookKernel
    | undefined;
}

/** A question to ask between steps: whether the user wants the running cell to stop. */
export function interruptQuestion(): () => boolean {
  const flag = notebookKernel()?.interruptFlag;
  return () => flag !== undefined && Atomics.load(flag, 0) !== 0;
}
