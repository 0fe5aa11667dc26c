// Section headings are those of the source document, in its order, each tagged in its cell's metadata.
import { cellsOf, type Chapter, type ChapterRule } from "../chapter.ts";
import type { Outline, OutlineHeading } from "../concordance.ts";

/** Headings of our own may only be this small, so that the table of contents shows the document's. */
const OWN_LEVEL = 4;

/** A heading line of a Markdown text. */
interface Heading {
  readonly level: number;
  readonly text: string;
}

/** The chapter's tagged cells carry its documents' headings: all of them, in order, word for word. */
export function followsOutline(outline: Outline): ChapterRule {
  return (chapter) => {
    const plan = outline.notebooks.find(({ file }) => chapter.path.endsWith(`/${file}`));
    if (plan === undefined) return [];
    const document = outline.documents.find(({ id }) => id === plan.document);
    const known = new Map(document?.headings.map((heading) => [heading.id, heading]));
    const tagged = cellsOf(chapter, "markdown").filter(({ tag }) => tag.heading);
    const found = tagged.map(({ tag }) => tag.heading ?? "");
    const order =
      found.join() === plan.headings.join()
        ? []
        : [`${chapter.path} has the headings ${found.join(", ")}, not ${plan.headings.join(", ")}`];
    const cells = tagged.flatMap(({ tag, text, where }) => [
      ...(tag.document === plan.document
        ? []
        : [`${where} must name document ${plan.document} in metadata.gradlab`]),
      ...headingProblems(where, headingsOf(text), known.get(tag.heading ?? "")),
    ]);
    return [...order, ...cells];
  };
}

/** Cells without a tag have no heading as large as a document's. */
export const keepsOwnHeadingsSmall: ChapterRule = (chapter: Chapter) =>
  cellsOf(chapter, "markdown")
    .filter(({ tag }) => chapter.path.includes("/part-") && !tag.heading)
    .flatMap(({ text, where }) => headingsOf(text).map((heading) => ({ ...heading, where })))
    .filter(({ level }) => level < OWN_LEVEL)
    .map(({ text, where }) => `${where} has the untagged heading "${text}": use #### or deeper`);

/** The heading lines of a Markdown text; lines inside code fences are none. */
function headingsOf(text: string): Heading[] {
  const prose = text.replaceAll(/^(```|~~~)[\s\S]*?^\1/gm, "");
  return [...prose.matchAll(/^(#{1,6})\s+(.*?)\s*$/gm)].map(([, marks = "", words = ""]) => ({
    level: marks.length,
    text: words,
  }));
}

function headingProblems(
  where: string,
  [first, ...others]: readonly Heading[],
  expected: OutlineHeading | undefined,
): string[] {
  if (expected === undefined) return [`${where} is tagged with a heading its document lacks`];
  const wanted = `${"#".repeat(expected.level)} ${expected.text}`;
  const got = first === undefined ? "none" : `${"#".repeat(first.level)} ${first.text}`;
  return [
    ...(got === wanted ? [] : [`${where} must have the heading "${wanted}", has "${got}"`]),
    ...others
      .filter(({ level }) => level < OWN_LEVEL)
      .map(({ text }) => `${where} has a second heading "${text}": use #### or deeper`),
  ];
}
