// Distils the design's curriculum and the source documents into the outline and the hashes that the tests read.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Outline, OutlineDocument } from "./concordance.ts";
import { shinglesOf } from "./shingles.ts";

interface Section {
  readonly id: string;
  readonly kind: string;
  readonly level: number;
  readonly line: number;
  readonly text: string;
  readonly endLine?: number;
  readonly formulas?: readonly { readonly latex: string }[];
}

interface SourceDocument {
  readonly id: string;
  readonly file: string;
  readonly title: string;
  readonly sections: readonly Section[];
}

interface Curriculum {
  readonly documents: readonly SourceDocument[];
  readonly notebooks: readonly {
    readonly file: string;
    readonly doc: string;
    readonly title: string;
    readonly rows: readonly {
      readonly headings: readonly string[];
      readonly exercises: readonly string[];
    }[];
  }[];
  readonly exercises: readonly {
    readonly id: string;
    readonly title: string;
    readonly points: number;
    readonly difficulty: number;
  }[];
}

/** Kinds of sections that a chapter shows as headings; run-in labels, figures and bylines are none. */
const HEADING_KINDS = new Set(["title", "subtitle", "heading", "lost-heading"]);

/**
 * The outline of the curriculum.
 *
 * @param shared - folder that holds `design/curriculum.json`
 */
export function distillOutline(shared: string): Outline {
  const curriculum = readCurriculum(shared);
  const documents = curriculum.documents.map(distillDocument);
  const known = new Set(documents.flatMap(({ headings }) => headings.map(({ id }) => id)));
  const notebooks = curriculum.notebooks.map(({ file, doc, title, rows }) => ({
    file: `part-${file.charAt(1)}/${file}`,
    document: doc,
    title,
    headings: rows.flatMap(({ headings }) => headings).filter((id) => known.has(id)),
    exercises: rows.flatMap(({ exercises }) => exercises),
  }));
  const exercises = curriculum.exercises.map(({ id, title, points, difficulty }) => ({
    id,
    title,
    points,
    difficulty,
  }));
  return { documents, notebooks, exercises };
}

/**
 * Hashes of every eight words in a row of the documents' prose; headings, formulas and bibliographies are left out.
 *
 * @param shared - folder that holds `seeds/` and `design/curriculum.json`
 */
export function distillShingles(shared: string): string[] {
  return readCurriculum(shared).documents.flatMap((document) => {
    const lines = readFileSync(join(shared, "seeds", document.file), "utf8").split("\n");
    return proseOf(lines, document.sections).flatMap((prose) =>
      shinglesOf(prose).map(({ hash }) => hash),
    );
  });
}

function readCurriculum(shared: string): Curriculum {
  return JSON.parse(readFileSync(join(shared, "design/curriculum.json"), "utf8")) as Curriculum;
}

function distillDocument({ id, title, sections }: SourceDocument): OutlineDocument {
  const headings = sections
    .filter(({ kind }) => HEADING_KINDS.has(kind))
    .map(({ id: heading, level, text }) => ({ id: heading, level, text }));
  const formulas = sections
    .flatMap((section) =>
      (section.formulas ?? []).map(({ latex }) => ({ heading: section.id, latex })),
    )
    .map((formula, index) => ({
      id: `${id}-f${String(index + 1).padStart(2, "0")}`,
      ...formula,
    }));
  return { id, title, headings, formulas };
}

/** One text for each heading: its lines without the headings and run-in labels that stand on them. */
function proseOf(lines: readonly string[], sections: readonly Section[]): string[] {
  const starts = sections.filter(({ kind }) => HEADING_KINDS.has(kind) || kind === "footer");
  return starts.flatMap((section, index) => {
    if (/^references|^bibliography/i.test(section.text)) return [];
    const end = (starts[index + 1]?.line ?? lines.length + 1) - 1;
    const prose = lines
      .slice(section.line - 1, end)
      .map((line, offset) =>
        sections
          .filter((each) => each.line === section.line + offset)
          .reduce((rest, { text }) => rest.replace(text, ""), line),
      );
    return [prose.join("\n")];
  });
}
