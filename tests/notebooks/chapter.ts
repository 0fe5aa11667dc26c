// A notebook file as the rules see it: cells with their text and our metadata.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { PROJECT } from "./project.ts";

/** One output of an executed code cell. */
export interface Output {
  readonly output_type: string;
  readonly name?: string;
  readonly ename?: string;
  readonly text?: string | readonly string[];
  readonly data?: Readonly<Record<string, unknown>>;
}

/** One cell. */
export interface Cell {
  readonly cell_type: string;
  readonly source: string | readonly string[];
  readonly metadata: {
    readonly gradlab?: {
      readonly document?: string;
      readonly heading?: string;
      readonly exercise?: string;
      readonly role?: string;
    };
  };
  readonly execution_count?: number | null;
  readonly outputs?: readonly Output[];
}

/** A notebook under its path, relative to the project. */
export interface Chapter {
  readonly path: string;
  readonly cells: readonly Cell[];
}

/** A rule looks at one notebook and says in sentences what is wrong; an empty list is a pass. */
export type ChapterRule = (chapter: Chapter) => string[];

/** Reads a notebook of the project; whether it is valid is another test's business. */
export function readChapter(path: string): Chapter {
  const { cells } = JSON.parse(readFileSync(join(PROJECT, path), "utf8")) as { cells: Cell[] };
  return { path, cells };
}

/** The text of a cell, as one string. */
export function sourceOf({ source }: Pick<Cell, "source">): string {
  return typeof source === "string" ? source : source.join("");
}

/** The cells of one kind, each with how to name it in a message. */
export function cellsOf(
  { path, cells }: Chapter,
  kind: "code" | "markdown",
): { cell: Cell; text: string; where: string }[] {
  return cells.flatMap((cell, index) =>
    cell.cell_type === kind
      ? [{ cell, text: sourceOf(cell), where: `${path} cell ${String(index + 1)}` }]
      : [],
  );
}

/** A chapter made of texts, for examples in tests: code is given as `{ code }`. */
export function chapterOf(
  path: string,
  cells: readonly (
    | { readonly code: string; readonly gradlab?: Cell["metadata"]["gradlab"] }
    | { readonly markdown: string; readonly gradlab?: Cell["metadata"]["gradlab"] }
  )[],
): Chapter {
  return {
    path,
    cells: cells.map((each) => ({
      cell_type: "code" in each ? "code" : "markdown",
      source: "code" in each ? each.code : each.markdown,
      metadata: each.gradlab === undefined ? {} : { gradlab: each.gradlab },
    })),
  };
}
