// A notebook between its text on disk and the value that clients send and receive.
import { HttpError } from "../errors.ts";
import { isObject } from "../http/read-body.ts";

/** A code or text cell, as far as the server looks into it. */
export interface NotebookCell {
  cell_type?: unknown;
  metadata?: Record<string, unknown>;
  outputs?: unknown;
}

/** A notebook, as far as the server looks into it. */
export interface Notebook {
  cells: NotebookCell[];
  metadata?: Record<string, unknown>;
  nbformat: number;
}

/**
 * Reads the text of a notebook file.
 *
 * @throws {HttpError} 400 when it is not JSON or not a notebook of version 4
 */
export function parseNotebook(text: string, apiPath: string): Notebook {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw unreadable(apiPath, `it is not JSON (${(error as Error).message})`, error);
  }
  return asNotebook(value, apiPath);
}

/**
 * Checks that a value has the outer shape of a notebook.
 *
 * @throws {HttpError} 400 when it has not
 */
export function asNotebook(value: unknown, apiPath: string): Notebook {
  if (!isObject(value)) throw unreadable(apiPath, "it is not a JSON object");
  if (value["nbformat"] !== 4) {
    const version = JSON.stringify(value["nbformat"]);
    throw unreadable(apiPath, `it is of version ${version}, version 4 is needed`);
  }
  const cells = value["cells"];
  if (!Array.isArray(cells) || !cells.every(isObject)) {
    throw unreadable(apiPath, "its cells are not a list of objects");
  }
  return value as unknown as Notebook;
}

/** The text of a notebook file: one space of indent and a last newline, as Jupyter writes it. */
export function formatNotebook(notebook: Notebook): string {
  return `${JSON.stringify(notebook, undefined, 1)}\n`;
}

function unreadable(apiPath: string, why: string, cause?: unknown): HttpError {
  return new HttpError(
    400,
    `Unreadable notebook "${apiPath}": ${why}. Open it as text to repair it, or restore a checkpoint.`,
    { cause },
  );
}
