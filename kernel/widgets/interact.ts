// A function with a control for each of its arguments: it runs again whenever one of them changes.
import {
  controlFor,
  Fixed,
  type Abbreviation,
  type Followable,
  type ValueOf,
} from "./abbreviations.ts";
import { VBox } from "./boxes.ts";
import type { Control } from "./control.ts";
import { Output } from "./output.ts";
import { Button } from "./toggles.ts";
import type { Widget } from "./widget.ts";

/** The arguments that controls give, by name. */
export type ArgumentsOf<Controls> = { -readonly [Name in keyof Controls]: ValueOf<Controls[Name]> };

/** What a function can learn about its run. */
export interface InteractRun {
  /** Aborted when a later run has taken the place of this one. */
  readonly signal: AbortSignal;
}

/** How the function is run. */
export interface InteractOptions {
  /** Runs at a click of a button with this label, not at every change. */
  readonly button?: string;
}

/** A panel of controls with the output of the function below. */
export class Interaction extends VBox {
  /** The controls by the name of their argument. */
  readonly controls: Readonly<Record<string, Control>>;
  /** Where the output of the function appears. */
  readonly output: Output;
  /** Runs the function now. */
  readonly run: () => void;

  /** @param parts - what the panel is made of; `interact` knows */
  constructor(parts: {
    readonly controls: Readonly<Record<string, Control>>;
    readonly button: Button | undefined;
    readonly output: Output;
    readonly run: () => void;
  }) {
    const { controls, button, output, run } = parts;
    const children: Widget[] = [...Object.values(controls), ...(button ? [button] : []), output];
    super(children);
    this.controls = controls;
    this.output = output;
    this.run = run;
  }
}

/**
 * Makes a control for each argument of `action`, and runs it with their values: at once, and when one changes.
 *
 * What it puts out and what it returns appears below the controls. When it is asynchronous and a value changes before
 * it has come to its end, only the output of the latest run is shown.
 *
 * @param controls - controls or abbreviations by the name of the argument; see `controlFor`
 * @returns the panel, which shows itself as the last value of a cell
 * @throws {WidgetError} when something stands for no control
 */
export function interact<const Controls extends Readonly<Record<string, Abbreviation>>>(
  action: (values: ArgumentsOf<Controls>, run: InteractRun) => unknown,
  controls: Controls,
  { button: label }: InteractOptions = {},
): Interaction {
  const sources = Object.entries(controls).map(
    ([name, short]) => [name, controlFor(name, short)] as const,
  );
  const output = new Output({});
  let stop = new AbortController();
  const run = (): void => {
    stop.abort();
    const mine = new AbortController();
    stop = mine;
    const values = Object.fromEntries(sources.map(([name, { value }]) => [name, value]));
    output.replace(() => action(values as ArgumentsOf<Controls>, { signal: mine.signal }));
  };
  const shown = sources.filter(
    (source): source is [string, Control & Followable<unknown>] => !(source[1] instanceof Fixed),
  );
  const button = label === undefined ? undefined : new Button({ description: label });
  if (button) button.onClick(run);
  else for (const [, control] of shown) control.onChange(run);
  const panel = new Interaction({ controls: Object.fromEntries(shown), button, output, run });
  if (!button) run();
  return panel;
}
