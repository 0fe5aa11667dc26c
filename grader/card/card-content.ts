// What a card says, before it is drawn as text or HTML.
import type { CheckResult } from "../checks/run-check.ts";

/** Everything a card says. */
export interface CardContent {
  readonly id: string;
  readonly title: string;
  /** Points reached here. */
  readonly points: number;
  /** Points that can be reached here. */
  readonly of: number;
  /** Points of the whole exercise, with the checks that run on submission. */
  readonly total: number;
  readonly hiddenChecks: number;
  readonly results: readonly Pick<
    CheckResult,
    "name" | "points" | "passed" | "detail" | "difference"
  >[];
  readonly unwritten: boolean;
  /** The known mistake that this answer shows, or "". */
  readonly mistake: string;
  /** The next hint, or "". */
  readonly hint: string;
  /** Where this hint stands on the ladder, as "1 of 3", or "". */
  readonly hintPlace: string;
  /** "p1-01: 2 of 4 exercises done here", or "". */
  readonly chapter: string;
  /** A problem beside the answer itself, such as progress that could not be saved. */
  readonly notice: string;
}
