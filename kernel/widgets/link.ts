// Links that the page keeps by itself: two values that stay equal, also when no kernel is listening.
import { defineWidget, type WidgetClass } from "./define.ts";
import type { StateName, Widget } from "./widget.ts";
import { wireName } from "./wire-format.ts";

/** A value of a widget, by its name. */
export type LinkEnd<State extends object> = readonly [
  widget: Widget<State>,
  name: StateName<State>,
];

interface LinkState {
  source: readonly [widget: Widget, name: string];
  target: readonly [widget: Widget, name: string];
}

const kind = (name: string) => ({ name, view: null, defaults: { source: [], target: [] } });
const Link: WidgetClass<LinkState> = defineWidget(kind("Link"));
const DirectionalLink: WidgetClass<LinkState> = defineWidget(kind("DirectionalLink"));

const endOf = <State extends object>([widget, name]: LinkEnd<State>) =>
  [widget as Widget, wireName(name)] as const;

/** Keeps two values equal, in the page: `link([play, "value"], [slider, "value"])`. `close` of the result ends it. */
export function link<One extends object, Other extends object>(
  source: LinkEnd<One>,
  target: LinkEnd<Other>,
): Widget {
  return new Link({ source: endOf(source), target: endOf(target) });
}

/** Copies each new value of `source` to `target`, in the page. `close` of the result ends it. */
export function directionalLink<One extends object, Other extends object>(
  source: LinkEnd<One>,
  target: LinkEnd<Other>,
): Widget {
  return new DirectionalLink({ source: endOf(source), target: endOf(target) });
}
