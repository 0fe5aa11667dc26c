// Checks a notebook against the official JSON schema of nbformat 4.5, and words what is wrong for people.
import type { ErrorObject, ValidateFunction } from "ajv";
import ajvDraft04 from "ajv-draft-04";
import type { NotebookProblem } from "./errors.ts";
import schema from "./schema/nbformat.v4.5.schema.json" with { type: "json" };

const SCHEMA_ID = "nbformat";
const CELL_KINDS: Record<string, string> = {
  code: "code_cell",
  markdown: "markdown_cell",
  raw: "raw_cell",
};
const OUTPUT_KINDS = ["stream", "display_data", "execute_result", "error"];

let compiled: ajvDraft04.default | undefined;

/**
 * Everything that is wrong in a notebook as the file holds it, or `[]`.
 *
 * @param value - the parsed JSON of the file; a `Notebook` in memory is fine too
 */
export function validateNotebook(value: unknown): NotebookProblem[] {
  const validate = validator("");
  if (validate(value) && isObject(value)) return repeatedIds(value["cells"]);
  const top = problemsOf(validate, "notebook", (path) => !path.startsWith("/cells/"));
  const cells =
    isObject(value) && Array.isArray(value["cells"]) ? (value["cells"] as unknown[]) : [];
  const inside = cells.flatMap((cell, index) => cellProblems(cell, index));
  const found = [...top, ...inside, ...repeatedIds(cells)];
  return found.length > 0 ? found : [{ where: "notebook", problem: "does not match the schema" }];
}

function cellProblems(cell: unknown, index: number): NotebookProblem[] {
  const where = describeCell(cell, index);
  if (!isObject(cell)) return [{ where, problem: `must be an object, got ${show(cell)}` }];
  const kind = CELL_KINDS[String(cell["cell_type"])];
  if (kind === undefined) {
    const got = show(cell["cell_type"]);
    return [{ where, problem: `cell_type must be "code", "markdown" or "raw", got ${got}` }];
  }
  const validate = validator(`#/definitions/${kind}`);
  if (validate(cell)) return [];
  const own = problemsOf(validate, where, (path) => !/^\/outputs\/\d/.test(path), cell);
  const outputs = Array.isArray(cell["outputs"]) ? (cell["outputs"] as unknown[]) : [];
  return [...own, ...outputs.flatMap((output, at) => outputProblems(output, where, at))];
}

function outputProblems(output: unknown, where: string, index: number): NotebookProblem[] {
  const type = isObject(output) ? output["output_type"] : undefined;
  if (!isObject(output) || !OUTPUT_KINDS.includes(String(type))) {
    const kinds = OUTPUT_KINDS.map((kind) => `"${kind}"`).join(", ");
    return [
      {
        where,
        problem: `outputs[${index}].output_type must be one of ${kinds}, got ${show(type)}`,
      },
    ];
  }
  const validate = validator(`#/definitions/${String(type)}`);
  if (validate(output)) return [];
  return problemsOf(validate, where, () => true, output, `outputs[${index}]`);
}

function problemsOf(
  validate: ValidateFunction,
  where: string,
  wanted: (path: string) => boolean,
  ...[value, prefix = ""]: [value?: unknown, prefix?: string]
): NotebookProblem[] {
  const errors = (validate.errors ?? []).filter((error) => wanted(error.instancePath));
  // A field that may have one of several forms gives one error per form: keep the sentence about the field.
  const summaries = new Set(
    errors.filter((error) => error.keyword === "oneOf").map((error) => error.instancePath),
  );
  const kept = errors.filter(
    (error) => error.keyword === "oneOf" || !summaries.has(error.instancePath),
  );
  const texts = kept.map((error) => wording(error, prefix, valueAt(value, error.instancePath)));
  return [...new Set(texts)].map((problem) => ({ where, problem }));
}

function wording(error: ErrorObject, prefix: string, value: unknown): string {
  const field = fieldName(prefix, error.instancePath);
  const params = error.params as Record<string, unknown>;
  if (error.keyword === "required") return `${dotted(field, params["missingProperty"])} is missing`;
  if (error.keyword === "additionalProperties") {
    return `${dotted(field, params["additionalProperty"])} is no field of the format`;
  }
  if (error.keyword === "oneOf" || error.schemaPath.includes("multiline_string")) {
    return `${field} must be a text or a list of texts, got ${show(value)}`;
  }
  if (error.keyword === "pattern" && field === "id") {
    return `id must be 1 to 64 letters, digits, "-" or "_", got ${show(value)}`;
  }
  return `${field || "it"} ${error.message ?? "is wrong"}, got ${show(value)}`;
}

function repeatedIds(cells: unknown): NotebookProblem[] {
  const seen = new Map<unknown, number>();
  if (!Array.isArray(cells)) return [];
  return (cells as unknown[]).flatMap((cell, index) => {
    const id = isObject(cell) ? cell["id"] : undefined;
    if (id === undefined) return [];
    const first = seen.get(id);
    if (first === undefined) {
      seen.set(id, index);
      return [];
    }
    return [
      { where: describeCell(cell, index), problem: `id is the same as that of cell ${first + 1}` },
    ];
  });
}

function validator(definition: string): ValidateFunction {
  compiled ??= new ajvDraft04.default({ allErrors: true, strict: false }).addSchema(
    schema,
    SCHEMA_ID,
  );
  const found = compiled.getSchema(`${SCHEMA_ID}${definition}`);
  if (found === undefined) throw new RangeError(`nbformat: the schema has no part ${definition}`);
  return found;
}

function describeCell(cell: unknown, index: number): string {
  if (!isObject(cell)) return `cell ${index + 1}`;
  const kind = typeof cell["cell_type"] === "string" ? cell["cell_type"] : "unknown kind";
  const id = typeof cell["id"] === "string" ? `, id "${cell["id"]}"` : "";
  return `cell ${index + 1} (${kind}${id})`;
}

function fieldName(prefix: string, path: string): string {
  const parts = path.split("/").slice(1).map(unescapePointer);
  return parts.reduce(
    (name, part) => (/^\d+$/.test(part) ? `${name}[${part}]` : dotted(name, part)),
    prefix,
  );
}

function dotted(name: string, part: unknown): string {
  return name === "" ? String(part) : `${name}.${String(part)}`;
}

function valueAt(value: unknown, path: string): unknown {
  const parts = path.split("/").slice(1).map(unescapePointer);
  return parts.reduce<unknown>(
    (at, part) => (at as Record<string, unknown> | undefined)?.[part],
    value,
  );
}

function unescapePointer(part: string): string {
  return part.replaceAll("~1", "/").replaceAll("~0", "~");
}

function show(value: unknown): string {
  if (value === undefined) return "nothing";
  const text = JSON.stringify(value);
  return text.length > 60 ? `${text.slice(0, 57)}...` : text;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
