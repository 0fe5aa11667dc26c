// Controls that hold one number: sliders, fields, progress bars and the player.
import {
  controlKind,
  DESCRIBED,
  defineValueControl,
  INPUT,
  type ControlKind,
  type ControlState,
  type DescribedState,
  type InputState,
  type ValueControlClass,
} from "./control.ts";
import type { StyleName } from "./styles.ts";
import { WidgetError } from "./widget-error.ts";

/** Which way a bar runs. */
export type Orientation = "horizontal" | "vertical";

/** How the handle of a slider follows the pointer. */
export type SliderBehavior = "drag-tap" | "drag-snap" | "tap" | "drag" | "snap";

/** A number between bounds. */
interface Bounded {
  value: number;
  min: number;
  max: number;
}

/** State of sliders, also of those that hold two numbers. */
export interface SliderState<Value> extends InputState<"SliderStyle"> {
  value: Value;
  min: number;
  max: number;
  step: number;
  orientation: Orientation;
  /** Whether the value is written beside the slider. */
  readout: boolean;
  /** How it is written, in the notation of d3-format, such as `".2f"`. */
  readoutFormat: string;
  /** Whether the value follows the handle while it is dragged, or is set when it is dropped. */
  continuousUpdate: boolean;
  behavior: SliderBehavior;
}

/** State of a slider whose value is `base` to the power of its position, which runs from `min` to `max`. */
export interface LogSliderState extends SliderState<number> {
  base: number;
}

/** State of fields for a number. */
export interface NumberTextState extends InputState<"DescriptionStyle"> {
  value: number;
  step: number | null;
  /** Whether each key changes the value, or the enter key and leaving the field. */
  continuousUpdate: boolean;
}

/** State of progress bars. */
export interface ProgressState extends DescribedState<"ProgressStyle">, Bounded {
  barStyle: "" | "success" | "info" | "warning" | "danger";
  orientation: Orientation;
}

/** State of the player: buttons that count. */
export interface PlayState extends InputState<"DescriptionStyle">, Bounded {
  step: number;
  /** Milliseconds from one number to the next. */
  interval: number;
  playing: boolean;
  repeat: boolean;
  /** Whether there is a button for `repeat`. */
  showRepeat: boolean;
}

type SliderOwn = "value" | "step" | "readoutFormat" | "style" | keyof ControlState;

/** The defaults of sliders besides value and step. */
export const SLIDER: Omit<SliderState<number>, SliderOwn> = {
  ...INPUT,
  min: 0,
  max: 100,
  orientation: "horizontal",
  readout: true,
  continuousUpdate: true,
  behavior: "drag-tap",
};

/** Refuses bounds in the wrong order. @returns the bounds */
export function checkBounds(kind: string, state: Record<string, unknown>): [number, number] {
  const { min, max } = state as { min: number; max: number };
  if (min <= max) return [min, max];
  throw new WidgetError(
    "KERNEL_WIDGET_VALUE",
    `${kind}: min must not be above max, got min ${min} and max ${max}. Set both at once: set({ min, max }).`,
  );
}

/** Keeps a value between its bounds. */
export const clamp = (value: number, [min, max]: [number, number]): number =>
  Math.min(max, Math.max(min, value));

function numberKind(
  name: string,
  style: StyleName,
  { isWhole, ...kind }: Omit<ControlKind, "name" | "style"> & { readonly isWhole: boolean },
): ControlKind {
  const isBounded = "min" in kind.defaults && !("base" in kind.defaults);
  const adjust = (state: Record<string, unknown>): void => {
    const value = state["value"] as number;
    const whole = isWhole ? Math.round(value) : value;
    state["value"] = isBounded ? clamp(whole, checkBounds(name, state)) : whole;
  };
  return controlKind(name, style, { adjust, ...kind });
}

/** A slider for a whole number. */
export const IntSlider: ValueControlClass<SliderState<number>> = defineValueControl(
  numberKind("IntSlider", "SliderStyle", {
    isWhole: true,
    defaults: { ...SLIDER, value: 0, step: 1, readoutFormat: "d" },
  }),
);
/** One `IntSlider`. */
export type IntSlider = InstanceType<typeof IntSlider>;

