// What somebody may have meant: the known word with the fewest typing errors.

/** The word of `words` that is nearest to `typed`; undefined when none is near. */
export function nearestTo(typed: string, words: readonly string[]): string | undefined {
  let nearest: string | undefined;
  let fewest = Math.max(1, Math.floor(typed.length / 2.5)) + 1;
  for (const word of words) {
    const errors = typingErrors(typed.toLowerCase(), word.toLowerCase());
    if (errors < fewest) [nearest, fewest] = [word, errors];
  }
  return nearest;
}

/** Letters to add, drop, change or swap with their neighbour until `from` reads `to`. */
function typingErrors(from: string, to: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: to.length + 1 }, (_, at) => at);
  for (let row = 1; row <= from.length; row++) {
    const current = [row];
    for (let column = 1; column <= to.length; column++) {
      const isSame = from[row - 1] === to[column - 1];
      let best = Math.min(
        last[column]! + 1,
        current[column - 1]! + 1,
        last[column - 1]! + (isSame ? 0 : 1),
      );
      const isSwap = from[row - 1] === to[column - 2] && from[row - 2] === to[column - 1];
      if (row > 1 && column > 1 && isSwap) best = Math.min(best, beforeLast[column - 2]! + 1);
      current.push(best);
    }
    [beforeLast, last] = [last, current];
  }
  return last[to.length]!;
}
