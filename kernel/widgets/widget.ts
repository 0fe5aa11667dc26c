// What all widgets have in common: a state that the kernel and every page show the same, and who is told of changes.
import { inspect } from "node:util";
import { comms } from "../comms/kernel-comms.ts";
import type { Comm, CommBuffer, CommMessage } from "../comms/comms.ts";
import { DISPLAY_SYMBOL, type MimeBundle } from "../display/mime-bundle.ts";
import { findWidget, forgetWidget, rememberWidget } from "./registry.ts";
import { WidgetError } from "./widget-error.ts";
import { fromWire, putBuffers, separateBuffers, toWire, wireName } from "./wire-format.ts";

/** Version of the messages between the kernel and the page. */
const PROTOCOL_VERSION = "2.1.0";

/** One kind of widget: how the page calls it, and what its state is at first. */
export interface WidgetKind {
  /** Name of the class; the page's model is called `<name>Model`. */
  readonly name: string;
  /** The page's view; `<name>View` when absent, null for what is never seen. */
  readonly view?: string | null;
  /** npm packages of the page that have the model and the view, with their versions. */
  readonly model?: PageModule;
  readonly viewModule?: PageModule;
  /** The state at first, by the names used in cells. */
  readonly defaults: Readonly<Record<string, unknown>>;
  /** Corrects a state that is about to become the widget's, or refuses it. */
  readonly adjust?: (state: Record<string, unknown>, name: string) => void;
}

/** A package of the page, and the version whose messages are spoken. */
export interface PageModule {
  readonly name: string;
  readonly version: string;
}

/** The package of the standard controls. */
export const CONTROLS: PageModule = { name: "@jupyter-widgets/controls", version: "2.0.0" };
/** The package of what all widgets of the page are made of. */
export const BASE: PageModule = { name: "@jupyter-widgets/base", version: "2.0.0" };

/** Names of a state, without the methods of its widget. */
export type StateName<State> = Extract<keyof State, string>;

/** A widget with the state `State`, which can be read and set as properties too. */
export class Widget<State extends object = object> {
  readonly #kind: WidgetKind;
  readonly #state: Record<string, unknown>;
  readonly #comm: Comm;
  readonly #observers = new Map<string, Set<(value: never) => unknown>>();
  readonly #messageListeners = new Set<(message: CommMessage) => unknown>();

