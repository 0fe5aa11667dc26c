// What a kernelspec says: how clients start a kernel, and what it is called. Ours is made here.

/** Name of gradlab's kernel in Jupyter. */
export const KERNEL_NAME = "gradlab";

/** The content of a `kernel.json`; fields that are not named here are kept and passed on to clients. */
export interface KernelSpec {
  /** The program and its arguments; `{connection_file}` and `{resource_dir}` are filled in. */
  readonly argv: readonly string[];
  readonly display_name: string;
  readonly language: string;
  readonly interrupt_mode: "signal" | "message";
  /** Variables for the kernel; `${NAME}` in a value is replaced by the variable of the client. */
  readonly env: Readonly<Record<string, string>>;
  readonly metadata: Readonly<Record<string, unknown>>;
}

/** What gradlab's kernelspec points to. */
export interface KernelProgram {
  /** Absolute path of Node. */
  readonly node: string;
  /** Absolute path of the `gradlab` program. */
  readonly main: string;
}

/** Makes the kernelspec that starts `program`. */
export function createKernelSpec(program: KernelProgram): KernelSpec {
  return {
    argv: [program.node, program.main, "kernel", "start", "-f", "{connection_file}"],
    display_name: "TypeScript (gradlab)",
    language: "typescript",
    // A signal cannot be seen while user code is busy, a message can.
    interrupt_mode: "message",
    // onnxruntime-node, where a cell loads it, would otherwise report to its makers.
    env: { ORT_DISABLE_TELEMETRY: "1" },
    metadata: { debugger: true },
  };
}
