// From the text of an .ipynb file to a valid notebook in memory, or to one error that names the place and the fix.
import { readFile } from "node:fs/promises";
import { NotebookError, type NotebookProblem } from "./errors.ts";
import { findJsonError, positionOf } from "./json-error.ts";
import { repairCellIds } from "./cell-ids.ts";
import { joinBundle, joinText } from "./multiline.ts";
import type { Notebook } from "./types.ts";
import { validateNotebook } from "./validate.ts";

type Json = Record<string, unknown>;

/** Deeper nesting than any notebook has; guards the recursive writer. */
const MAX_DEPTH = 500;

/**
 * Reads a notebook file.
 *
 * @throws {NotebookError} when there is no such file, or it is no notebook
 */
export async function readNotebook(path: string): Promise<Notebook> {
  let bytes: Uint8Array;
  try {
    bytes = await readFile(path);
  } catch (cause) {
    throw new NotebookError("NOTEBOOK_UNREADABLE", unreadable(path, cause), { cause });
  }
  return parseNotebook(decode(bytes, path), path);
}

/**
 * Turns the text of an .ipynb file into a notebook of format 4.5: formats 4.0 to 4.4 are upgraded,
 * missing, wrong and repeated cell ids are replaced, lists of lines are joined.
 *
 * @param name - how messages call the file
 * @throws {NotebookError} when the text is no notebook
 */
export function parseNotebook(text: string, name = "notebook"): Notebook {
  const value = parseJson(text.startsWith("\uFEFF") ? text.slice(1) : text, name);
  checkVersion(value, name);
  value["nbformat_minor"] = Math.max(5, Number(value["nbformat_minor"]));
  const cells = value["cells"];
  if (Array.isArray(cells)) repairCellIds(cells.filter(isObject));
  const problems = validateNotebook(value);
  if (problems.length > 0) throw invalid(name, problems);
  joinCells(cells as Json[]);
  return value as unknown as Notebook;
}

function parseJson(text: string, name: string): Json {
  if (text.trim() === "") {
    const message = `${name}: expected a notebook, but the file is empty. Restore it, or create a new notebook in JupyterLab.`;
    throw new NotebookError("NOTEBOOK_NOT_JSON", message, { position: { line: 1, column: 1 } });
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw notJson(text, name, cause);
  }
  if (!isObject(value) || !("nbformat" in value)) {
    const message = `${name}: expected a notebook (JSON with nbformat and cells), but this JSON is something else. Give the path of an .ipynb file.`;
    throw new NotebookError("NOTEBOOK_INVALID", message);
  }
  if (depthExceeds(value, MAX_DEPTH)) {
    const message = `${name}: expected a notebook, but its JSON is nested more than ${MAX_DEPTH} levels deep. Remove the nested metadata or output.`;
    throw new NotebookError("NOTEBOOK_INVALID", message);
  }
  return value;
}

function notJson(text: string, name: string, cause: unknown): NotebookError {
  const conflict = /^(<{7}|>{7}) /m.exec(text);
  if (conflict) {
    const position = positionOf(text, conflict.index);
    const message = `${name}: expected a notebook, but line ${position.line} is a merge conflict mark. Solve the conflict (keep one side), then try again.`;
    return new NotebookError("NOTEBOOK_NOT_JSON", message, { position, cause });
  }
  const error = findJsonError(text);
  if (error === undefined) {
    return new NotebookError("NOTEBOOK_NOT_JSON", `${name}: is not JSON: ${String(cause)}.`, {
      cause,
    });
  }
  const { line, column } = error.position;
  const place = `${name}, line ${line}, column ${column}`;
  const message =
    error.found === ""
      ? `${place}: expected ${error.expected}, but the file ends here: it was cut off while saving or copying. Copy it again, or restore an older version.`
      : `${place}: a notebook is JSON, expected ${error.expected} here, got ${JSON.stringify(error.found)}. Repair that line, or restore an older version.`;
  return new NotebookError("NOTEBOOK_NOT_JSON", message, { position: error.position, cause });
}

function checkVersion(value: Json, name: string): void {
  const major = value["nbformat"];
  if (major === 4 && Number.isInteger(value["nbformat_minor"] ?? 0)) {
    value["nbformat_minor"] ??= 0;
    return;
  }
  const came = `nbformat ${JSON.stringify(major)}.${JSON.stringify(value["nbformat_minor"])}`;
  const fix =
    typeof major === "number" && major > 4
      ? "It was written by a newer program: save it there as version 4, or update gradlab."
      : "Open it in JupyterLab and save it, or convert it with `jupyter nbconvert --to notebook`.";
  throw new NotebookError(
    "NOTEBOOK_VERSION",
    `${name}: expected a notebook of version 4, got ${came}. ${fix}`,
  );
}

function invalid(name: string, problems: readonly NotebookProblem[]): NotebookError {
  const shown = problems.slice(0, 5).map(({ where, problem }) => `  ${where}: ${problem}`);
  const more = problems.length > 5 ? [`  and ${problems.length - 5} more`] : [];
  const lines = [`${name}: expected a valid notebook of format 4.5, got:`, ...shown, ...more];
  const fix =
    "Repair these places in a text editor, or open the notebook in JupyterLab and save it.";
  return new NotebookError("NOTEBOOK_INVALID", [...lines, fix].join("\n"), { problems });
}

function joinCells(cells: Json[]): void {
  for (const cell of cells) {
    cell["source"] = joinText(cell["source"]);
    const attachments = cell["attachments"];
    if (isObject(attachments)) {
      for (const [file, bundle] of Object.entries(attachments))
        attachments[file] = joinBundle(bundle as Json);
    }
    for (const output of (cell["outputs"] ?? []) as Json[]) {
      if (isObject(output["data"])) output["data"] = joinBundle(output["data"]);
      if ("text" in output) output["text"] = joinText(output["text"]);
    }
  }
}

function decode(bytes: Uint8Array, path: string): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch (cause) {
    const message = `${path}: expected a notebook in UTF-8, but the file holds other bytes. Save it as UTF-8, or check that it is an .ipynb file.`;
    throw new NotebookError("NOTEBOOK_NOT_JSON", message, { cause });
  }
}

function unreadable(path: string, cause: unknown): string {
  const code = (cause as NodeJS.ErrnoException).code ?? String(cause);
  if (code === "ENOENT")
    return `${path}: expected a notebook, but there is no such file. Check the path.`;
  if (code === "EISDIR")
    return `${path}: expected a notebook, but this is a folder. Name the .ipynb files in it.`;
  return `${path}: expected a readable notebook, but reading failed (${code}). Check the file's permissions.`;
}

function depthExceeds(value: unknown, limit: number): boolean {
  let level: unknown[] = [value];
  for (let depth = 0; level.length > 0; depth += 1) {
    if (depth > limit) return true;
    level = level.flatMap((node) =>
      typeof node === "object" && node !== null
        ? Object.values(node).filter((child) => typeof child === "object" && child !== null)
        : [],
    );
  }
  return false;
}

function isObject(value: unknown): value is Json {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
