// The main thread's own line to the inspector: answers come at once, and a signal can end what it evaluates.
import { Session, type Runtime } from "node:inspector";
import { CELL_RUNTIME_NAME } from "../../compile/cell-runtime.ts";
import type { ThrownValue } from "../../compile/thrown-value.ts";

/** Where the inspector finds the promise that it is asked about, below `__gradlab`. */
const PROMISE_PATH = "nested.promise";

/** What `Runtime.getProperties` says of the hidden state of a promise. */
interface PromiseDetails {
  readonly internalProperties?: { readonly name: string; readonly value?: Runtime.RemoteObject }[];
}

const DESCRIBE_THIS = 'function () { "use strict"; return __gradlab.thrown(this); }';

/** Evaluates in the middle of other code. */
export class OwnInspector {
  readonly #capture: (thrown: unknown) => ThrownValue;
  #session: Session | undefined;

  /** @param capture - turns a thrown value into data */
  constructor(capture: (thrown: unknown) => ThrownValue) {
    this.#capture = capture;
  }

  /** Starts a cell. `onEnd` is called when it has come to its own end, with what it threw. */
  evaluate(
    expression: string,
    objectGroup: string,
    onEnd: (thrown: ThrownValue | undefined) => void,
  ): void {
    const command = { expression, objectGroup, replMode: true, awaitPromise: true };
    this.#open().post("Runtime.evaluate", command, (error, reply) => {
      // An error means that the cell was ended from outside, which has been reported then.
      if (!error) onEnd(this.#thrownBy(reply as Runtime.EvaluateReturnType));
    });
  }

  /** What the settled promise at `PROMISE_PATH` was rejected with; a loop that runs keeps its handlers waiting. */
  rejection(): ThrownValue | undefined {
    const expression = `${CELL_RUNTIME_NAME}.${PROMISE_PATH}`;
    const found = this.#post("Runtime.evaluate", { expression }) as Runtime.EvaluateReturnType;
    const { objectId } = found.result;
    const details = this.#post("Runtime.getProperties", { objectId }) as PromiseDetails;
    const hidden = (name: string): Runtime.RemoteObject | undefined =>
      details.internalProperties?.find((property) => property.name === name)?.value;
    if (hidden("[[PromiseState]]")?.value !== "rejected") return undefined;
    return this.#describe(hidden("[[PromiseResult]]"), "Uncaught");
  }

  /** Lets go of the values of a cell. */
  release(objectGroup: string): void {
    this.#post("Runtime.releaseObjectGroup", { objectGroup });
  }

  #thrownBy({ exceptionDetails }: Runtime.EvaluateReturnType): ThrownValue | undefined {
    if (!exceptionDetails) return undefined;
    return this.#describe(exceptionDetails.exception, exceptionDetails.text);
  }

  #describe(thrown: Runtime.RemoteObject | undefined, otherwise: string): ThrownValue {
    const { objectId } = thrown ?? {};
    if (thrown && objectId === undefined) return this.#capture(thrown.value);
    const command = { objectId, functionDeclaration: DESCRIBE_THIS, returnByValue: true };
    const reply = this.#post("Runtime.callFunctionOn", command) as Runtime.EvaluateReturnType;
    const described = reply.result.value as ThrownValue | undefined;
    return (
      described ?? { isError: false, name: "Uncaught", message: otherwise, stack: "", details: "" }
    );
  }

  #post(method: string, parameters: object): unknown {
    let result: unknown = {};
    this.#open().post(method, parameters, (error: Error | null, reply?: object) => {
      if (!error) result = reply;
    });
    return result;
  }

  #open(): Session {
    if (!this.#session) {
      this.#session = new Session();
      this.#session.connect();
    }
    return this.#session;
  }
}
