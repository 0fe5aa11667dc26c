// Controls that choose among options: the page knows the labels, the values stay in the kernel.
import {
  Control,
  controlKind,
  INPUT,
  nextValue,
  type ControlKind,
  type ControlOptions,
  type InputState,
} from "./control.ts";
import { withProperties } from "./define.ts";
import { SLIDER, type Orientation, type SliderBehavior } from "./numbers.ts";
import type { StyleName } from "./styles.ts";
import { WidgetError } from "./widget-error.ts";
import type { ButtonLook } from "./toggles.ts";

/** What can be chosen: values that are their own labels, or values by label. */
export type Choices<Value> =
  | readonly Value[]
  | Readonly<Record<string, Value>>
  | ReadonlyMap<string, Value>;

type Description = "DescriptionStyle";

/** State of a dropdown menu. */
export type DropdownState = InputState<Description>;
/** State of a list of round buttons. */
export interface RadioState extends InputState<Description> {
  orientation: Orientation;
}
/** State of a list. */
export interface SelectState extends InputState<Description> {
  rows: number | null;
}
/** State of a row of buttons of which one is pressed. */
export interface ToggleButtonsState extends InputState<"ToggleButtonsStyle"> {
  buttonStyle: ButtonLook;
  /** Names of Font Awesome icons, one for each button. */
  icons: readonly string[];
  /** Shown when the pointer rests on a button, one for each. */
  tooltips: readonly string[];
}
/** State of a slider over options. */
export interface SelectionSliderState extends InputState<"SliderStyle"> {
  orientation: Orientation;
  readout: boolean;
  continuousUpdate: boolean;
  behavior: SliderBehavior;
}

/** Options of a control that chooses one of `Value`. */
export type ChoiceOptions<Value, State, Chosen = Value> = ControlOptions<State> & {
  readonly options: Choices<Value>;
  /** What is chosen at first. */
  readonly value?: Chosen;
};

/** How what is chosen is kept as an index or several. */
interface Mode<Value, Chosen> {
  readonly first: unknown;
  readonly valueAt: (index: unknown, values: readonly Value[]) => Chosen;
  readonly indexOf: (value: Chosen, find: (value: Value) => number) => unknown;
}

interface ChoiceInput<Value, Chosen> {
  readonly options: Choices<Value>;
  readonly value?: Chosen;
}

interface Index {
  index: unknown;
  _optionsLabels: readonly string[];
}

const one = <Value>(): Mode<Value, Value> => ({
  first: 0,
  valueAt: (index, values) => values[index as number] as Value,
  indexOf: (value, find) => find(value),
});

const several = <Value>(): Mode<Value, readonly Value[]> => ({
  first: [],
  valueAt: (indices, values) => (indices as number[]).map((index) => values[index] as Value),
  indexOf: (chosen, find) => chosen.map(find),
});

const between = <Value>(): Mode<Value, readonly [Value, Value]> => ({
  ...(several<Value>() as unknown as Mode<Value, readonly [Value, Value]>),
  first: [0, 0],
});

/** A control that chooses among options. `Chosen` is what its `value` is. */
export class Choice<Value, Chosen, State extends object> extends Control<State & Index> {
  readonly #mode: Mode<Value, Chosen>;
  readonly #name: string;
  #values: readonly Value[];

  constructor(
    kind: ControlKind,
    mode: Mode<Value, Chosen>,
    { options: choices, value, ...rest }: ChoiceInput<Value, Chosen>,
  ) {
    const { labels, values } = readChoices(kind.name, choices);
    const find = (one: Value): number => indexIn(kind.name, values, one);
    const index = value === undefined ? mode.first : mode.indexOf(value, find);
    super(kind, { ...rest, _optionsLabels: labels, index });
    this.#name = kind.name;
    this.#mode = mode;
    this.#values = values;
  }

  /** The values that can be chosen. */
  get options(): readonly Value[] {
    return this.#values;
  }

  /** Replaces what can be chosen; what was chosen stays when it is among the new options. */
  setOptions(choices: Choices<Value>): void {
    const { labels, values } = readChoices(this.#name, choices);
    const chosen = this.value;
    this.#values = values;
    const isKept = (Array.isArray(chosen) ? chosen : [chosen]).every((one) => values.includes(one));
    const index = isKept ? this.#indexOf(chosen) : this.#mode.first;
    this.#set({ _optionsLabels: labels, index });
  }

  /** What is chosen. */
  get value(): Chosen {
    return this.#mode.valueAt(this.get("index" as never), this.#values);
  }

  set value(value: Chosen) {
    this.#set({ index: this.#indexOf(value) });
  }

  /** Calls `listener` with each new choice, whoever has made it. @returns what ends that */
  onChange(listener: (value: Chosen) => unknown): () => void {
    return this.observe("index" as never, () => listener(this.value));
  }

  /** Resolves with the next choice. */
  next(): Promise<Chosen> {
    return nextValue(this);
  }

  #indexOf(value: Chosen): unknown {
    return this.#mode.indexOf(value, (one) => indexIn(this.#name, this.#values, one));
  }

  #set(values: Partial<Index>): void {
    this.set(values as Partial<State & Index>);
  }
}

function choiceKind(
  name: string,
  style: StyleName,
  defaults: Record<string, unknown> = {},
): ControlKind {
  return controlKind(name, style, {
    defaults: { ...INPUT, index: null, _optionsLabels: [], ...defaults },
  });
}

