// What is seen on the page: a widget with a layout, most with a description, a style and a value.
import { withProperties } from "./define.ts";
import { layoutOf, type Layout, type LayoutOptions } from "./layout.ts";
import { makeStyle, type Style, type StyleName, type StyleStates } from "./styles.ts";
import { isWidget, Widget, type StateName, type WidgetKind } from "./widget.ts";

/** State of everything that is seen. */
export interface ControlState {
  layout: Layout;
  /** Shown when the pointer rests on the widget. */
  tooltip: string | null;
  /** Whether the tab key reaches the widget; null leaves that to the page. */
  tabbable: boolean | null;
}

/** State of a control with a description beside it and a style. */
export interface DescribedState<Name extends StyleName> extends ControlState {
  /** The text beside the control. */
  description: string;
  /** Whether the description is HTML. */
  descriptionAllowHtml: boolean;
  style: Style<Name>;
}

/** State of a control that can be switched off. */
export interface InputState<Name extends StyleName> extends DescribedState<Name> {
  /** Greyed out and deaf. */
  disabled: boolean;
}

/** Options of a control: values of its state, with plain objects for layout and style. */
export type ControlOptions<State> = Partial<Omit<State, "layout" | "style">> & {
  readonly layout?: Layout | LayoutOptions;
  readonly style?: State extends { style: Style<infer Name> }
    ? Style<Name> | Partial<StyleStates[Name]>
    : never;
};

/** A kind of widget that is seen. */
export interface ControlKind extends WidgetKind {
  readonly style?: StyleName | undefined;
}

/** A class of controls whose state can be read and set as properties. */
export type ControlClass<State extends object> = new (
  options?: ControlOptions<State>,
) => Control<State> & State;

/** A class of controls that hold a value. */
export type ValueControlClass<State extends { value: unknown }> = new (
  options?: ControlOptions<State>,
) => ValueControl<State> & State;

/** State that every described control starts with. */
export const DESCRIBED = { description: "", descriptionAllowHtml: false } as const;
/** State that every input starts with. */
export const INPUT: typeof DESCRIBED & { readonly disabled: false } = {
  ...DESCRIBED,
  disabled: false,
};

/** The kind of a control: its own values, and those that all controls have. */
export function controlKind(
  name: string,
  style: StyleName | undefined,
  kind: Omit<ControlKind, "name" | "style">,
): ControlKind {
  const common = { _domClasses: [], layout: null, tooltip: null, tabbable: null };
  const defaults = { ...common, ...(style && { style: null }), ...kind.defaults };
  return { ...kind, name, style, defaults };
}

/** Something that is seen. */
export class Control<State extends object = object> extends Widget<State> {
  constructor(kind: ControlKind, options: object = {}) {
    super(kind, withParts(kind, options as Record<string, unknown>));
  }
}

/** A control with a value, which code can follow. */
export class ValueControl<State extends { value: unknown }> extends Control<State> {
  /** Calls `listener` with each new value, whoever has set it. @returns what ends that */
  onChange(listener: (value: State["value"]) => unknown): () => void {
    return this.observe("value" as StateName<State>, listener);
  }

  /** Resolves with the next value. */
  next(): Promise<State["value"]> {
    return nextValue(this);
  }

  /** The values to come, one after the other; what changes while the loop's body waits is skipped but the last. */
  async *[Symbol.asyncIterator](): AsyncGenerator<State["value"], never, undefined> {
    let isNew = false;
    let wake = (): void => undefined;
    const stop = this.onChange(() => {
      isNew = true;
      wake();
    });
    try {
      for (;;) {
        if (!isNew) await new Promise<void>((resolve) => (wake = resolve));
        isNew = false;
        yield this.get("value" as StateName<State>) as State["value"];
      }
    } finally {
      stop();
    }
  }
}

/** Resolves with the value that a control changes to next. */
export function nextValue<Value>(control: {
  onChange(listener: (value: Value) => unknown): () => void;
}): Promise<Value> {
  return new Promise((resolve) => {
    const stop = control.onChange((value) => {
      stop();
      resolve(value);
    });
  });
}

/** A class of controls of one kind. */
export function defineControl<State extends object>(kind: ControlKind): ControlClass<State> {
  class Defined extends Control<State> {
    constructor(options?: object) {
      super(kind, options);
    }
  }
  return withProperties(Defined, kind) as unknown as ControlClass<State>;
}

/** A class of controls of one kind that hold a value. */
export function defineValueControl<State extends { value: unknown }>(
  kind: ControlKind,
): ValueControlClass<State> {
  class Defined extends ValueControl<State> {
    constructor(options?: object) {
      super(kind, options);
    }
  }
  return withProperties(Defined, kind) as unknown as ValueControlClass<State>;
}

/** The options with widgets in place of the plain objects for layout and style. */
function withParts(kind: ControlKind, options: Record<string, unknown>): object {
  const { layout, style, ...values } = options;
  return {
    ...values,
    layout: layoutOf(layout as LayoutOptions),
    ...(kind.style && { style: isWidget(style) ? style : makeStyle(kind.style, style ?? {}) }),
  };
}
