// Prose is new, of bearable length, and pictures in it say in words what they show.
import { cellsOf, type ChapterRule } from "../chapter.ts";
import { shinglesOf, wordsOf } from "../shingles.ts";

/** Words a chapter may have outside its code. */
const MOST_WORDS = 2500;

/** No eight words in a row, in text or in code, stand in a source document. */
export function isOriginal(shingles: ReadonlySet<string>): ChapterRule {
  return ({ path, cells }) =>
    cells.flatMap((cell, index) => {
      const prose = cell.source.replaceAll(/^#{1,6}\s.*$/gm, "");
      const copied = shinglesOf(prose).filter(({ hash }) => shingles.has(hash));
      const where = `${path} cell ${String(index + 1)}`;
      return copied.map(({ words }) => `${where} repeats a source document: "${words}"`);
    });
}

/** A chapter can be read in one sitting. */
export const isShortEnough: ChapterRule = (chapter) => {
  const text = cellsOf(chapter, "markdown").map((each) => each.text);
  const words = wordsOf(text.join("\n")).length;
  return words <= MOST_WORDS
    ? []
    : [`${chapter.path} has ${String(words)} words of prose, at most ${String(MOST_WORDS)}`];
};

/** Pictures in Markdown have alternative text. */
export const describesPictures: ChapterRule = (chapter) =>
  cellsOf(chapter, "markdown").flatMap(({ text, where }) => [
    ...[...text.matchAll(/!\[\s*\]\(/g)].map(
      () => `${where} has a picture without words: ![](...)`,
    ),
    ...[...text.matchAll(/<img\b[^>]*>/gi)]
      .filter(([tag]) => !/\balt\s*=\s*["'][^"']+["']/i.test(tag))
      .map(([tag]) => `${where} has a picture without alt text: ${tag}`),
  ]);
