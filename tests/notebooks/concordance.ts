// What the tests know about the five source documents: headings, formula ids, exercises and hashes, never a sentence.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { PROJECT } from "./project.ts";
import { unpackHashes } from "./shingles.ts";

/** A heading or title of a source document. */
export interface OutlineHeading {
  /** Document and place in it, as `000-h07`. */
  readonly id: string;
  /** Depth as a Markdown heading: 1 is `#`. */
  readonly level: number;
  readonly text: string;
}

/** A formula of a source document, exactly as LaTeX. */
export interface OutlineFormula {
  /** Document and place in it, as `000-f03`. */
  readonly id: string;
  readonly heading: string;
  readonly latex: string;
}

/** A source document. */
export interface OutlineDocument {
  readonly id: string;
  readonly title: string;
  readonly headings: readonly OutlineHeading[];
  readonly formulas: readonly OutlineFormula[];
}

/** A chapter: which headings it follows, in order, and which exercises it holds, in order. */
export interface OutlineNotebook {
  readonly file: string;
  readonly document: string;
  readonly title: string;
  readonly headings: readonly string[];
  readonly exercises: readonly string[];
}

/** A graded exercise. */
export interface OutlineExercise {
  readonly id: string;
  readonly title: string;
  readonly points: number;
  readonly difficulty: number;
}

/** Everything in `notebooks/concordance/outline.json`. */
export interface Outline {
  readonly documents: readonly OutlineDocument[];
  readonly notebooks: readonly OutlineNotebook[];
  readonly exercises: readonly OutlineExercise[];
}

/** The two committed files, relative to the project. */
export const OUTLINE_FILE = "notebooks/concordance/outline.json";
export const SHINGLES_FILE = "notebooks/concordance/shingles.txt";

/** Reads the committed outline. */
export function readOutline(): Outline {
  return JSON.parse(readFileSync(join(PROJECT, OUTLINE_FILE), "utf8")) as Outline;
}

/** Reads the committed hashes of the documents' prose. */
export function readShingles(): Set<string> {
  return unpackHashes(readFileSync(join(PROJECT, SHINGLES_FILE), "utf8"));
}
