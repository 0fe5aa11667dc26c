// The card as plain text.
import type { CardContent } from "./card-content.ts";

/** One line per check, then the mistake, the hint and the progress. */
export function renderCardText(card: CardContent): string {
  const lines = card.results.map(({ passed, name, points, detail }) => {
    const worth = points === 0 ? "no points" : `${points} ${points === 1 ? "point" : "points"}`;
    return `  ${passed ? "[ok]" : "[  ]"} ${name} (${worth})${detail ? `: ${detail}` : ""}`;
  });
  return [
    `${card.id} ${card.title}: ${pointsText(card)}`,
    ...lines,
    ...(card.mistake ? [`It looks like this: ${card.mistake}`] : []),
    ...(card.hint ? [`Hint ${card.hintPlace}: ${card.hint}`] : []),
    ...(card.chapter ? [card.chapter] : []),
    ...(card.notice ? [card.notice] : []),
    PRACTICE,
  ].join("\n");
}

/** "1 of 2 points here, 5 in all: 3 more checks run on submission". */
export function pointsText({ points, of, total, hiddenChecks }: CardContent): string {
  const more = hiddenChecks === 1 ? "1 more check runs" : `${hiddenChecks} more checks run`;
  return `${points} of ${of} points here, ${total} in all: ${more} on submission`;
}

/** What every card says about itself. */
export const PRACTICE = "This is practice: it never counts as a grade.";
