// Looking into the program: stack, scopes, variables and expressions while it stands still, variables of cells at any time.
import type { Debugger, Runtime } from "node:inspector";
import type { InspectorClient } from "../execute/inspector-client.ts";
import type { Session } from "../execute/session.ts";
import type { Scope, Variable } from "./adapter-protocol.ts";
import { DebugError } from "./debug-error.ts";
import { Evaluation, type EvaluationOptions } from "./evaluation.ts";
import { completionItems, completionTarget, type CompletionItem } from "./completion.ts";
import { memberNames, sourceOf } from "./in-process.ts";
import { shownName } from "./value-children.ts";
import { compileExpression } from "./expression.ts";
import { readGlobals, readScopes, type ScopeBinding } from "./scope-reader.ts";
import { toScope, type Stop } from "./stop.ts";
import { asArgument, Variables, type VariablesQuery } from "./variables.ts";

/** What may declare a name for later cells. */
const DECLARATION =
  /(?:^|[;\n])\s*(?:let|const|var|class|(?:async\s+)?function|enum|interface|type)\b/;

/** Answers the requests that look at values. */
export class Inspection {
  readonly variables: Variables;
  /** Set while the program stands still. */
  stop: Stop | undefined;
  readonly #inspector: InspectorClient;
  readonly #session: Session;
  readonly #evaluation: Evaluation;
  /** Tells the type checker of declarations that no cell made. */
  readonly #teach: (code: string) => void;
  #round = 0;
  #globals: Promise<Variable[]> | undefined;

  /** @param teach - tells the type checker of declarations that no cell made */
  constructor(session: Session, teach: (code: string) => void) {
    this.#teach = teach;
    this.#session = session;
    this.#inspector = session.inspector;
    this.variables = new Variables(session.inspector);
    this.#evaluation = new Evaluation(session.inspector, session.knownNames);
  }

  /** The scopes of a frame that have anything in them. */
  async scopes(frameId: number): Promise<Scope[]> {
    const frame = this.stop?.callFrame(frameId);
    const groups = (frame && this.stop?.scopeGroups(frameId)) ?? [];
    const scopes: Scope[] = [];
    for (const [index, group] of groups.entries()) {
      const inner = groups.slice(0, index);
      const read = (): Promise<ScopeBinding[]> =>
        group.name === "Globals"
          ? readGlobals(this.#inspector, "debug")
          : readScopes(this.#inspector, { frame: frame!, group, inner });
      if (group.name !== "Globals" && (await read()).length === 0) continue;
      const assign = (variable: ScopeBinding, value: string): Promise<Runtime.RemoteObject> =>
        this.#assign(frame!, variable, value);
      scopes.push(toScope(group, this.variables.hold({ type: "scope", read, assign })));
    }
    return scopes;
  }

  /** What is inside a scope or a value. */
  list(reference: number, query: VariablesQuery): Promise<Variable[]> {
    return this.variables.list(reference, query);
  }

  /** Gives a variable another value. */
  assign(reference: number, name: string, source: string): Promise<Variable> {
    const evaluate = (expression: string): Promise<Runtime.RemoteObject> =>
      this.#evaluation.evaluate(expression, this.#options(undefined));
    return this.variables.assign(reference, name, { value: source, evaluate });
  }

  /** The value of an expression, in a frame or at the level of cells. */
  async evaluate(
    source: string,
    { frameId, isPure }: { frameId: number | undefined; isPure: boolean },
  ): Promise<Variable> {
    const value = await this.#evaluation.evaluate(source, { ...this.#options(frameId), isPure });
    if (!this.stop && DECLARATION.test(source)) this.#teach(source);
    // JupyterLab empties its list of variables now, and fills it again for a frame that it does not know.
    if (!isPure && this.variables.typeStyle === "jupyterlab") this.stop?.renumber();
    return this.variables.present(source, value);
  }

  /**
   * What JupyterLab's debug console shows for an expression. Where that fails, it is the error: a request that fails
   * shows there as a failure without words.
   */
  async answerConsole(
    source: string,
    frameId: number | undefined,
  ): Promise<{ result: string; variablesReference: number }> {
    try {
      const { value, variablesReference } = await this.evaluate(source, { frameId, isPure: false });
      return { result: value, variablesReference };
    } catch (error) {
      this.stop?.renumber();
      return { result: (error as Error).message, variablesReference: 0 };
    }
  }

  /** What can stand at the cursor of a debug console; the column counts from 1. */
  async complete(
    text: string,
    { column, frameId }: { column: number; frameId: number | undefined },
  ): Promise<CompletionItem[]> {
    const target = completionTarget(text, column);
    try {
      const { object } = target;
      const names =
        object === undefined ? this.#variableNames(frameId) : this.#members(object, frameId);
      return completionItems(target, await names, column);
    } catch {
      return [];
    }
  }

  /** How the kernel would show a variable. */
  async mimeBundle(source: string, frameId: number | undefined): Promise<Record<string, unknown>> {
    return this.#evaluation.mimeBundle(source, this.#options(frameId));
  }

  /** The variables of the cells; asked for while the answer is on its way, it is the same one. */
  globals(): Promise<Variable[]> {
    this.#globals ??= this.#readGlobals().finally(() => {
      this.#globals = undefined;
    });
    return this.#globals;
  }

