// Colours, fonts and widths inside of a control: each kind of control knows some of them.
import { defineWidget } from "./define.ts";
import { BASE, CONTROLS, type Widget } from "./widget.ts";

type Css = string | null;

/** Text colour and font; null leaves a property to the page's theme. */
export interface FontStyle {
  fontFamily: Css;
  fontSize: Css;
  fontStyle: Css;
  fontVariant: Css;
  fontWeight: Css;
  textColor: Css;
  textDecoration: Css;
}

/** The width of the description beside a control, such as `"initial"` or `"8em"`. */
export interface DescriptionStyle {
  descriptionWidth: string;
}

/** Background and text of a text control. */
export interface TextStyle extends DescriptionStyle {
  background: Css;
  fontSize: Css;
  textColor: Css;
}

/** What the style of each kind of control can set. */
export interface StyleStates {
  DescriptionStyle: DescriptionStyle;
  SliderStyle: DescriptionStyle & { handleColor: Css };
  ProgressStyle: DescriptionStyle & { barColor: Css };
  CheckboxStyle: DescriptionStyle & { background: Css };
  TextStyle: TextStyle;
  HTMLStyle: TextStyle;
  HTMLMathStyle: TextStyle;
  LabelStyle: DescriptionStyle & FontStyle & { background: Css };
  ButtonStyle: FontStyle & { buttonColor: Css };
  ToggleButtonStyle: DescriptionStyle & FontStyle;
  ToggleButtonsStyle: DescriptionStyle & { buttonWidth: string; fontWeight: string };
}

/** Names of the kinds of style. */
export type StyleName = keyof StyleStates;

/** A style whose properties can be read and set. */
export type Style<Name extends StyleName> = Widget<StyleStates[Name]> & StyleStates[Name];

const DESCRIPTION: DescriptionStyle = { descriptionWidth: "" };
const FONT: FontStyle = {
  fontFamily: null,
  fontSize: null,
  fontStyle: null,
  fontVariant: null,
  fontWeight: null,
  textColor: null,
  textDecoration: null,
};
const TEXT: TextStyle = { ...DESCRIPTION, background: null, fontSize: null, textColor: null };

const DEFAULTS: StyleStates = {
  DescriptionStyle: DESCRIPTION,
  SliderStyle: { ...DESCRIPTION, handleColor: null },
  ProgressStyle: { ...DESCRIPTION, barColor: null },
  CheckboxStyle: { ...DESCRIPTION, background: null },
  TextStyle: TEXT,
  HTMLStyle: TEXT,
  HTMLMathStyle: TEXT,
  LabelStyle: { ...DESCRIPTION, ...FONT, background: null },
  ButtonStyle: { ...FONT, buttonColor: null },
  ToggleButtonStyle: { ...DESCRIPTION, ...FONT },
  ToggleButtonsStyle: { ...DESCRIPTION, buttonWidth: "", fontWeight: "" },
};

/** A style of the kind `name`. */
export function makeStyle<Name extends StyleName>(
  name: Name,
  options: Partial<StyleStates[Name]>,
): Style<Name> {
  const kind = {
    name,
    view: "StyleView",
    model: CONTROLS,
    viewModule: BASE,
    defaults: DEFAULTS[name] as object as Record<string, unknown>,
  };
  const StyleClass = defineWidget<StyleStates[Name]>(kind);
  return new StyleClass(options);
}
