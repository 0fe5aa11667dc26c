// Commands to V8's inspector in the runtime process, and their answers; a process that dies answers them all.
import type { InspectCommand, InspectMessage } from "./runtime-messages.ts";

/** A command that the inspector refused, or that died with its process. */
export class InspectorError extends Error {
  override readonly name = "InspectorError";

  /** Stable name of this kind of error. */
  get code(): string {
    return "KERNEL_INSPECTOR";
  }
}

interface Waiting {
  readonly resolve: (result: object) => void;
  readonly reject: (error: InspectorError) => void;
}

/** The host's end of the inspector. */
export class InspectorClient {
  /** Called with each event. */
  onEvent: (method: string, parameters: object) => void = () => undefined;
  /** Called when the process was replaced by a fresh one. */
  onReset: () => void = () => undefined;
  readonly #send: (command: InspectCommand) => void;
  readonly #waiting = new Map<number, Waiting>();
  #lastId = 0;

  /** @param send - sends a command to the runtime process */
  constructor(send: (command: InspectCommand) => void) {
    this.#send = send;
  }

  /**
   * Sends one command.
   *
   * @throws {InspectorError} when the inspector refuses it or its process dies
   */
  post<Result extends object>(method: string, parameters: object = {}): Promise<Result> {
    const id = ++this.#lastId;
    return new Promise<Result>((resolve, reject) => {
      this.#waiting.set(id, { resolve: (result) => resolve(result as Result), reject });
      this.#send({ type: "inspect", id, method, parameters });
    });
  }

  /** Sends a command whose answer nobody waits for. */
  tell(method: string, parameters: object = {}): void {
    this.post(method, parameters).catch(() => undefined);
  }

  /** Takes what the inspector says. */
  receive(message: InspectMessage): void {
    if (message.type === "inspect-event") {
      this.onEvent(message.method, message.parameters);
      return;
    }
    const waiting = this.#waiting.get(message.id);
    this.#waiting.delete(message.id);
    if (message.problem === undefined) waiting?.resolve(message.result);
    else waiting?.reject(new InspectorError(message.problem));
  }

  /** The process has died: what it was asked will never be answered. */
  reset(): void {
    const waiting = [...this.#waiting.values()];
    this.#waiting.clear();
    const error = new InspectorError("the process that runs your code has ended");
    for (const { reject } of waiting) reject(error);
    this.onReset();
  }
}
