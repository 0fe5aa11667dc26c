// Compares what a function returned with what was expected: the first place that differs, and how far off it is.
import { Tensor } from "../../lib/index.ts";
import type { Tolerance } from "./tolerance.ts";

/** The first difference between two values. */
export interface Difference {
  /** Where, as code: "[1][0]", ".bias[2]", or "" for the whole. */
  readonly at: string;
  readonly got: string;
  readonly expected: string;
  /** Largest relative error over all numbers that are there on both sides. */
  readonly largestError: number | undefined;
}

/** What is allowed when a check names no tolerance: rounding in another order of operations. */
const DEFAULT_TOLERANCE = { absolute: 1e-9, relative: 1e-6 } as const;

/** The first difference, or undefined when the values agree. Tensors count as nested arrays. */
export function findDifference(
  got: unknown,
  expected: unknown,
  tolerance: Tolerance = {},
): Difference | undefined {
  const limits = { ...DEFAULT_TOLERANCE, ...tolerance };
  const found = firstDifference(plain(got), plain(expected), "", limits);
  return found && { ...found, largestError: largestError(plain(got), plain(expected)) };
}

/** A short way to write a value into a sentence. */
export function show(value: unknown): string {
  if (typeof value === "number") return formatNumber(value);
  if (Array.isArray(value)) {
    const shown = value.slice(0, 6).map(show).join(", ");
    return value.length > 6 ? `[${shown}, ... ${value.length} in all]` : `[${shown}]`;
  }
  if (typeof value === "function") return "a function";
  if (typeof value === "object" && value !== null) {
    const entries = Object.entries(value).slice(0, 6);
    return `{ ${entries.map(([key, entry]) => `${key}: ${show(entry)}`).join(", ")} }`;
  }
  return typeof value === "string" ? JSON.stringify(value) : String(value);
}

type Found = Omit<Difference, "largestError">;

function firstDifference(
  got: unknown,
  expected: unknown,
  at: string,
  limits: Required<Tolerance>,
): Found | undefined {
  if (typeof expected === "number" && typeof got === "number") {
    return isClose(got, expected, limits)
      ? undefined
      : { at, got: show(got), expected: show(expected) };
  }
  if (Array.isArray(expected)) {
    if (!Array.isArray(got))
      return { at, got: show(got), expected: `an array of ${expected.length}` };
    if (got.length !== expected.length)
      return { at, got: `an array of ${got.length}`, expected: `an array of ${expected.length}` };
    return firstOf(
      expected.map(
        (entry, index) => () => firstDifference(got[index], entry, `${at}[${index}]`, limits),
      ),
    );
  }
  if (typeof expected === "object" && expected !== null) {
    if (typeof got !== "object" || got === null)
      return { at, got: show(got), expected: show(expected) };
    const fields = got as Readonly<Record<string, unknown>>;
    return firstOf(
      Object.entries(expected).map(
        ([key, entry]) =>
          () =>
            firstDifference(fields[key], entry, `${at}.${key}`, limits),
      ),
    );
  }
  return Object.is(got, expected) ? undefined : { at, got: show(got), expected: show(expected) };
}

function firstOf(attempts: readonly (() => Found | undefined)[]): Found | undefined {
  for (const attempt of attempts) {
    const found = attempt();
    if (found) return found;
  }
  return undefined;
}

function isClose(
  got: number,
  expected: number,
  { absolute, relative }: Required<Tolerance>,
): boolean {
  if (Object.is(got, expected) || got === expected) return true;
  return Math.abs(got - expected) <= absolute + relative * Math.abs(expected);
}

function largestError(got: unknown, expected: unknown): number | undefined {
  const [a, b] = [numbersIn(got), numbersIn(expected)];
  if (a.length !== b.length || b.length === 0) return undefined;
  return Math.max(
    ...b.map((value, index) => Math.abs(a[index]! - value) / Math.max(1e-12, Math.abs(value))),
  );
}

function numbersIn(value: unknown): number[] {
  if (typeof value === "number") return [value];
  if (typeof value !== "object" || value === null) return [];
  return Object.values(value).flatMap(numbersIn);
}

// Typed arrays and tensors become nested arrays, so that learners may return either.
function plain(value: unknown): unknown {
  if (value instanceof Tensor) return value.toArray();
  if (ArrayBuffer.isView(value) && !(value instanceof DataView))
    return [...(value as unknown as Iterable<number>)];
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value === "object" && value !== null) {
    return Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, plain(entry)]));
  }
  return value;
}

function formatNumber(value: number): string {
  return Number.isInteger(value) || !Number.isFinite(value)
    ? String(value)
    : String(Number(value.toPrecision(5)));
}
