// The place and size of a widget on the page, in the words of CSS.
import { defineWidget, type WidgetClass } from "./define.ts";
import { BASE, type Widget } from "./widget.ts";

type Css = string | null;

/** CSS properties of a widget's box; null leaves one to the page. Lengths are text with a unit, such as `"50%"`. */
export interface LayoutState {
  alignContent: Css;
  alignItems: Css;
  alignSelf: Css;
  borderBottom: Css;
  borderLeft: Css;
  borderRight: Css;
  borderTop: Css;
  bottom: Css;
  display: Css;
  flex: Css;
  flexFlow: Css;
  gridArea: Css;
  gridAutoColumns: Css;
  gridAutoFlow: Css;
  gridAutoRows: Css;
  gridColumn: Css;
  gridGap: Css;
  gridRow: Css;
  gridTemplateAreas: Css;
  gridTemplateColumns: Css;
  gridTemplateRows: Css;
  height: Css;
  justifyContent: Css;
  justifyItems: Css;
  left: Css;
  margin: Css;
  maxHeight: Css;
  maxWidth: Css;
  minHeight: Css;
  minWidth: Css;
  objectFit: Css;
  objectPosition: Css;
  order: Css;
  overflow: Css;
  padding: Css;
  right: Css;
  top: Css;
  visibility: "visible" | "hidden" | "inherit" | "initial" | "unset" | null;
  width: Css;
}

/** What a layout is made of: its properties, and `border` for all four sides. */
export type LayoutOptions = Partial<LayoutState> & { readonly border?: string };

const NAMES =
  "alignContent alignItems alignSelf borderBottom borderLeft borderRight borderTop bottom display flex flexFlow " +
  "gridArea gridAutoColumns gridAutoFlow gridAutoRows gridColumn gridGap gridRow gridTemplateAreas " +
  "gridTemplateColumns gridTemplateRows height justifyContent justifyItems left margin maxHeight maxWidth " +
  "minHeight minWidth objectFit objectPosition order overflow padding right top visibility width";

const PlainLayout: WidgetClass<LayoutState> = defineWidget({
  name: "Layout",
  model: BASE,
  defaults: Object.fromEntries(NAMES.split(" ").map((name) => [name, null])),
});

/** The layout of one or several widgets. */
export class Layout extends PlainLayout {
  constructor({ border, ...options }: LayoutOptions = {}) {
    const sides = {
      borderTop: border,
      borderRight: border,
      borderBottom: border,
      borderLeft: border,
    };
    super({ ...(border === undefined ? {} : (sides as Partial<LayoutState>)), ...options });
  }
}

/** The layout that options name: itself, or a new one. */
export function layoutOf(options: Widget | LayoutOptions = {}): Layout {
  return options instanceof Layout ? options : new Layout(options as LayoutOptions);
}
