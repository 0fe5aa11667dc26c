// Variables that a front end may look into: scopes, objects and parts of long lists, each under a number.
import type { Runtime } from "node:inspector";
import type { InspectorClient } from "../execute/inspector-client.ts";
import type { Variable } from "./adapter-protocol.ts";
import { DebugError } from "./debug-error.ts";
import { setProperty, sourceOf } from "./in-process.ts";
import type { ScopeBinding } from "./scope-reader.ts";
import { childrenOf, shownName, type Child, type ChildRange } from "./value-children.ts";
import { glancesOf } from "./value-glances.ts";
import { lengthOf, typeText, valueText, type TypeStyle } from "./value-text.ts";

/** Lists longer than this are shown in parts of this length. */
const PART_LENGTH = 100;

/** Variables of one scope, or of scopes shown as one. */
export interface ScopeVariables {
  readonly type: "scope";
  /** The variables as they are now. */
  readonly read: () => Promise<ScopeBinding[]>;
  /** Gives a variable another value, an expression in TypeScript. */
  readonly assign: (variable: ScopeBinding, value: string) => Promise<Runtime.RemoteObject>;
}

interface ObjectVariables {
  readonly type: "object";
  readonly object: Runtime.RemoteObject;
  readonly evaluateName: string | undefined;
  /** The part of a list. */
  readonly range?: ChildRange;
}

type Container = ScopeVariables | ObjectVariables;

/** Which children of a container are wanted. */
export interface VariablesQuery {
  readonly start?: number | undefined;
  readonly count?: number | undefined;
  readonly filter?: string | undefined;
}

/** Hands out numbers for values that have something inside, and looks inside. */
export class Variables {
  typeStyle: TypeStyle = "javascript";
  readonly #inspector: InspectorClient;
  readonly #containers = new Map<number, Container>();
  #lastReference = 0;

  constructor(inspector: InspectorClient) {
    this.#inspector = inspector;
  }

  /** The number of a container. */
  hold(container: Container): number {
    this.#containers.set(++this.#lastReference, container);
    return this.#lastReference;
  }

  /** Forgets all containers: the values they stood for may be gone. */
  clear(): void {
    this.#containers.clear();
  }

  /**
   * What is inside a container.
   *
   * @throws {DebugError} when the container is no longer known
   */
  async list(reference: number, query: VariablesQuery = {}): Promise<Variable[]> {
    const container = this.#containerOf(reference);
    const children =
      container.type === "scope"
        ? (await container.read()).map(asChild)
        : await this.#objectChildren(container, query);
    return this.#present(children);
  }

  /**
   * Gives a variable inside a container another value.
   *
   * @param value - an expression in TypeScript
   * @throws {DebugError} when there is no such variable
   */
  async assign(
    reference: number,
    name: string,
    { value, evaluate }: { value: string; evaluate: Evaluate },
  ): Promise<Variable> {
    const container = this.#containerOf(reference);
    const child =
      container.type === "scope"
        ? await this.#assignInScope(container, name, value)
        : await this.#assignInObject(container.object, { name, value: await evaluate(value) });
    const [variable] = await this.#present([child]);
    if (!variable) throw new DebugError(`${name} cannot be shown`);
    return variable;
  }

  /** A single value, such as the result of an expression. */
  async present(name: string, value: Runtime.RemoteObject): Promise<Variable> {
    const [variable] = await this.#present([{ name, value, evaluateName: undefined }]);
    if (!variable) throw new DebugError(`${name} cannot be shown`);
    return variable;
  }

  async #present(children: readonly Child[]): Promise<Variable[]> {
    const glances = await glancesOf(
      this.#inspector,
      children.map(({ value }) => value),
    );
    return children.map((child, index) => this.#variable(child, glances[index] ?? undefined));
  }

