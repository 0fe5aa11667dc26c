// JSON that keeps the numbers JSON has no words for: NaN and the infinities.

/** JSON text of plain data, with NaN and infinities as `{"$number": "NaN"}`. */
export function writeValues(value: unknown): string {
  return JSON.stringify(value, (_, entry: unknown) =>
    typeof entry === "number" && !Number.isFinite(entry) ? { $number: String(entry) } : entry,
  );
}

/** The data that `writeValues` wrote. */
export function readValues(text: string): unknown {
  return JSON.parse(text, (_, entry: unknown) =>
    typeof entry === "object" && entry !== null && "$number" in entry
      ? Number(entry.$number)
      : entry,
  );
}
