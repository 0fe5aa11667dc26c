// The debugger as the kernel holds it: its code is loaded by the first request to it, since most kernels never get one.
import type { Session } from "../execute/session.ts";
import type { Header, JsonObject } from "../protocol/message.ts";
import type { DebugResponse } from "./adapter-protocol.ts";
import type { DebugAdapter, PublishEvent } from "./debug-adapter.ts";

/** Debugs one session, from the first request on. */
export class LateDebugger {
  readonly #load: () => Promise<DebugAdapter>;
  #loading: Promise<DebugAdapter> | undefined;
  #adapter: DebugAdapter | undefined;

  /** @param publish - sends an event to everybody */
  constructor(session: Session, publish: PublishEvent) {
    this.#load = async () => {
      const { DebugAdapter } = await import("./debug-adapter.ts");
      this.#adapter = new DebugAdapter(session, publish);
      return this.#adapter;
    };
  }

  /** Answers the content of a `debug_request`. */
  async handle(content: JsonObject, header: Header): Promise<DebugResponse> {
    const adapter = this.#adapter ?? (await (this.#loading ??= this.#load()));
    return adapter.handle(content, header);
  }

  /** Tells the debugger, if there is one, that the running cell is being interrupted. */
  interrupt(): void {
    this.#adapter?.interrupt();
  }
}
