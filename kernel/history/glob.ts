// Patterns with `*`, `?` and `[...]`, as clients use them to search the history.

/** Whether the whole of `text` is like `pattern`; letters must have the same case. */
export function isGlobMatch(pattern: string, text: string): boolean {
  let [at, inText] = [0, 0];
  let star: { at: number; inText: number } | undefined;
  const parts = partsOf(pattern);
  // Goes back to the last star only: no pattern takes longer than the product of both lengths.
  for (;;) {
    const part = parts[at];
    if (part === "*") {
      star = { at: ++at, inText };
    } else if (inText < text.length && part !== undefined && isOne(part, text.charAt(inText))) {
      at++;
      inText++;
    } else if (inText === text.length && part === undefined) {
      return true;
    } else if (star && star.inText < text.length) {
      star.inText++;
      ({ at, inText } = star);
    } else {
      return false;
    }
  }
}

/** Stars, and what stands for one character. */
function partsOf(pattern: string): string[] {
  return pattern.match(/\[\^?\]?[^\]]*\]|[^]/g) ?? [];
}

function isOne(part: string, character: string): boolean {
  if (part === "?") return true;
  if (part.length === 1) return part === character;
  const isNegated = part[1] === "^";
  const inside = part.slice(isNegated ? 2 : 1, -1);
  return isNegated !== isInClass(inside, character);
}

function isInClass(inside: string, character: string): boolean {
  for (let i = 0; i < inside.length; i++) {
    if (inside[i + 1] === "-" && i + 2 < inside.length) {
      if (inside.charAt(i) <= character && character <= inside.charAt(i + 2)) return true;
      i += 2;
    } else if (inside[i] === character) {
      return true;
    }
  }
  return false;
}
