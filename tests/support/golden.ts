// Reads the reference numbers that another program computed once.
import { readFileSync } from "node:fs";

/** The cases of `tests/golden/<family>.json` by name. */
export function goldenCases<Case>(family: string): [string, Case][] {
  const file = new URL(`../golden/${family}.json`, import.meta.url);
  const { cases } = JSON.parse(readFileSync(file, "utf8")) as { cases: Record<string, Case> };
  return Object.entries(cases);
}
