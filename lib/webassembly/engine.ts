// A function in WebAssembly, ready to be called, with a memory of its own.
import { moduleBytes, type ModuleFunction, PAGE_BYTES } from "./assembler.ts";

/** What is used of WebAssembly, where a JavaScript engine has it. */
interface WebAssemblyApi {
  readonly validate: (bytes: Uint8Array) => boolean;
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (module: object) => { readonly exports: object };
}

/** A function, and the memory that its addresses mean. */
export interface Engine {
  readonly memory: ArrayBuffer;
  readonly run: (...parameters: readonly number[]) => void;
}

/** Prepares a function; undefined where there is no WebAssembly with vector registers, or no such memory. */
export function webassemblyEngine(run: ModuleFunction, memoryBytes: number): Engine | undefined {
  const { WebAssembly: api } = globalThis as { WebAssembly?: WebAssemblyApi };
  const bytes = moduleBytes(run, Math.ceil(memoryBytes / PAGE_BYTES));
  if (api === undefined || !api.validate(bytes)) return undefined;
  try {
    // Small enough to be compiled here and now.
    const { exports } = new api.Instance(new api.Module(bytes));
    const { memory, run } = exports as { memory: { buffer: ArrayBuffer }; run: Engine["run"] };
    return { memory: memory.buffer, run };
  } catch (error) {
    // A process whose addresses are limited cannot set aside the many that an engine wants around a memory.
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}
