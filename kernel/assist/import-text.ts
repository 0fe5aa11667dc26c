// Accepting a name of a package that is not imported yet writes the import too, by what a client can do: replace text.
import { parseSync } from "oxc-parser";
import { wordAt, type WordAtCursor } from "./word.ts";

/** The part of a cell to replace so that an import comes in front of the statement at the cursor. */
export interface ImportPlace {
  /** UTF-16 offset of the line that the import is put in front of. */
  readonly start: number;
  /** What stands between there and the word. */
  readonly between: string;
}

/** How many lines a statement may have begun above the cursor. */
const MOST_LINES = 8;
const LONGEST_BETWEEN = 200;

/**
 * The nearest line at or above the word where a statement of the cell may begin. Imports may stand anywhere at the top
 * level: the compiler moves them up.
 */
export function importPlace(code: string, word: WordAtCursor): ImportPlace | undefined {
  let start = code.lastIndexOf("\n", word.start - 1) + 1;
  for (let lines = 0; lines < MOST_LINES; lines++) {
    const between = code.slice(start, word.start);
    if (between.length > LONGEST_BETWEEN) return undefined;
    if (isWhole(code.slice(0, start))) return { start, between };
    start = code.lastIndexOf("\n", start - 2) + 1;
  }
  return undefined;
}

/** Whether the cell has other words that begin like this one: JupyterLab offers those itself, at the word only. */
export function hasOtherWordsLike(code: string, { prefix, start }: WordAtCursor): boolean {
  for (let at = code.indexOf(prefix); at !== -1; at = code.indexOf(prefix, at + 1)) {
    const other = wordAt(code, at + prefix.length);
    if (at !== start && other.start === at && other.end > at + prefix.length) return true;
  }
  return false;
}

/** The import statement among the edits that the server would make, or one for `name`. */
export function importStatement(edits: readonly string[], name: string, from: string): string {
  const own = edits.map((text) => text.trim()).find((text) => /^import\b.*["'];?$/.test(text));
  return own ?? `import { ${name} } from ${JSON.stringify(from)};`;
}

/** Code that ends where a statement may begin. */
function isWhole(code: string): boolean {
  // Behind an operator or an opening bracket, `0` would still go on: an import would not.
  const { errors } = parseSync("cell.ts", `${code}import "x";`);
  return errors.length === 0;
}
