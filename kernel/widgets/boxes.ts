// Widgets that hold others: rows, columns, grids, and pages that are opened one at a time.
import {
  Control,
  controlKind,
  type ControlKind,
  type ControlOptions,
  type ControlState,
} from "./control.ts";
import { withProperties } from "./define.ts";
import type { Widget } from "./widget.ts";

/** State of what holds other widgets. */
export interface BoxState extends ControlState {
  children: readonly Widget[];
  boxStyle: "" | "success" | "info" | "warning" | "danger";
}

/** State of what shows one of its children at a time. */
export interface PagesState extends BoxState {
  /** Index of the open child, from 0; null when none is open. */
  selectedIndex: number | null;
  /** Titles of the children. */
  titles: readonly string[];
}

/** Options of a box besides its children. */
export type BoxOptions = Omit<ControlOptions<BoxState>, "children">;
/** Options of pages besides their children. */
export type PagesOptions = Omit<ControlOptions<PagesState>, "children">;

type BoxClass<State extends object, Options> = new (
  children?: readonly Widget[],
  options?: Options,
) => Control<State> & State;

const BOX = { children: [], boxStyle: "" } as const;

function defineBox<State extends object, Options>(
  name: string,
  adjust?: ControlKind["adjust"],
): BoxClass<State, Options> {
  const pages = { selectedIndex: null, titles: [] };
  const defaults = adjust ? { ...BOX, ...pages } : BOX;
  const kind = controlKind(name, undefined, { defaults, ...(adjust && { adjust }) });
  class Defined extends Control<State> {
    constructor(children: readonly Widget[] = [], options: object = {}) {
      super(kind, { ...options, children });
    }
  }
  return withProperties(Defined, kind) as unknown as BoxClass<State, Options>;
}

/** Every child has a title, and an index that points to no child is none. */
function adjustPages(state: Record<string, unknown>): void {
  const { children, titles, selectedIndex } = state as unknown as PagesState;
  state["titles"] = children.map((_child, index) => titles[index] ?? "");
  if (selectedIndex !== null && !children[selectedIndex]) state["selectedIndex"] = null;
}

/** The first tab is open unless another one is. */
function adjustTabs(state: Record<string, unknown>, name: string): void {
  adjustPages(state);
  const { children, selectedIndex } = state as unknown as PagesState;
  if (name === "children" && selectedIndex === null && children.length > 0)
    state["selectedIndex"] = 0;
}

/** Children that the layout arranges. */
export const Box: BoxClass<BoxState, BoxOptions> = defineBox("Box");
/** One `Box`. */
export type Box = InstanceType<typeof Box>;
/** Children side by side. */
export const HBox: BoxClass<BoxState, BoxOptions> = defineBox("HBox");
/** One `HBox`. */
export type HBox = InstanceType<typeof HBox>;
/** Children one below the other. */
export const VBox: BoxClass<BoxState, BoxOptions> = defineBox("VBox");
/** One `VBox`. */
export type VBox = InstanceType<typeof VBox>;
/** Children in a grid: `layout: { gridTemplateColumns: "1fr 1fr" }`. */
export const GridBox: BoxClass<BoxState, BoxOptions> = defineBox("GridBox");
/** One `GridBox`. */
export type GridBox = InstanceType<typeof GridBox>;
/** Children behind tabs. */
export const Tab: BoxClass<PagesState, PagesOptions> = defineBox("Tab", adjustTabs);
/** One `Tab`. */
export type Tab = InstanceType<typeof Tab>;
/** Children that unfold. */
export const Accordion: BoxClass<PagesState, PagesOptions> = defineBox("Accordion", adjustPages);
/** One `Accordion`. */
export type Accordion = InstanceType<typeof Accordion>;
/** Children of which only the one at `selectedIndex` is there. */
export const Stack: BoxClass<PagesState, PagesOptions> = defineBox("Stack", adjustPages);
/** One `Stack`. */
export type Stack = InstanceType<typeof Stack>;
