// Controls that hold text: fields to write in, and text that is only shown.
import {
  controlKind,
  defineValueControl,
  DESCRIBED,
  INPUT,
  type ControlKind,
  type DescribedState,
  type InputState,
  type ValueControlClass,
} from "./control.ts";
import type { StyleName } from "./styles.ts";

/** An empty place holder: with no text at all some browsers move the line. */
const BLANK = "\u200b";

/** State of fields for text. */
export interface TextState extends InputState<"TextStyle"> {
  value: string;
  /** Shown while the field is empty. */
  placeholder: string;
  /** Whether each key changes the value, or the enter key and leaving the field. */
  continuousUpdate: boolean;
}

/** State of a field of several lines. */
export interface TextareaState extends TextState {
  rows: number | null;
}

/** State of a field with proposals. */
export interface ComboboxState extends TextState {
  /** What the field proposes. */
  options: readonly string[];
  /** Whether only proposals are accepted. */
  ensureOption: boolean;
}

/** State of text that is shown. */
export interface ShownTextState<Name extends StyleName> extends DescribedState<Name> {
  value: string;
  placeholder: string;
}

const FIELD = { ...INPUT, value: "", placeholder: BLANK, continuousUpdate: true } as const;
const SHOWN = { ...DESCRIBED, value: "", placeholder: BLANK } as const;

const textKind = (name: string, defaults: Record<string, unknown> = {}): ControlKind =>
  controlKind(name, "TextStyle", { defaults: { ...FIELD, ...defaults } });

const PlainText: ValueControlClass<TextState> = defineValueControl(textKind("Text"));

/** A field for one line of text. */
export class Text extends PlainText {
  /** Calls `listener` with the text when the enter key is pressed. @returns what ends that */
  onSubmit(listener: (value: string) => unknown): () => void {
    return this.onMessage(({ data }) => {
      if ((data as { event?: string } | null)?.event === "submit") listener(this.value);
    });
  }
}

/** A field for text of several lines. */
export const Textarea: ValueControlClass<TextareaState> = defineValueControl(
  textKind("Textarea", { rows: null }),
);
/** One `Textarea`. */
export type Textarea = InstanceType<typeof Textarea>;

/** A field whose text is not shown. It is a comfort, no protection: the text travels as it is. */
export const Password: ValueControlClass<TextState> = defineValueControl(textKind("Password"));
/** One `Password`. */
export type Password = InstanceType<typeof Password>;

/** A field for text with proposals. */
export const Combobox: ValueControlClass<ComboboxState> = defineValueControl(
  textKind("Combobox", { options: [], ensureOption: false }),
);
/** One `Combobox`. */
export type Combobox = InstanceType<typeof Combobox>;

/** Text beside other controls. */
export const Label: ValueControlClass<ShownTextState<"LabelStyle">> = defineValueControl(
  controlKind("Label", "LabelStyle", { defaults: SHOWN }),
);
/** One `Label`. */
export type Label = InstanceType<typeof Label>;

/** HTML. */
export const HTML: ValueControlClass<ShownTextState<"HTMLStyle">> = defineValueControl(
  controlKind("HTML", "HTMLStyle", { defaults: SHOWN }),
);
/** One `HTML`. */
export type HTML = InstanceType<typeof HTML>;

/** HTML with formulas between dollar signs. */
export const HTMLMath: ValueControlClass<ShownTextState<"HTMLMathStyle">> = defineValueControl(
  controlKind("HTMLMath", "HTMLMathStyle", { defaults: SHOWN }),
);
/** One `HTMLMath`. */
export type HTMLMath = InstanceType<typeof HTMLMath>;
