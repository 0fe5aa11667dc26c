// Evaluating TypeScript for a debugger: in a frame of the stopped program, or at the level of cells.
import type { Debugger, Runtime } from "node:inspector";
import type { KnownNames } from "../compile/globals.ts";
import type { InspectorClient } from "../execute/inspector-client.ts";
import { DebugError } from "./debug-error.ts";
import { compileExpression } from "./expression.ts";

/** How an expression is evaluated. */
export interface EvaluationOptions {
  /** Where; at the level of cells when absent. */
  readonly frame?: Debugger.CallFrame | undefined;
  /** Refuses code that would change anything. */
  readonly isPure?: boolean;
  /** Whether the program stands still: promises do not settle then. */
  readonly isStopped: boolean;
}

interface Reply {
  readonly result: Runtime.RemoteObject;
  readonly exceptionDetails?: Runtime.ExceptionDetails | undefined;
}

/** Evaluates for one client. */
export class Evaluation {
  readonly #inspector: InspectorClient;
  readonly #names: KnownNames;

  constructor(inspector: InspectorClient, names: KnownNames) {
    this.#inspector = inspector;
    this.#names = names;
  }

  /**
   * The value of TypeScript code.
   *
   * @throws {DebugError} when it does not parse or throws
   */
  async evaluate(source: string, options: EvaluationOptions): Promise<Runtime.RemoteObject> {
    return this.run(compileExpression(source, this.#names), options);
  }

  /** The value of JavaScript code. */
  async run(expression: string, options: EvaluationOptions): Promise<Runtime.RemoteObject> {
    const { frame, isPure = false, isStopped } = options;
    const common = { objectGroup: "debug", generatePreview: true, silent: true };
    if (frame) {
      const { callFrameId } = frame;
      const command = { ...common, callFrameId, expression, throwOnSideEffect: isPure };
      return valueOf(await this.#inspector.post<Reply>("Debugger.evaluateOnCallFrame", command));
    }
    if (isStopped || isPure) {
      const command = { ...common, expression, throwOnSideEffect: isPure, disableBreaks: true };
      return valueOf(await this.#inspector.post<Reply>("Runtime.evaluate", command));
    }
    // The inspector starts this wherever the program happens to be; after a turn it stands by itself.
    const turn = "await new Promise((go) => setTimeout(go));";
    const command = { ...common, expression: turn + expression, replMode: true };
    return valueOf(await this.#inspector.post<Reply>("Runtime.evaluate", command));
  }

  /** How the kernel would show the value of an expression. */
  async mimeBundle(source: string, options: EvaluationOptions): Promise<Record<string, unknown>> {
    const { frame, isStopped } = options;
    const expression = `__gradlab.bundle(${compileExpression(source, this.#names)}, ${!isStopped})`;
    const common = { expression, returnByValue: true, silent: true };
    const reply = frame
      ? this.#inspector.post<Reply>("Debugger.evaluateOnCallFrame", {
          ...common,
          callFrameId: frame.callFrameId,
        })
      : this.#inspector.post<Reply>("Runtime.evaluate", {
          ...common,
          awaitPromise: !isStopped,
          disableBreaks: true,
        });
    return valueOf(await reply).value as Record<string, unknown>;
  }
}

function valueOf({ result, exceptionDetails }: Reply): Runtime.RemoteObject {
  if (!exceptionDetails) return result;
  const { exception, text } = exceptionDetails;
  const described = exception?.description ?? String(exception?.value ?? text);
  throw new DebugError(described.split("\n    at ")[0] ?? described);
}
