// Making a class of widgets from the description of its kind: each value of the state becomes a property.
import { Widget, type WidgetKind } from "./widget.ts";

/** A class of widgets whose state can be read and set as properties. */
export type WidgetClass<State extends object, Options = Partial<State>> = new (
  options?: Options,
) => Widget<State> & State;

/** A class of widgets of one kind that has neither layout nor style. */
export function defineWidget<State extends object>(kind: WidgetKind): WidgetClass<State> {
  class Defined extends Widget<State> {
    constructor(values: object = {}) {
      super(kind, values);
    }
  }
  return withProperties(Defined, kind) as unknown as WidgetClass<State>;
}

/** Gives a class one property for each value of its state, unless it has one of that name. */
export function withProperties<Class extends { readonly prototype: object }>(
  widgetClass: Class,
  kind: WidgetKind,
): Class {
  for (const name of Object.keys(kind.defaults)) {
    if (name in widgetClass.prototype || name.startsWith("_")) continue;
    Object.defineProperty(widgetClass.prototype, name, {
      get(this: Widget<Record<string, unknown>>) {
        return this.get(name);
      },
      set(this: Widget<Record<string, unknown>>, value: unknown) {
        this.set({ [name]: value });
      },
      enumerable: true,
      configurable: true,
    });
  }
  return widgetClass;
}
