// What a learner sees after a check: points, a line per check, the named mistake, the next hint.
import { renderCardHtml } from "./card-html.ts";
import { renderCardText } from "./card-text.ts";
import type { CardContent } from "./card-content.ts";

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
