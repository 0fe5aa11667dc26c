// The debugger as the kernel holds it: its code is loaded by the first request to it, since most kernels never get one.
import type { Header, JsonObject } from "../protocol/message.ts";
import type { DebugResponse } from "./adapter-protocol.ts";
import type { DebugAdapter, DebugAdapterParts } from "./debug-adapter.ts";

/** Debugs one session, from the first request on. */
export class LateDebugger {
  readonly #load: () => Promise<DebugAdapter>;
  #loading: Promise<DebugAdapter> | undefined;
  #adapter: DebugAdapter | undefined;

  constructor(parts: DebugAdapterParts) {
    this.#load = async () => {
      const { DebugAdapter } = await import("./debug-adapter.ts");
      this.#adapter = new DebugAdapter(parts);
      return this.#adapter;
    };
  }

  /** Answers the content of a `debug_request`. */
  async handle(content: JsonObject, header: Header): Promise<DebugResponse> {
    const adapter = this.#adapter ?? (await (this.#loading ??= this.#load()));
    return adapter.handle(content, header);
  }

  /** Called before the kernel ends. */
  close(): void {
    this.#adapter?.close();
  }
}