  #variable({ name, value, evaluateName, range, text }: Child, glance?: string): Variable {
    const type = range || text !== undefined ? undefined : typeText(value, this.typeStyle);
    const length = range ? undefined : lengthOf(value);
    const isOpen = value.objectId !== undefined && hasInside(value);
    return {
      name,
      value: text ?? glance ?? valueText(value),
      ...(type === undefined ? {} : { type }),
      ...(evaluateName === undefined ? {} : { evaluateName }),
      variablesReference: isOpen
        ? this.hold({ type: "object", object: value, evaluateName, ...(range ? { range } : {}) })
        : 0,
      ...(length !== undefined && length > PART_LENGTH ? { indexedVariables: length } : {}),
    };
  }

  async #objectChildren(
    { object, evaluateName, range }: ObjectVariables,
    { start = 0, count, filter }: VariablesQuery,
  ): Promise<Child[]> {
    const length = lengthOf(object);
    const parent = { object, evaluateName };
    if (length === undefined) return childrenOf(this.#inspector, parent);
    if (filter === "named") return [];
    const whole = range ?? { start: 0, end: length };
    if (count !== undefined && count > 0) {
      const first = whole.start + start;
      const end = Math.min(first + count, whole.end);
      return childrenOf(this.#inspector, parent, { start: first, end });
    }
    if (whole.end - whole.start <= PART_LENGTH) return childrenOf(this.#inspector, parent, whole);
    return partsOf(parent, whole);
  }

  async #assignInScope(scope: ScopeVariables, name: string, value: string): Promise<Child> {
    const variable = (await scope.read()).find(({ binding }) => shownName(binding) === name);
    if (!variable) throw new DebugError(`there is no variable ${name} here`);
    return { name, value: await scope.assign(variable, value), evaluateName: name };
  }

  async #assignInObject(
    { objectId }: Runtime.RemoteObject,
    { name, value }: { name: string; value: Runtime.RemoteObject },
  ): Promise<Child> {
    const { result, exceptionDetails } =
      await this.#inspector.post<Runtime.CallFunctionOnReturnType>("Runtime.callFunctionOn", {
        objectId,
        functionDeclaration: sourceOf(setProperty),
        arguments: [{ objectId }, { value: name }, asArgument(value)],
        generatePreview: true,
      });
    if (exceptionDetails) throw new DebugError(`${name} cannot be changed`);
    return { name, value: result, evaluateName: undefined };
  }

  #containerOf(reference: number): Container {
    const container = this.#containers.get(reference);
    if (container) return container;
    throw new DebugError("these variables are gone: the program has run on since they were shown");
  }
}

/** Evaluates an expression where the program stands. */
export type Evaluate = (expression: string) => Promise<Runtime.RemoteObject>;

function asChild({ binding, value }: ScopeBinding): Child {
  const name = shownName(binding) ?? binding;
  return { name, value, evaluateName: name };
}

/** A value as an argument of a call. */
export function asArgument(value: Runtime.RemoteObject): Runtime.CallArgument {
  if (value.objectId !== undefined) return { objectId: value.objectId };
  const { unserializableValue } = value;
  return unserializableValue === undefined ? { value: value.value } : { unserializableValue };
}

const hasInside = ({ type, subtype }: Runtime.RemoteObject): boolean =>
  type === "object" && !["null", "regexp", "date"].includes(subtype ?? "");

/** A long list in parts that can be opened, and those in parts again. */
function partsOf(
  { object, evaluateName }: { object: Runtime.RemoteObject; evaluateName: string | undefined },
  { start, end }: ChildRange,
): Child[] {
  let step = PART_LENGTH;
  while ((end - start) / step > PART_LENGTH) step *= PART_LENGTH;
  const parts: Child[] = [];
  for (let first = start; first < end; first += step) {
    const last = Math.min(first + step, end);
    const range = { start: first, end: last };
    const name = `[${first} … ${last - 1}]`;
    parts.push({ name, value: object, evaluateName, range, text: `${last - first} elements` });
  }
  return parts;
}
