// What a learner sees after a check: points, a line per check, the named mistake, the next hint.
import type { CheckResult } from "../checks/run-check.ts";
import { renderCardHtml } from "./card-html.ts";
import { renderCardText } from "./card-text.ts";

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

/** The value of `await check(...)`: shows itself as a card, as text, and to nbgrader as a bare number. */
export class Card {
  readonly content: CardContent;

  /** @param content - what the card says */
  constructor(content: CardContent) {
    this.content = content;
  }

  /** Points of the visible checks. */
  get points(): number {
    return this.content.points;
  }

  /** The card as plain text, for terminals. */
  toString(): string {
    return renderCardText(this.content);
  }

  /** `text/plain` is the bare number of points: the convention by which nbgrader reads a score. */
  toMimeBundle(): Record<string, string> {
    return {
      "text/plain": String(this.content.points),
      "text/html": renderCardHtml(this.content),
      "text/markdown": `\`\`\`text\n${renderCardText(this.content)}\n\`\`\``,
    };
  }

  // The key under which a notebook looks for a value's own way to show itself.
  static {
    Object.defineProperty(Card.prototype, Symbol.for("Jupyter.display"), {
      value(this: Card): Record<string, string> {
        return this.toMimeBundle();
      },
    });
  }
}
