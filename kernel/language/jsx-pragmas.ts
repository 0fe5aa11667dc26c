// Which function makes the elements (JSX) of a cell, told to TypeScript in comments at the top of its module.

const PRAGMAS = /\/\*\*?(?:(?!\*\/)[^])*@jsx(?:Frag|ImportSource|Runtime)?\s(?:(?!\*\/)[^])*\*\//g;

/**
 * The comments for the top of a cell's module.
 *
 * @param isNamed - whether the cell or an earlier one has declared a name
 */
export function jsxPragmas(text: string, isNamed: (name: string) => boolean): string {
  // The cell's own do not stand at the top of its module.
  const own = text.match(PRAGMAS);
  if (own) return own.map((comment) => comment.replaceAll(/\s+/g, " ")).join(" ");
  return isNamed("h") && !isNamed("React") ? "/** @jsx h */ /** @jsxFrag Fragment */" : "";
}
