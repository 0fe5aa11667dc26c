// Sliders with two handles: a lower and an upper number.
import {
  controlKind,
  defineValueControl,
  type ControlKind,
  type ValueControlClass,
} from "./control.ts";
import { checkBounds, clamp, SLIDER, type SliderState } from "./numbers.ts";
import { WidgetError } from "./widget-error.ts";

/** A lower and an upper number. */
export type NumberRange = readonly [low: number, high: number];

function rangeKind(name: string, isWhole: boolean, defaults: Record<string, unknown>): ControlKind {
  const round = isWhole ? Math.round : (value: number): number => value;
  return controlKind(name, "SliderStyle", {
    defaults: { ...SLIDER, value: [25, 75], ...defaults },
    adjust: (state) => {
      const bounds = checkBounds(name, state);
      const [low, high] = readRange(name, state["value"]);
      state["value"] = [clamp(round(low), bounds), clamp(round(high), bounds)];
    },
  });
}

function readRange(name: string, value: unknown): NumberRange {
  const [low, high] = Array.isArray(value) ? (value as unknown[]) : [];
  if (typeof low === "number" && typeof high === "number" && low <= high) return [low, high];
  throw new WidgetError(
    "KERNEL_WIDGET_VALUE",
    `${name}: value must be two numbers [low, high], got ${JSON.stringify(value)}. Pass for example [25, 75].`,
  );
}

/** A slider for two whole numbers. */
export const IntRangeSlider: ValueControlClass<SliderState<NumberRange>> = defineValueControl(
  rangeKind("IntRangeSlider", true, { step: 1, readoutFormat: "d" }),
);
/** One `IntRangeSlider`. */
export type IntRangeSlider = InstanceType<typeof IntRangeSlider>;

/** A slider for two numbers. */
export const FloatRangeSlider: ValueControlClass<SliderState<NumberRange>> = defineValueControl(
  rangeKind("FloatRangeSlider", false, { step: 0.1, readoutFormat: ".2f" }),
);
/** One `FloatRangeSlider`. */
export type FloatRangeSlider = InstanceType<typeof FloatRangeSlider>;