/** A slider for any number. */
export const FloatSlider: ValueControlClass<SliderState<number>> = defineValueControl(
  numberKind("FloatSlider", "SliderStyle", {
    isWhole: false,
    defaults: { ...SLIDER, value: 0, step: 0.1, readoutFormat: ".2f" },
  }),
);
/** One `FloatSlider`. */
export type FloatSlider = InstanceType<typeof FloatSlider>;

/** A slider for numbers of different magnitude: it moves over the exponent. */
export const FloatLogSlider: ValueControlClass<LogSliderState> = defineValueControl(
  numberKind("FloatLogSlider", "SliderStyle", {
    isWhole: false,
    defaults: { ...SLIDER, value: 1, max: 4, step: 0.1, base: 10, readoutFormat: ".3g" },
    adjust: (state) => {
      const base = state["base"] as number;
      const [min, max] = checkBounds("FloatLogSlider", state);
      state["value"] = clamp(state["value"] as number, [base ** min, base ** max]);
    },
  }),
);
/** One `FloatLogSlider`. */
export type FloatLogSlider = InstanceType<typeof FloatLogSlider>;

const FIELD = { ...INPUT, value: 0, continuousUpdate: false } as const;

/** A field for a whole number. */
export const IntText: ValueControlClass<NumberTextState> = defineValueControl(
  numberKind("IntText", "DescriptionStyle", { isWhole: true, defaults: { ...FIELD, step: 1 } }),
);
/** One `IntText`. */
export type IntText = InstanceType<typeof IntText>;

/** A field for any number. */
export const FloatText: ValueControlClass<NumberTextState> = defineValueControl(
  numberKind("FloatText", "DescriptionStyle", {
    isWhole: false,
    defaults: { ...FIELD, step: null },
  }),
);
/** One `FloatText`. */
export type FloatText = InstanceType<typeof FloatText>;

/** A field for a whole number between `min` and `max`. */
export const BoundedIntText: ValueControlClass<NumberTextState & Bounded> = defineValueControl(
  numberKind("BoundedIntText", "DescriptionStyle", {
    isWhole: true,
    view: "IntTextView",
    defaults: { ...FIELD, step: 1, min: 0, max: 100 },
  }),
);
/** One `BoundedIntText`. */
export type BoundedIntText = InstanceType<typeof BoundedIntText>;

/** A field for a number between `min` and `max`. */
export const BoundedFloatText: ValueControlClass<NumberTextState & Bounded> = defineValueControl(
  numberKind("BoundedFloatText", "DescriptionStyle", {
    isWhole: false,
    view: "FloatTextView",
    defaults: { ...FIELD, step: null, min: 0, max: 100 },
  }),
);
/** One `BoundedFloatText`. */
export type BoundedFloatText = InstanceType<typeof BoundedFloatText>;

const PROGRESS = {
  ...DESCRIBED,
  value: 0,
  min: 0,
  max: 100,
  barStyle: "",
  orientation: "horizontal",
} as const;

/** A bar that fills, counted in whole numbers. */
export const IntProgress: ValueControlClass<ProgressState> = defineValueControl(
  numberKind("IntProgress", "ProgressStyle", {
    isWhole: true,
    view: "ProgressView",
    defaults: PROGRESS,
  }),
);
/** One `IntProgress`. */
export type IntProgress = InstanceType<typeof IntProgress>;

/** A bar that fills. */
export const FloatProgress: ValueControlClass<ProgressState> = defineValueControl(
  numberKind("FloatProgress", "ProgressStyle", {
    isWhole: false,
    view: "ProgressView",
    defaults: PROGRESS,
  }),
);
/** One `FloatProgress`. */
export type FloatProgress = InstanceType<typeof FloatProgress>;

/** Buttons that count by themselves; link the value to a slider's to see an animation. */
export const Play: ValueControlClass<PlayState> = defineValueControl(
  numberKind("Play", "DescriptionStyle", {
    isWhole: true,
    defaults: {
      ...INPUT,
      value: 0,
      min: 0,
      max: 100,
      step: 1,
      interval: 100,
      playing: false,
      repeat: false,
      showRepeat: true,
    },
  }),
);
/** One `Play`. */
export type Play = InstanceType<typeof Play>;
