// Markup of a picture: elements and labels as strings, with everything from outside escaped.
import { INK } from "../colours.ts";

/** Attributes of an element; what is undefined is left out. */
export type Attributes = Readonly<Record<string, string | number | undefined>>;

/** How a label is set: the point it hangs on, its size in pixels, and its turn in degrees. */
export interface LabelOptions {
  anchor?: "start" | "middle" | "end";
  size?: number;
  bold?: boolean;
  turn?: number;
  colour?: string;
}

/** Width of an average letter, as a share of the font size; tested against a browser's sans-serif. */
const LETTER_WIDTH = 0.56;

/** `<name attributes>children</name>`; children are markup already, numbers keep one digit after the point. */
export function element(name: string, attributes: Attributes, ...children: string[]): string {
  const written = Object.entries(attributes)
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => ` ${key}="${attributeText(value as string | number)}"`)
    .join("");
  return children.length === 0
    ? `<${name}${written}/>`
    : `<${name}${written}>${children.join("")}</${name}>`;
}

/** A line of text whose baseline starts, ends or is centred at a point. */
export function label(
  content: string,
  [x, y]: readonly [number, number],
  options: LabelOptions = {},
): string {
  const at = `${coordinate(x)} ${coordinate(y)}`;
  return element(
    "text",
    {
      x,
      y,
      fill: options.colour ?? INK,
      "font-size": options.size ?? 12,
      "font-weight": options.bold ? "bold" : undefined,
      "text-anchor": options.anchor === "start" ? undefined : (options.anchor ?? "middle"),
      transform: options.turn === undefined ? undefined : `rotate(${options.turn} ${at})`,
    },
    escapeMarkup(content),
  );
}

/** The width in pixels that a text of `size` pixels is expected to take. */
export function textWidth(content: string, size: number = 12): number {
  return content.length * size * LETTER_WIDTH;
}

/** Breaks a text at spaces into lines of at most `width` pixels. */
export function wrapText(content: string, width: number, size: number): string[] {
  const lines: string[] = [];
  for (const word of content.split(/\s+/)) {
    const longer = lines.length === 0 ? word : `${lines.at(-1)} ${word}`;
    if (lines.length > 0 && textWidth(longer, size) <= width) lines[lines.length - 1] = longer;
    else lines.push(word);
  }
  return lines;
}

/** Text that stands in markup as itself; characters that XML forbids are dropped. */
export function escapeMarkup(content: string): string {
  return content
    .replaceAll(/[^\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/gu, "")
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;");
}

/** The frame of every picture: its size, its font, and what a screen reader says. */
export function picture(
  size: { width: number; height: number },
  words: { title: string; alt: string },
  ...children: string[]
): string {
  return element(
    "svg",
    {
      xmlns: "http://www.w3.org/2000/svg",
      width: size.width,
      height: size.height,
      viewBox: `0 0 ${size.width} ${Math.round(size.height)}`,
      role: "img",
      "aria-label": words.alt,
      "font-family": "system-ui, -apple-system, 'Segoe UI', 'DejaVu Sans', sans-serif",
      style: "max-width: 100%; height: auto",
    },
    element("title", {}, escapeMarkup(words.title)),
    element("desc", {}, escapeMarkup(words.alt)),
    ...children,
  );
}

/** A number of pixels with at most one digit after the point. */
export function coordinate(pixels: number): string {
  return String(Math.round(pixels * 10) / 10);
}

function attributeText(value: string | number): string {
  return typeof value === "number" ? coordinate(value) : escapeMarkup(value);
}
