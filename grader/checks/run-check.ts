// Runs one check against the functions of a learner and says in words how it went.
import { findDifference, show, type Difference } from "./compare.ts";
import { callFunction, type CallOutcome } from "./call.ts";
import type { Check, Functions } from "../exercise.ts";
import { resolveArguments } from "./fixtures.ts";
import { checkProperty } from "./properties.ts";
import { applyView } from "./views.ts";

/** A check whose arguments and expected value are fixed. */
export type PreparedCheck = Omit<Check, "inputs" | "expected"> & {
  readonly inputs: readonly unknown[];
  readonly expected?: unknown;
} & Pick<Partial<Extract<Check, { kind: "value" }>>, "view" | "tolerance"> &
  Pick<Partial<Extract<Check, { kind: "property" }>>, "property">;

/** How a check went. */
export interface CheckResult {
  readonly name: string;
  readonly points: number;
  readonly passed: boolean;
  /** The function was not written yet. */
  readonly unwritten: boolean;
  /** What came and what was expected, in a sentence part; empty when it passed. */
  readonly detail: string;
  readonly difference?: Difference;
  /** What the function returned, to recognise a known mistake. */
  readonly outcome: CallOutcome;
}

/** Runs a check; never throws for what the learner's function does. */
export async function runCheck(
  check: PreparedCheck,
  functions: Functions,
  limitMs?: number,
): Promise<CheckResult> {
  const args = resolveArguments(check.inputs);
  const outcome = await callFunction(functions[check.call]!, args, limitMs);
  const judged = judge(check, outcome, args);
  return {
    name: check.name,
    points: check.points,
    passed: judged.detail === "",
    unwritten: outcome.state === "unwritten",
    ...judged,
    outcome,
  };
}

type Judged = Pick<CheckResult, "detail" | "difference">;

function judge(check: PreparedCheck, outcome: CallOutcome, args: readonly unknown[]): Judged {
  if (outcome.state === "unwritten") return { detail: "not written yet" };
  if (outcome.state === "timedOut")
    return {
      detail: `${callText(check)} did not return within ${outcome.seconds} s; look for a loop that never ends`,
    };
  if (check.kind === "error")
    return {
      detail:
        outcome.state === "threw"
          ? ""
          : `${callText(check)} returned ${show(outcome.value)}, expected an error, because this input makes no sense`,
    };
  if (outcome.state === "threw")
    return { detail: `${callText(check)} threw ${errorText(outcome.error)}` };
  if (check.kind === "purity") return judgePurity(check, args);
  if (check.kind === "property") return judgeProperty(check, outcome.value);
  return judgeValue(check, outcome.value);
}

function judgeValue(check: PreparedCheck, value: unknown): Judged {
  if (value === undefined)
    return { detail: `${callText(check)} returned nothing; does it end with return?` };
  const difference = findDifference(applyView(check.view, value), check.expected, check.tolerance);
  if (!difference) return { detail: "" };
  const where = difference.at === "" ? "" : ` at ${difference.at}`;
  const what = check.view ? `, ${viewText(check.view.name)}${where}` : where;
  return {
    detail: `for ${inputText(check)} it returned ${difference.got}${what}, expected ${difference.expected}`,
    difference,
  };
}

function viewText(name: string): string {
  return name === "networkAt" ? "as the network's value" : "as the size of the network";
}

function judgeProperty(check: PreparedCheck, value: unknown): Judged {
  const problem = checkProperty(check.property!, value, check.tolerance);
  return { detail: problem === undefined ? "" : `for ${inputText(check)} ${problem}` };
}

function judgePurity(check: PreparedCheck, args: readonly unknown[]): Judged {
  const before = resolveArguments(check.inputs);
  const changed = before.findIndex(
    (value, index) =>
      typeof value !== "function" &&
      findDifference(args[index], value, { absolute: 0, relative: 0 }),
  );
  if (changed === -1) return { detail: "" };
  return { detail: `${check.call} changed its argument number ${changed + 1}; work on a copy` };
}

const callText = (check: PreparedCheck): string => `${check.call}(${inputText(check)})`;

function inputText(check: PreparedCheck): string {
  const text = check.inputs
    .map((input) => (input as { fixture?: string } | null)?.fixture ?? show(input))
    .join(", ");
  return text.length > 90 ? `${text.slice(0, 87)}...` : text;
}

function errorText(error: unknown): string {
  return error instanceof Error ? `${error.name}: ${error.message}` : show(error);
}
