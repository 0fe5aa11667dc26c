// Short ways to name a control: a number, a range, a list of choices, a text, a truth value.
import { inspect } from "node:util";
import { Control } from "./control.ts";
import { FloatSlider, IntSlider } from "./numbers.ts";
import { Dropdown } from "./selections.ts";
import { Text } from "./texts.ts";
import { Checkbox } from "./toggles.ts";
import { WidgetError } from "./widget-error.ts";

/** A control whose value can be followed. */
export interface Followable<Value> {
  readonly value: Value;
  onChange(listener: (value: Value) => unknown): () => void;
}

/** A value that is passed on without a control. */
export class Fixed<Value> {
  readonly value: Value;

  constructor(value: Value) {
    this.value = value;
  }
}

/** Passes `value` on without a control. */
export function fixed<const Value>(value: Value): Fixed<Value> {
  return new Fixed(value);
}

/** From, to, and the size of a step. */
export type RangeAbbreviation =
  | readonly [min: number, max: number]
  | readonly [min: number, max: number, step: number];

/** What stands for a control. */
export type Abbreviation =
  | number
  | string
  | boolean
  | RangeAbbreviation
  | readonly unknown[]
  | Fixed<unknown>
  | Followable<unknown>
  | Readonly<Record<string, unknown>>;

/** The type of the value that a control gives, from what stands for it. */
export type ValueOf<Short> =
  Short extends Fixed<infer Value>
    ? Value
    : Short extends Followable<infer Value>
      ? Value
      : Short extends boolean
        ? boolean
        : Short extends number
          ? number
          : Short extends string
            ? string
            : Short extends RangeAbbreviation
              ? number
              : Short extends readonly (infer Value)[]
                ? Value
                : Short extends Readonly<Record<string, infer Value>>
                  ? Value
                  : never;

/**
 * The control that an abbreviation stands for.
 *
 * A truth value is a checkbox and a text a field; a number is a slider from minus the number to three times it, two
 * or three numbers are a slider from, to and by; any other list, and an object with values by label, is a menu.
 *
 * @throws {WidgetError} when it stands for none
 */
export function controlFor(
  name: string,
  short: unknown,
): (Control & Followable<unknown>) | Fixed<unknown> {
  const options = { description: name };
  if (short instanceof Fixed) return short;
  if (short instanceof Control && "onChange" in short) {
    return short as unknown as Control & Followable<unknown>;
  }
  if (typeof short === "boolean") return new Checkbox({ ...options, value: short });
  if (typeof short === "string") return new Text({ ...options, value: short });
  if (typeof short === "number") return sliderAround(short, options);
  if (isRange(short)) return sliderBetween(short, options);
  if (Array.isArray(short)) return new Dropdown({ ...options, options: short as unknown[] });
  if (isPlainObject(short)) return new Dropdown({ ...options, options: short });
  throw new WidgetError(
    "KERNEL_WIDGET_VALUE",
    `interact: ${name} must be a number, a text, a truth value, [min, max, step], a list of choices or a control, ` +
      `got ${inspect(short, { depth: 0 })}. Pass one of these, or fixed(value) for a value without a control.`,
  );
}

interface Described {
  readonly description: string;
}

function sliderAround(value: number, options: Described): Control & Followable<unknown> {
  const ends = value === 0 ? [0, 1] : [-value, 3 * value];
  const [min, max] = [Math.min(...ends), Math.max(...ends)];
  if (Number.isInteger(value)) return new IntSlider({ ...options, min, max, value });
  return new FloatSlider({ ...options, min, max, value });
}

function sliderBetween(
  [min, max, step]: RangeAbbreviation,
  options: Described,
): Control & Followable<unknown> {
  const isWhole = [min, max, step ?? 1].every(Number.isInteger);
  const stepOption = step === undefined ? {} : { step };
  if (isWhole) {
    const middle = min + Math.floor((max - min) / 2 / (step ?? 1)) * (step ?? 1);
    return new IntSlider({ ...options, ...stepOption, min, max, value: middle });
  }
  const size = step ?? 0.1;
  const steps = Math.floor((max - min) / 2 / size + 1e-9);
  // Without rounding, three steps of 0.1 are 0.30000000000000004.
  const middle = Number((min + steps * size).toPrecision(12));
  return new FloatSlider({
    ...options,
    ...stepOption,
    ...readoutFor(step),
    min,
    max,
    value: middle,
  });
}

/** As many digits as the step has: a slider by 0.001 would read 0.00 all the way. */
function readoutFor(step: number | undefined): { readoutFormat?: string } {
  const digits = step === undefined ? 0 : (/\.(\d+)$/.exec(String(step))?.[1]?.length ?? 0);
  if (step !== undefined && /e-/.test(String(step))) return { readoutFormat: ".2e" };
  return digits > 2 ? { readoutFormat: `.${digits}f` } : {};
}

function isRange(short: unknown): short is RangeAbbreviation {
  return (
    Array.isArray(short) &&
    (short.length === 2 || short.length === 3) &&
    short.every((one) => typeof one === "number")
  );
}

function isPlainObject(short: unknown): short is Record<string, unknown> {
  if (typeof short !== "object" || short === null) return false;
  const prototype: unknown = Object.getPrototypeOf(short);
  return prototype === Object.prototype || prototype === null;
}
