// The colours of every figure: chosen once so that they read on white and on black, and without colour vision.

/** Ink of titles, labels and axes: at least 4:1 against white and against #111111, so one picture serves both themes. */
export const INK = "#777777";

/** Grid lines: the ink, thinned by this opacity, because a grid should stay behind the data. */
export const GRID_OPACITY = 0.25;

/**
 * Colours of series, in the order they are given out: at least 3:1 on white and on #111111.
 *
 * @source Okabe & Ito 2008, "Color Universal Design"; its orange and sky blue are darkened here and its yellow and
 * black left out, because each of those four vanishes on one of the two backgrounds
 */
export const SERIES_COLOURS: readonly string[] = [
  "#0072B2",
  "#D55E00",
  "#009E73",
  "#CC79A7",
  "#B87F00",
  "#3A92CB",
  "#777777",
];

/** Line patterns in the same order: series differ by more than colour. Lengths in pixels; an empty list is solid. */
export const SERIES_DASHES: readonly (readonly number[])[] = [[], [7, 4], [2, 3], [9, 3, 2, 3]];

/** Marker shapes in the same order, by Plotly's names. */
export const SERIES_SYMBOLS: readonly MarkerSymbol[] = [
  "circle",
  "square",
  "diamond",
  "cross",
  "triangle-up",
  "star",
];

/** Marker shapes that both pictures can draw. */
export type MarkerSymbol = "circle" | "square" | "diamond" | "cross" | "triangle-up" | "star";

/** A colour scale: positions 0..1, rising, each with a `#rrggbb` colour; between two stops the colour is mixed linearly. */
export type ColourScale = readonly (readonly [number, string])[];

/** The names a figure's `colours` option takes. */
export type ColourScaleName = "grey" | "sequential" | "diverging";

/** Grey for pictures (0 is black), blue to yellow for amounts, blue over white to vermillion for signed numbers. */
export const COLOUR_SCALES: Readonly<Record<ColourScaleName, ColourScale>> = {
  grey: [
    [0, "#000000"],
    [1, "#ffffff"],
  ],
  sequential: [
    [0, "#00224e"],
    [0.25, "#434e6c"],
    [0.5, "#7d7c78"],
    [0.75, "#bcae6c"],
    [1, "#fee838"],
  ],
  diverging: [
    [0, "#004c78"],
    [0.25, "#4f9fd0"],
    [0.5, "#e6e6e6"],
    [0.75, "#e8935a"],
    [1, "#8f3f00"],
  ],
};

/** Red, green and blue, each 0..255. */
export type Rgb = readonly [number, number, number];

/** Item `index` of a list that starts again at its end: the colour, dash or symbol of series `index`. */
export function cycle<Item>(items: readonly Item[], index: number): Item {
  return items[index % items.length] as Item;
}

/** Red, green and blue of a `#rrggbb` colour. */
export function parseColour(hex: string): Rgb {
  const value = Number.parseInt(hex.slice(1), 16);
  return [(value >> 16) & 255, (value >> 8) & 255, value & 255];
}

/** The colour of a scale at `position`, which is limited to 0..1. */
export function colourAt(scale: ColourScale, position: number): Rgb {
  const place = Math.min(1, Math.max(0, position));
  const upper = Math.max(
    1,
    scale.findIndex(([stop]) => stop >= place),
  );
  const [lowStop, lowColour] = scale[upper - 1] as readonly [number, string];
  const [highStop, highColour] = scale[upper] as readonly [number, string];
  const share = (place - lowStop) / (highStop - lowStop);
  const [low, high] = [parseColour(lowColour), parseColour(highColour)];
  const mix = (channel: 0 | 1 | 2): number =>
    Math.round(low[channel] + share * (high[channel] - low[channel]));
  return [mix(0), mix(1), mix(2)];
}

/**
 * Contrast of two colours, from 1 (equal) to 21 (black on white).
 *
 * @source Web Content Accessibility Guidelines 2.1, "contrast ratio" and "relative luminance"
 */
export function contrast(first: Rgb, second: Rgb): number {
  const [dark, light] = [luminance(first), luminance(second)].sort((a, b) => a - b) as [
    number,
    number,
  ];
  return (light + 0.05) / (dark + 0.05);
}

/** Black or white, whichever is easier to read on `background`. */
export function textColourOn(background: Rgb): "#000000" | "#ffffff" {
  return contrast(background, [0, 0, 0]) > contrast(background, [255, 255, 255])
    ? "#000000"
    : "#ffffff";
}

function luminance(colour: Rgb): number {
  const [red, green, blue] = colour.map((channel) => {
    const share = channel / 255;
    return share <= 0.03928 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  }) as [number, number, number];
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}
