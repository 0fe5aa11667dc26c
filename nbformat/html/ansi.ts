// Terminal colours (ANSI SGR escapes) as HTML: sixteen colours as classes that follow the theme, others as styles.
import { escapeHtml } from "./escape.ts";

interface Style {
  bold: boolean;
  dim: boolean;
  italic: boolean;
  underline: boolean;
  inverse: boolean;
  /** A class such as `fg-1`, or a CSS colour. */
  fg: string | undefined;
  bg: string | undefined;
}

const PLAIN: Style = {
  bold: false,
  dim: false,
  italic: false,
  underline: false,
  inverse: false,
  fg: undefined,
  bg: undefined,
};
// Colour changes are group 1; other control sequences and lone escapes are dropped.
const SEQUENCE =
  // oxlint-disable-next-line no-control-regex -- control characters are what is looked for
  /\u001b\[([\d;]*)m|\u001b\[[\d;?]*[A-Za-z]|\u001b\][^\u0007\u001b]*(?:\u0007|\u001b\\)|\u001b/g;

/** `text` with its colours as `<span>`s; everything else is escaped. */
export function ansiToHtml(text: string): string {
  let style = PLAIN;
  let html = "";
  let from = 0;
  for (const match of text.matchAll(SEQUENCE)) {
    html += styled(text.slice(from, match.index), style);
    from = match.index + match[0].length;
    if (match[1] !== undefined) style = applyCodes(style, match[1].split(";").map(Number));
  }
  return html + styled(text.slice(from), style);
}

function applyCodes(before: Style, codes: readonly number[]): Style {
  let style = { ...before };
  for (let at = 0; at < codes.length; at += 1) {
    const code = codes[at] ?? 0;
    if (code === 38 || code === 48) {
      const [colour, used] = extendedColour(codes.slice(at + 1));
      style[code === 38 ? "fg" : "bg"] = colour;
      at += used;
    } else style = applyCode(style, code);
  }
  return style;
}

function applyCode(style: Style, code: number): Style {
  if (code === 0) return { ...PLAIN };
  if (code === 1) return { ...style, bold: true };
  if (code === 2) return { ...style, dim: true };
  if (code === 3) return { ...style, italic: true };
  if (code === 4) return { ...style, underline: true };
  if (code === 7) return { ...style, inverse: true };
  if (code === 22) return { ...style, bold: false, dim: false };
  if (code === 23) return { ...style, italic: false };
  if (code === 24) return { ...style, underline: false };
  if (code === 27) return { ...style, inverse: false };
  if (code === 39) return { ...style, fg: undefined };
  if (code === 49) return { ...style, bg: undefined };
  if (code >= 30 && code <= 37) return { ...style, fg: `fg-${code - 30}` };
  if (code >= 90 && code <= 97) return { ...style, fg: `fg-${code - 82}` };
  if (code >= 40 && code <= 47) return { ...style, bg: `bg-${code - 40}` };
  if (code >= 100 && code <= 107) return { ...style, bg: `bg-${code - 92}` };
  return style;
}

/** The colour after code 38 or 48, and how many numbers it took. */
function extendedColour(rest: readonly number[]): [string | undefined, number] {
  const [kind, ...values] = rest;
  if (kind === 2) return [`rgb(${values.slice(0, 3).map(clampByte).join(",")})`, 4];
  if (kind === 5) return [paletteColour(clampByte(values[0] ?? 0)), 2];
  return [undefined, 1];
}

/** One of the 256 colours of terminals: 16 named ones, a cube of 6 x 6 x 6, 24 greys. */
function paletteColour(index: number): string {
  if (index < 16) return `fg-${index}`;
  if (index >= 232)
    return `rgb(${Array(3)
      .fill(8 + (index - 232) * 10)
      .join(",")})`;
  const level = (step: number): number => (step === 0 ? 0 : 55 + step * 40);
  const cube = index - 16;
  return `rgb(${[Math.floor(cube / 36), Math.floor(cube / 6) % 6, cube % 6].map(level).join(",")})`;
}

function clampByte(value: number): number {
  return Math.min(255, Math.max(0, Math.trunc(value) || 0));
}

function styled(text: string, style: Style): string {
  if (text === "") return "";
  const [fg, bg] = style.inverse
    ? [style.bg ?? "bg-inverse", style.fg ?? "fg-inverse"]
    : [style.fg, style.bg];
  const marks = (["bold", "dim", "italic", "underline"] as const).filter((mark) => style[mark]);
  const classes = [
    ...marks.map((mark) => `ansi-${mark}`),
    ...colourClass(fg, "fg"),
    ...colourClass(bg, "bg"),
  ];
  const styles = [...colourStyle(fg, "color"), ...colourStyle(bg, "background-color")];
  if (classes.length === 0 && styles.length === 0) return escapeHtml(text);
  const classText = classes.length > 0 ? ` class="${classes.join(" ")}"` : "";
  const styleText = styles.length > 0 ? ` style="${styles.join(";")}"` : "";
  return `<span${classText}${styleText}>${escapeHtml(text)}</span>`;
}

// A name made for one role (fg-1) is used in the other one (bg-1) when colours are swapped.
function colourClass(colour: string | undefined, role: "fg" | "bg"): string[] {
  return colour?.includes("-") ? [`ansi-${role}-${colour.slice(3)}`] : [];
}

function colourStyle(colour: string | undefined, property: string): string[] {
  return colour?.startsWith("rgb") ? [`${property}:${colour}`] : [];
}
