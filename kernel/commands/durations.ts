// Durations as people read them: three digits and a unit, minutes and hours when they are long.

const UNITS: readonly (readonly [unit: string, milliseconds: number])[] = [
  ["s", 1000],
  ["ms", 1],
  ["µs", 1e-3],
  ["ns", 1e-6],
];

/** A duration in milliseconds as text: `12.3 ms`, `1min 4s`. */
export function formatDuration(milliseconds: number): string {
  if (milliseconds >= 60_000) return formatLong(milliseconds);
  const [unit, size] = UNITS.find(([, size]) => milliseconds >= size) ?? UNITS.at(-1)!;
  return `${threeDigits(milliseconds / size)} ${unit}`;
}

function formatLong(milliseconds: number): string {
  const seconds = Math.round(milliseconds / 1000);
  const parts = [
    [Math.floor(seconds / 86_400), "d"],
    [Math.floor(seconds / 3600) % 24, "h"],
    [Math.floor(seconds / 60) % 60, "min"],
    [seconds % 60, "s"],
  ] as const;
  return parts
    .filter(([count]) => count > 0)
    .map(([count, unit]) => `${count}${unit}`)
    .join(" ");
}

/** Three significant digits, without an exponent and without zeros at the end. */
const threeDigits = (value: number): string => String(Number(value.toPrecision(3)));