  /** @throws {WidgetError} when the values do not fit the kind */
  constructor(kind: WidgetKind, values: object) {
    this.#kind = kind;
    this.#state = { ...kind.defaults };
    assign(kind, this.#state, values as Record<string, unknown>);
    const { state, bufferPaths, buffers } = separateBuffers(this.wireState());
    const data = { state, buffer_paths: bufferPaths };
    const metadata = { version: PROTOCOL_VERSION };
    this.#comm = comms.open("jupyter.widget", data, { metadata, buffers });
    this.#comm.onMessage((message) => this.#receive(message));
    this.#comm.onClose(() => forgetWidget(this.id));
    rememberWidget(this);
  }

  /** The id under which pages know the widget. */
  get id(): string {
    return this.#comm.id;
  }

  /** Whether the widget was closed. */
  get isClosed(): boolean {
    return this.#comm.isClosed;
  }

  /** Reads one value of the state. */
  get<Name extends StateName<State>>(name: Name): State[Name] {
    return this.#state[name] as State[Name];
  }

  /**
   * Sets values of the state, here and in every page, with one message.
   *
   * @throws {WidgetError} when a value does not fit
   */
  set(values: Partial<State>): void {
    this.#change(values, {});
  }

  /** Calls `listener` when a value changes, here or in a page. @returns what ends that */
  observe<Name extends StateName<State>>(
    name: Name,
    listener: (value: State[Name]) => unknown,
  ): () => void {
    const listeners = this.#observers.get(name) ?? new Set();
    this.#observers.set(name, listeners.add(listener));
    return () => listeners.delete(listener);
  }

  /** Calls `listener` with messages of the page's view that are no change of the state. @returns what ends that */
  onMessage(listener: (message: CommMessage) => unknown): () => void {
    this.#messageListeners.add(listener);
    return () => this.#messageListeners.delete(listener);
  }

  /** Sends the page's view a message that is no change of the state. */
  send(content: unknown, buffers: readonly CommBuffer[] = []): void {
    this.#post({ method: "custom", content }, buffers);
  }

  /** Takes the widget off every page, for good. */
  close(): void {
    this.#comm.close();
    forgetWidget(this.id);
  }

  /** The class and what differs from its defaults. */
  toString(): string {
    const isOfInterest = ([name, value]: [string, unknown]): boolean =>
      name === "value" ||
      (value !== this.#kind.defaults[name] && !/^(layout|style|_.*)$/.test(name));
    const shown = Object.fromEntries(Object.entries(this.#state).filter(isOfInterest));
    return `${this.#kind.name} ${inspect(shown, { depth: 1, breakLength: 100 })}`;
  }

  /** The whole state as pages keep it. */
  wireState(): Record<string, unknown> {
    const { name, view = `${name}View`, model = CONTROLS, viewModule = model } = this.#kind;
    return {
      _model_module: model.name,
      _model_module_version: model.version,
      _model_name: `${name}Model`,
      _view_count: null,
      _view_module: viewModule.name,
      _view_module_version: viewModule.version,
      _view_name: view,
      ...this.#wire(Object.keys(this.#state)),
    };
  }

  #receive(message: CommMessage): void {
    const data = message.data as Incoming;
    if (data.method === "update" && data.state) this.#receiveUpdate(data, message.buffers);
    else if (data.method === "request_state") this.#sendState("update", Object.keys(this.#state));
    else if (data.method === "custom") {
      const content = { ...message, data: data.content };
      callAll(this.#messageListeners, content);
    }
  }

  #receiveUpdate(
    { state = {}, buffer_paths: paths = [] }: Incoming,
    buffers: readonly Uint8Array[],
  ) {
    putBuffers(state, paths, buffers);
    // Every page is told first what one of them has set: so that it knows its own change when it comes back.
    const echo = separateBuffers(state);
    this.#post(
      { method: "echo_update", state: echo.state, buffer_paths: echo.bufferPaths },
      echo.buffers,
    );
    const names = new Map(Object.keys(this.#state).map((name) => [wireName(name), name]));
    const values: Record<string, unknown> = {};
    const sent: Record<string, unknown> = {};
    for (const [wire, value] of Object.entries(state)) {
      const name = names.get(wire);
      if (name === undefined) continue;
      values[name] = fromWire(value, findWidget);
      sent[name] = value;
    }
    this.#change(values, sent);
  }

  /** @param known - values that the pages have already, as they have them */
  #change(values: Record<string, unknown>, known: Record<string, unknown>): void {
    if (this.isClosed) {
      throw new WidgetError(
        "KERNEL_WIDGET_CLOSED",
        `${this.#kind.name}: a widget must be open to be changed, but this one was closed. Make a new one.`,
      );
    }
    const next = { ...this.#state };
    assign(this.#kind, next, values);
    const changed = Object.keys(next).filter((name) => !isSame(next[name], this.#state[name]));
    Object.assign(this.#state, next);
    const isNews = (name: string): boolean =>
      !(name in known) || !isSame(known[name], this.#wire([name])[wireName(name)]);
    this.#sendState("update", [...new Set([...changed, ...Object.keys(known)])].filter(isNews));
    for (const name of changed) callAll(this.#observers.get(name) ?? [], next[name] as never);
  }

  #sendState(method: string, names: readonly string[]): void {
    if (names.length === 0) return;
    const { state, bufferPaths, buffers } = separateBuffers(this.#wire(names));
    this.#post({ method, state, buffer_paths: bufferPaths }, buffers);
  }

  #post(data: object, buffers: readonly CommBuffer[]): void {
    if (!this.isClosed) this.#comm.send(data, { buffers });
  }

  #wire(names: readonly string[]): Record<string, unknown> {
    return Object.fromEntries(
      names.map((name) => [wireName(name), toWire(this.#state[name], isWidget)]),
    );
  }
}

/** How a widget shows itself in a notebook: live where widgets work, as text elsewhere. */
function display(this: Widget): MimeBundle {
  return {
    "application/vnd.jupyter.widget-view+json": {
      version_major: 2,
      version_minor: 0,
      model_id: this.id,
    },
    "text/plain": this.toString(),
  };
}

/** The same text for `console.log`. */
function inspectAsText(this: Widget): string {
  return this.toString();
}

Object.defineProperty(Widget.prototype, DISPLAY_SYMBOL, { value: display });
Object.defineProperty(Widget.prototype, inspect.custom, { value: inspectAsText });

interface Incoming {
  readonly method?: string;
  readonly state?: Record<string, unknown>;
  readonly buffer_paths?: readonly (readonly (string | number)[])[];
  readonly content?: unknown;
}

/** Whether a value is a widget. */
export function isWidget(value: unknown): value is Widget {
  return value instanceof Widget;
}

function assign(kind: WidgetKind, state: Record<string, unknown>, values: Record<string, unknown>) {
  for (const [name, value] of Object.entries(values)) {
    if (value === undefined) continue;
    checkKnown(kind, name, value);
    state[name] = value;
  }
  for (const name of Object.keys(values)) kind.adjust?.(state, name);
}

function checkKnown(kind: WidgetKind, name: string, value: unknown): void {
  const known = kind.defaults[name];
  if (known === undefined && !(name in kind.defaults)) {
    const names = Object.keys(kind.defaults).filter((one) => !one.startsWith("_"));
    throw new WidgetError(
      "KERNEL_WIDGET_VALUE",
      `${kind.name}: an option must be one of ${names.join(", ")}, got "${name}". Correct the name.`,
    );
  }
  if (!["number", "boolean", "string"].includes(typeof known)) return;
  if (typeof value === typeof known && !Number.isNaN(value)) return;
  throw new WidgetError(
    "KERNEL_WIDGET_VALUE",
    `${kind.name}: ${name} must be a ${typeof known}, got ${inspect(value, { depth: 0 })}. ` +
      `Pass a ${typeof known} such as ${inspect(known)}.`,
  );
}

/** Calls all listeners; the first error of one is thrown when all have been called. */
function callAll<Value>(listeners: Iterable<(value: Value) => unknown>, value: Value): void {
  const errors: unknown[] = [];
  for (const listener of listeners) {
    try {
      listener(value);
    } catch (error) {
      errors.push(error);
    }
  }
  if (errors.length > 0) throw errors[0];
}

/** Whether two values of a state are the same; lists are compared item by item. */
function isSame(one: unknown, other: unknown): boolean {
  if (Array.isArray(one) && Array.isArray(other)) {
    return one.length === other.length && one.every((item, index) => isSame(item, other[index]));
  }
  return Object.is(one, other);
}
