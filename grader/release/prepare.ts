// Fixes an exercise's checks for one seed: arguments drawn, expected values taken from the reference.
import { Generator } from "../../lib/index.ts";
import { resolveArguments } from "../checks/fixtures.ts";
import type { PreparedCheck } from "../checks/run-check.ts";
import { applyView } from "../checks/views.ts";
import type { Check, Functions } from "../exercise.ts";

/**
 * The check as pure data.
 *
 * @param reference - the solution's functions, asked for what the check does not say itself
 * @param random - the source of the arguments; the same seed gives the same check
 */
export async function prepareCheck(
  check: Check,
  reference: Functions,
  random: Generator,
): Promise<PreparedCheck> {
  const inputs = typeof check.inputs === "function" ? check.inputs(random) : check.inputs;
  if (check.kind !== "value" || check.expected !== undefined) return { ...check, inputs };
  const call = reference[check.call] as ((...args: unknown[]) => unknown) | undefined;
  const output = await call?.(...resolveArguments(inputs));
  return { ...check, inputs, expected: applyView(check.view, output) };
}

/** All checks of a list, each with a stream of chance of its own. */
export async function prepareChecks(
  checks: readonly Check[],
  reference: Functions,
  seed: number,
): Promise<PreparedCheck[]> {
  const random = new Generator(seed);
  return Promise.all(
    checks.map((check, index) => prepareCheck(check, reference, random.child(index))),
  );
}