  /** Makes a variable of a frame one of the cells. */
  async copyToGlobals(from: { name: string; frameId: number }, name: string): Promise<void> {
    if (!/^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u.test(name)) {
      throw new DebugError(`a variable's name is expected, got "${name}"`);
    }
    const options = this.#options(from.frameId);
    if (!options.frame) throw new DebugError("this frame is gone: the program has run on");
    const value = await this.#evaluation.evaluate(from.name, options);
    const holder = 'globalThis[Symbol.for("gradlab.debug.copied")]';
    await this.#inspector.post("Runtime.callFunctionOn", {
      ...(value.objectId === undefined ? { executionContextId: 1 } : { objectId: value.objectId }),
      functionDeclaration: `function (value) { ${holder} = value; }`,
      arguments: [asArgument(value)],
    });
    const binding = this.#session.declare(name);
    this.#teach(`let ${name}: any;`);
    // It declares at once, but is answered only when the program runs on.
    this.#inspector.tell("Runtime.evaluate", {
      expression: `let ${binding} = ${holder}; delete ${holder};`,
      replMode: true,
      disableBreaks: true,
    });
  }

  /** Called when the program runs on. */
  resume(): void {
    this.stop = undefined;
  }

  /** Called when the program was replaced by a fresh one, or is no longer looked at. */
  clear(): void {
    this.stop = undefined;
    this.variables.clear();
    this.#inspector.tell("Runtime.releaseObjectGroup", { objectGroup: "debug" });
  }

  #options(frameId: number | undefined): EvaluationOptions {
    const { stop } = this;
    return { frame: stop?.callFrame(frameId), isStopped: stop !== undefined };
  }

  async #variableNames(frameId: number | undefined): Promise<string[]> {
    const frame = this.stop?.callFrame(frameId);
    const groups = (frame && this.stop?.scopeGroups(frameId)) ?? [];
    const scopes = groups.map((group) =>
      readScopes(this.#inspector, { frame: frame!, group, inner: [] }),
    );
    const bindings = frame
      ? (await Promise.all(scopes)).flat()
      : await readGlobals(this.#inspector, "debug");
    return bindings.flatMap(({ binding }) => shownName(binding) ?? []);
  }

  async #members(source: string, frameId: number | undefined): Promise<string[]> {
    const object = compileExpression(source, this.#session.knownNames);
    const listing = `JSON.stringify((${sourceOf(memberNames)})(${object}))`;
    const options = { ...this.#options(frameId), isPure: true };
    const { value } = await this.#evaluation.run(listing, options);
    return JSON.parse(String(value)) as string[];
  }

  async #readGlobals(): Promise<Variable[]> {
    // The list of before may still be open in a front end, the one before it is not.
    const round = ++this.#round;
    const bindings = await readGlobals(this.#inspector, `globals-${round}`);
    const objectGroup = `globals-${round - 2}`;
    this.#inspector.tell("Runtime.releaseObjectGroup", { objectGroup });
    const assign = (): Promise<never> =>
      Promise.reject(new DebugError("assign it in a cell, or while the program stands still"));
    const read = (): Promise<ScopeBinding[]> => Promise.resolve(bindings);
    return this.variables.list(this.variables.hold({ type: "scope", read, assign }));
  }

  async #assign(
    frame: Debugger.CallFrame,
    { binding, scope }: ScopeBinding,
    value: string,
  ): Promise<Runtime.RemoteObject> {
    const newValue = await this.#evaluation.evaluate(value, { frame, isStopped: true });
    try {
      await this.#inspector.post("Debugger.setVariableValue", {
        scopeNumber: scope,
        variableName: binding,
        newValue: asArgument(newValue),
        callFrameId: frame.callFrameId,
      });
      return newValue;
    } catch {
      // V8 does that for variables of functions only; others are assigned to.
      const assignment = `${binding} = (${compileExpression(value, this.#session.knownNames)})`;
      return this.#evaluation.run(assignment, { frame, isStopped: true });
    }
  }
}
