// Runs one cell: starts it through the inspector, waits for its end, and says how it ended.
import type { Runtime } from "node:inspector";
import type { ThrownValue } from "../../compile/thrown-value.ts";
import type { RuntimeMessage } from "../runtime-messages.ts";
import type { DevTools } from "./devtools.ts";
import type { InterruptibleCell } from "./interrupter.ts";
import type { Outbox } from "./outbox.ts";

/** What running cells needs from the bridge. */
export interface CellRunnerParts {
  readonly devTools: DevTools;
  readonly outbox: Outbox;
  readonly host: { send(message: RuntimeMessage): void };
  /** Called before each cell. */
  readonly onStart: () => void;
}

type Ending =
  | { readonly type: "evaluated"; readonly reply: Runtime.EvaluateReturnType }
  | { readonly type: "refused"; readonly error: unknown }
  | { readonly type: "abandoned" };

const INTERRUPTED: ThrownValue = {
  isError: true,
  name: "KeyboardInterrupt",
  message: "the cell was interrupted; its variables are kept",
  stack: "",
  details: "",
};

const DESCRIBE_THIS = 'function () { "use strict"; return __gradlab.thrown(this); }';

/** Runs cells one after the other. */
export class CellRunner {
  readonly #parts: CellRunnerParts;
  #current: InterruptibleCell | undefined;

  constructor(parts: CellRunnerParts) {
    this.#parts = parts;
  }

  /** The cell that runs now. */
  get current(): InterruptibleCell | undefined {
    return this.#current;
  }

  /** Runs a cell to its end and reports it, after everything that the cell has put out. */
  async run(cell: number, javascript: string): Promise<void> {
    const { devTools, outbox, host, onStart } = this.#parts;
    const objectGroup = `cell-${cell}`;
    onStart();
    let abandon = (): void => undefined;
    let isAbandoned = false;
    const abandoned = new Promise<Ending>((resolve) => {
      abandon = () => {
        isAbandoned = true;
        resolve({ type: "abandoned" });
      };
    });
    const evaluated = this.#evaluate(javascript, objectGroup);
    this.#current = {
      id: cell,
      ended: evaluated,
      abandon,
      isAbandoned: () => isAbandoned,
    };
    const ending = await Promise.race([evaluated, abandoned]);
    outbox.flush();
    await Promise.race([outbox.whenReleased(), abandoned]);
    const thrown = await this.#thrownBy(ending);
    this.#current = undefined;
    outbox.flush();
    host.send({
      type: "done",
      cell,
      ...(thrown ? { thrown } : {}),
      wasInterrupted: ending.type === "abandoned" || thrown?.name === INTERRUPTED.name,
    });
    devTools.tell("Runtime.releaseObjectGroup", { objectGroup });
  }

  #evaluate(javascript: string, objectGroup: string): Promise<Ending> {
    return this.#parts.devTools.evaluate(javascript, objectGroup).then(
      (reply): Ending => ({ type: "evaluated", reply }),
      (error: unknown): Ending => ({ type: "refused", error }),
    );
  }

  async #thrownBy(ending: Ending): Promise<ThrownValue | undefined> {
    if (ending.type !== "evaluated") return INTERRUPTED;
    const { exceptionDetails } = ending.reply;
    if (!exceptionDetails) return undefined;
    const { exception } = exceptionDetails;
    const described = exception && (await this.#describe(exception));
    if (described) return described;
    const text = exception?.description ?? String(exception?.value ?? exceptionDetails.text);
    return { isError: false, name: "Uncaught", message: text, stack: "", details: "" };
  }

  async #describe(thrown: Runtime.RemoteObject): Promise<ThrownValue | undefined> {
    const { objectId } = thrown;
    const [method, command] =
      objectId === undefined
        ? ["Runtime.evaluate", { expression: `__gradlab.thrown(${literalOf(thrown)})` }]
        : ["Runtime.callFunctionOn", { objectId, functionDeclaration: DESCRIBE_THIS }];
    try {
      const reply = await this.#parts.devTools.post<Runtime.EvaluateReturnType>(method, {
        ...command,
        returnByValue: true,
      });
      return reply.result.value as ThrownValue | undefined;
    } catch {
      return undefined;
    }
  }
}

/** A value without an address, as source text. */
const literalOf = ({ unserializableValue, value }: Runtime.RemoteObject): string =>
  unserializableValue ?? JSON.stringify(value) ?? "undefined";
