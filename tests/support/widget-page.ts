// A page for tests of widgets: hears what the kernel's side sends, and answers as JupyterLab would.
import { CommHub } from "../../kernel/comms/comms.ts";
import type { CommPacket } from "../../kernel/comms/comm-packet.ts";
import type { CapturedOutput } from "../../kernel/comms/kernel-comms.ts";

type State = Record<string, unknown>;

/** The other end of all comms of this process. */
export class WidgetPage {
  /** Messages of the kernel's side, in order. */
  readonly heard: CommPacket[] = [];
  readonly failures: unknown[] = [];
  /** Sends output as code would that runs in the newest place. */
  emit: (output: CapturedOutput) => void = () => undefined;
  readonly #hub: CommHub;

  constructor() {
    this.#hub = new CommHub({
      post: (packet) => this.heard.push(packet),
      onFailure: (error) => this.failures.push(error),
    });
    const kernel = {
      comms: this.#hub,
      capture: (sink: (output: CapturedOutput) => void) => {
        let isOpen = true;
        const emit = (output: CapturedOutput): void => {
          if (isOpen) sink(output);
        };
        return {
          run: <Result>(action: () => Result): Result => {
            this.emit = emit;
            return action();
          },
          fail: (error: unknown) => {
            const { name: ename, message: evalue } = error as Error;
            emit({ type: "error", ename, evalue, traceback: [evalue] });
          },
          end: () => {
            isOpen = false;
          },
        };
      },
    };
    const display = (value: unknown): void =>
      this.emit({
        type: "display",
        bundle: { "text/plain": String(value) },
        metadata: {},
        displayId: "",
        isUpdate: false,
      });
    Object.assign(globalThis, { [Symbol.for("Jupyter.kernel")]: kernel, display });
  }

  /** The state that a widget was opened with. */
  opened(id: string): State {
    const packet = this.heard.find((one) => one.id === id && one.action === "open");
    return (packet?.data["state"] ?? {}) as State;
  }

  /** Messages about a widget since it was opened. */
  updates(id: string): State[] {
    return this.heard
      .filter((one) => one.id === id && one.action === "message")
      .map(({ data }) => data);
  }

  /** Sends a message to a widget or a comm. */
  send(id: string, data: State, buffers: readonly Uint8Array[] = []): boolean {
    return this.#hub.receive({ action: "message", id, target: "", data, metadata: {}, buffers });
  }

  /** Changes a widget's state, as a person does. */
  change(id: string, state: State): void {
    this.send(id, { method: "update", state, buffer_paths: [] });
  }

  /** Opens the channel that a page opens when it is loaded, and asks for all widgets. */
  reload(): CommPacket | undefined {
    const rest = { target: "jupyter.widget.control", metadata: {}, buffers: [] };
    this.#hub.receive({ action: "open", id: "control", data: {}, ...rest });
    this.send("control", { method: "request_states" });
    return this.heard.findLast((one) => one.id === "control");
  }
}
