// A place on the page for the output of code: text, pictures, tables, errors.
import { runtimeHook, type CapturedOutput, type OutputCapture } from "../comms/kernel-comms.ts";
import { controlKind, defineControl, type ControlClass, type ControlState } from "./control.ts";
import { OutputList, type PlainOutput } from "./output-list.ts";

/** How long output is collected before it is sent, in milliseconds. */
const COLLECT_MS = 30;
/** After this time without news on the page output is sent in the middle of a computation. */
const PATIENCE_MS = 150;

interface OutputState extends ControlState {
  /** What is shown, as a notebook file keeps it. */
  outputs: readonly PlainOutput[];
  msgId: string;
}

const PlainOutputWidget: ControlClass<OutputState> = defineControl(
  controlKind("Output", undefined, {
    model: { name: "@jupyter-widgets/output", version: "1.0.0" },
    defaults: { outputs: [], msgId: "" },
  }),
);

/** Shows output of code that runs in `run`, also of code that goes on later. */
export class Output extends PlainOutputWidget {
  #list = new OutputList();
  #capture: OutputCapture | undefined;
  #timer: NodeJS.Timeout | undefined;
  #sentAt = 0;

  /** Runs `action`; what it puts out appears here, and errors too, which go no further. */
  run(action: () => unknown): void {
    this.#capture ??= this.#open();
    this.#sentAt = Date.now();
    runInto(this.#capture, action);
    this.#flush();
  }

  /**
   * Runs `action` and shows its output and its value in place of what is shown now; what an earlier action still
   * puts out is dropped. The old output stays until there is new one.
   */
  replace(action: () => unknown): void {
    this.#capture?.end();
    this.#list = new OutputList();
    const capture = this.#open();
    this.#capture = capture;
    this.#sentAt = Date.now();
    const isPending = runInto(capture, action, show);
    if (!isPending || this.#list.length > 0) this.#flush();
  }

  /** Removes what is shown. */
  clear(): void {
    this.#list = new OutputList();
    this.#flush();
  }

  #open(): OutputCapture {
    const list = (): OutputList => this.#list;
    const capture: OutputCapture = runtimeHook().capture((output: CapturedOutput) => {
      list().add(output);
      this.#schedule();
    });
    return capture;
  }

  #schedule(): void {
    if (Date.now() - this.#sentAt > PATIENCE_MS) this.#flush();
    else this.#timer ??= setTimeout(() => this.#flush(), COLLECT_MS);
  }

  #flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#sentAt = Date.now();
    if (!this.isClosed) this.set({ outputs: this.#list.outputs() });
  }
}

/** @returns whether the action goes on */
function runInto(
  capture: OutputCapture,
  action: () => unknown,
  onValue: (value: unknown) => void = () => undefined,
): boolean {
  const use = (value: unknown): void => capture.run(() => onValue(value));
  try {
    const value = capture.run(action);
    if (!(value instanceof Promise)) {
      use(value);
      return false;
    }
    void value.then(use).catch((error: unknown) => capture.fail(error));
    return true;
  } catch (error) {
    capture.fail(error);
    return false;
  }
}

/** Shows a value, as the last line of a cell is. */
function show(value: unknown): void {
  if (value === undefined) return;
  (globalThis as unknown as { display(value: unknown): void }).display(value);
}
