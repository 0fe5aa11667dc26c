// Controls that are on or off, the button, and the colour.
import {
  controlKind,
  defineControl,
  defineValueControl,
  INPUT,
  type ControlClass,
  type ControlState,
  type InputState,
  type ValueControlClass,
} from "./control.ts";
import type { Style } from "./styles.ts";

/** The look of a button: a colour of the theme. */
export type ButtonLook = "" | "primary" | "success" | "info" | "warning" | "danger";

/** State of a checkbox. */
export interface CheckboxState extends InputState<"CheckboxStyle"> {
  value: boolean;
  /** Whether it stands below other controls rather than below their descriptions. */
  indent: boolean;
}

/** State of a button that stays pressed. */
export interface ToggleButtonState extends InputState<"ToggleButtonStyle"> {
  value: boolean;
  buttonStyle: ButtonLook;
  /** Name of a Font Awesome icon, such as `"check"`. */
  icon: string;
}

/** State of a mark that says whether something is valid. */
export interface ValidState extends InputState<"DescriptionStyle"> {
  value: boolean;
  /** The text when it is not. */
  readout: string;
}

/** State of a button. */
export interface ButtonState extends ControlState {
  /** The text on the button. */
  description: string;
  disabled: boolean;
  buttonStyle: ButtonLook;
  /** Name of a Font Awesome icon, such as `"play"`. */
  icon: string;
  style: Style<"ButtonStyle">;
}

/** State of a field for a colour. */
export interface ColorPickerState extends InputState<"DescriptionStyle"> {
  /** A colour of CSS. */
  value: string;
  /** Whether only the colour is shown, without its name. */
  concise: boolean;
}

/** A box to tick. */
export const Checkbox: ValueControlClass<CheckboxState> = defineValueControl(
  controlKind("Checkbox", "CheckboxStyle", { defaults: { ...INPUT, value: false, indent: true } }),
);
/** One `Checkbox`. */
export type Checkbox = InstanceType<typeof Checkbox>;

/** A button that stays pressed. */
export const ToggleButton: ValueControlClass<ToggleButtonState> = defineValueControl(
  controlKind("ToggleButton", "ToggleButtonStyle", {
    defaults: { ...INPUT, value: false, buttonStyle: "", icon: "" },
  }),
);
/** One `ToggleButton`. */
export type ToggleButton = InstanceType<typeof ToggleButton>;

/** A mark that says whether something is valid. */
export const Valid: ValueControlClass<ValidState> = defineValueControl(
  controlKind("Valid", "DescriptionStyle", {
    defaults: { ...INPUT, value: false, readout: "Invalid" },
  }),
);
/** One `Valid`. */
export type Valid = InstanceType<typeof Valid>;

/** A field for a colour. */
export const ColorPicker: ValueControlClass<ColorPickerState> = defineValueControl(
  controlKind("ColorPicker", "DescriptionStyle", {
    defaults: { ...INPUT, value: "black", concise: false },
  }),
);
/** One `ColorPicker`. */
export type ColorPicker = InstanceType<typeof ColorPicker>;

const PlainButton: ControlClass<ButtonState> = defineControl(
  controlKind("Button", "ButtonStyle", {
    defaults: { description: "", disabled: false, buttonStyle: "", icon: "" },
  }),
);

/** A button. */
export class Button extends PlainButton {
  /** Calls `listener` at each click. @returns what ends that */
  onClick(listener: (button: this) => unknown): () => void {
    return this.onMessage(({ data }) => {
      if ((data as { event?: string } | null)?.event === "click") listener(this);
    });
  }

  /** Resolves at the next click. */
  next(): Promise<void> {
    return new Promise((resolve) => {
      const stop = this.onClick(() => {
        stop();
        resolve();
      });
    });
  }
}
