// How figures write numbers: short, with a real minus sign, the same everywhere.

const MINUS = "\u2212";
const RAISED_DIGITS = "⁰¹²³⁴⁵⁶⁷⁸⁹";

/**
 * A number for people: four significant digits, thousands separated, powers of ten below 0.001 and from ten million.
 *
 * @example formatNumber(0.123456) is "0.1235", formatNumber(203530) is "203,530", formatNumber(1.2e-5) is "1.2e−5"
 */
export function formatNumber(value: number): string {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? "NaN" : value > 0 ? "∞" : `${MINUS}∞`;
  const size = Math.abs(value);
  const text = size !== 0 && (size < 1e-3 || size >= 1e7) ? scientific(size) : plain(size);
  return value < 0 ? MINUS + text : text;
}

/** A positive number as a power of ten: "10⁷", "5·10⁻⁴". */
export function formatPower(value: number): string {
  const [digits = "", exponent = "0"] = value.toExponential().split("e");
  const raised = exponent
    .replace("+", "")
    .replace("-", "⁻")
    .replaceAll(/\d/g, (digit) => RAISED_DIGITS.charAt(Number(digit)));
  return `${digits === "1" ? "" : `${digits}·`}10${raised}`;
}

/** `value` rounded to `digits` significant digits, so that saved notebooks stay small. */
export function roundTo(value: number, digits: number): number {
  return Number(value.toPrecision(digits));
}

/** From one number to another: "0.5 to 2"; two years are written without separators, "1989 to 2020". */
export function formatSpan(low: number, high: number): string {
  const write = looksLikeYear(low) && looksLikeYear(high) ? String : formatNumber;
  return `${write(low)} to ${write(high)}`;
}

/** Whether a number may be a year: whole and of four digits. Years are written without separators. */
export function looksLikeYear(value: number): boolean {
  return Number.isInteger(value) && value >= 1000 && value < 10_000;
}

/** "1 layer", "3 layers". */
export function countOf(count: number, noun: string, plural: string = `${noun}s`): string {
  return `${formatNumber(count)} ${count === 1 ? noun : plural}`;
}

/** Seconds for people: "0.4 s", "12 s", "3 min 05 s", "2 h 10 min". */
export function formatSeconds(seconds: number): string {
  if (seconds < 9.95) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${twoDigits(whole % 60)} s`;
  return `${Math.floor(whole / 3600)} h ${twoDigits(Math.floor((whole % 3600) / 60))} min`;
}

function plain(size: number): string {
  if (Number.isInteger(size)) return grouped(String(size));
  const rounded = roundTo(size, size >= 1000 ? Math.ceil(Math.log10(size)) : 4);
  const [whole = "0", fraction] = String(rounded).split(".");
  return fraction === undefined ? grouped(whole) : `${grouped(whole)}.${fraction}`;
}

function scientific(size: number): string {
  const [digits = "", exponent = "0"] = size.toExponential(3).split("e");
  return `${Number(digits)}e${exponent.replace("+", "").replace("-", MINUS)}`;
}

function grouped(digits: string): string {
  return digits.replaceAll(/\B(?=(\d{3})+$)/g, ",");
}

function twoDigits(value: number): string {
  return String(value).padStart(2, "0");
}
