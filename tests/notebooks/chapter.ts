// A notebook file as the rules see it: cells with their text and our metadata.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parseNotebook } from "../../nbformat/parse.ts";
import type { Cell } from "../../nbformat/types.ts";
import { PROJECT } from "./project.ts";

/** What we keep in a cell's `metadata.gradlab`. */
export interface CellTag {
  readonly document?: string;
  readonly heading?: string;
  readonly exercise?: string;
  readonly role?: "task" | "stub" | "check";
}

/** A notebook under its path, relative to the project. */
export interface Chapter {
  readonly path: string;
  readonly cells: readonly Cell[];
}

/** A rule looks at one notebook and says in sentences what is wrong; an empty list is a pass. */
export type ChapterRule = (chapter: Chapter) => string[];

/** Reads a notebook of the project. */
export function readChapter(path: string): Chapter {
  return { path, cells: parseNotebook(readFileSync(join(PROJECT, path), "utf8"), path).cells };
}

/** Our metadata of a cell; empty where it has none. */
export function tagOf(cell: Cell): CellTag {
  return cell.metadata["gradlab"] ?? {};
}

/** The cells of one kind, each with how to name it in a message. */
export function cellsOf(
  { path, cells }: Chapter,
  kind: "code" | "markdown",
): { tag: CellTag; text: string; where: string }[] {
  return cells.flatMap((cell, index) =>
    cell.cell_type === kind
      ? [{ tag: tagOf(cell), text: cell.source, where: `${path} cell ${String(index + 1)}` }]
      : [],
  );
}

/** A chapter made of texts, for examples in tests. */
export function chapterOf(
  path: string,
  cells: readonly ({ gradlab?: CellTag } & ({ code: string } | { markdown: string }))[],
): Chapter {
  return {
    path,
    cells: cells.map((each, index): Cell => {
      const metadata = each.gradlab === undefined ? {} : { gradlab: each.gradlab };
      const id = `cell-${String(index + 1)}`;
      return "code" in each
        ? { cell_type: "code", id, metadata, source: each.code, execution_count: null, outputs: [] }
        : { cell_type: "markdown", id, metadata, source: each.markdown };
    }),
  };
}