const DROPDOWN = choiceKind("Dropdown", "DescriptionStyle");
const RADIO = choiceKind("RadioButtons", "DescriptionStyle", { orientation: "vertical" });
const SELECT = choiceKind("Select", "DescriptionStyle", { rows: 5 });
const MULTIPLE = choiceKind("SelectMultiple", "DescriptionStyle", { rows: 5 });
const BUTTONS = choiceKind("ToggleButtons", "ToggleButtonsStyle", {
  buttonStyle: "",
  icons: [],
  tooltips: [],
});
const { min: _min, max: _max, ...OVER_OPTIONS } = SLIDER;
const SLIDE = choiceKind("SelectionSlider", "SliderStyle", OVER_OPTIONS);
const SLIDE_RANGE = choiceKind("SelectionRangeSlider", "SliderStyle", OVER_OPTIONS);

/** A class of controls that choose one of their options. */
export type OneOfClass<State extends object> = new <Value>(
  options: ChoiceOptions<Value, State>,
) => Choice<Value, Value, State> & State;

/** A class of controls that choose several of their options. */
export type SeveralOfClass<State extends object> = new <Value>(
  options: ChoiceOptions<Value, State, readonly Value[]>,
) => Choice<Value, readonly Value[], State> & State;

/** A class of controls that choose the first and the last of some options in a row. */
export type RangeOfClass<State extends object> = new <Value>(
  options: ChoiceOptions<Value, State, readonly [Value, Value]>,
) => Choice<Value, readonly [Value, Value], State> & State;

/** A menu that unfolds. */
export const Dropdown: OneOfClass<DropdownState> = defineChoice(
  DROPDOWN,
  one(),
) as OneOfClass<DropdownState>;
/** One `Dropdown`. */
export type Dropdown<Value> = Choice<Value, Value, DropdownState> & DropdownState;
/** A list of round buttons. */
export const RadioButtons: OneOfClass<RadioState> = defineChoice(
  RADIO,
  one(),
) as OneOfClass<RadioState>;
/** One `RadioButtons`. */
export type RadioButtons<Value> = Choice<Value, Value, RadioState> & RadioState;
/** A list in a frame. */
export const Select: OneOfClass<SelectState> = defineChoice(
  SELECT,
  one(),
) as OneOfClass<SelectState>;
/** One `Select`. */
export type Select<Value> = Choice<Value, Value, SelectState> & SelectState;
/** A list in a frame, of which several can be chosen. */
export const SelectMultiple: SeveralOfClass<SelectState> = defineChoice(
  MULTIPLE,
  several(),
) as SeveralOfClass<SelectState>;
/** One `SelectMultiple`. */
export type SelectMultiple<Value> = Choice<Value, readonly Value[], SelectState> & SelectState;
/** A row of buttons of which one is pressed. */
export const ToggleButtons: OneOfClass<ToggleButtonsState> = defineChoice(
  BUTTONS,
  one(),
) as OneOfClass<ToggleButtonsState>;
/** One `ToggleButtons`. */
export type ToggleButtons<Value> = Choice<Value, Value, ToggleButtonsState> & ToggleButtonsState;
/** A slider over options in their order. */
export const SelectionSlider: OneOfClass<SelectionSliderState> = defineChoice(
  SLIDE,
  one(),
) as OneOfClass<SelectionSliderState>;
/** One `SelectionSlider`. */
export type SelectionSlider<Value> = Choice<Value, Value, SelectionSliderState> &
  SelectionSliderState;
/** A slider over options with two handles: `value` is the first and the last one. */
export const SelectionRangeSlider: RangeOfClass<SelectionSliderState> = defineChoice(
  SLIDE_RANGE,
  between(),
) as RangeOfClass<SelectionSliderState>;
/** One `SelectionRangeSlider`. */
export type SelectionRangeSlider<Value> = Choice<
  Value,
  readonly [Value, Value],
  SelectionSliderState
> &
  SelectionSliderState;

function defineChoice(kind: ControlKind, mode: unknown): object {
  class Defined extends Choice<unknown, unknown, object> {
    constructor(options: ChoiceInput<unknown, unknown>) {
      super(kind, mode as Mode<unknown, unknown>, options);
    }
  }
  return withProperties(Defined, kind);
}

function readChoices<Value>(
  kind: string,
  choices: Choices<Value>,
): { labels: readonly string[]; values: readonly Value[] } {
  const pairs = pairsOf(choices);
  if (pairs.length > 0) {
    return { labels: pairs.map(([label]) => label), values: pairs.map(([, value]) => value) };
  }
  throw new WidgetError(
    "KERNEL_WIDGET_VALUE",
    `${kind}: options must name at least one thing to choose, got none. Pass for example ["a", "b"].`,
  );
}

function pairsOf<Value>(choices: Choices<Value>): readonly (readonly [string, Value])[] {
  if (Array.isArray(choices)) return (choices as Value[]).map((value) => [String(value), value]);
  if (choices instanceof Map) return [...(choices as Map<string, Value>)];
  return Object.entries((choices ?? {}) as Record<string, Value>);
}

function indexIn<Value>(kind: string, values: readonly Value[], value: Value): number {
  const index = values.indexOf(value);
  if (index >= 0) return index;
  throw new WidgetError(
    "KERNEL_WIDGET_VALUE",
    `${kind}: value must be one of the options, got ${String(value)}. ` +
      "Pass one of them, or replace them first with setOptions.",
  );
}
