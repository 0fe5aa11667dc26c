// One source file as the house rules see it: path, text, syntax tree and comments.
import { parseSync, type Comment, type Program } from "oxc-parser";

/** A parsed source file. */
export interface SourceFile {
  /** Relative to the project, with forward slashes. */
  readonly path: string;
  readonly text: string;
  readonly program: Program;
  readonly comments: readonly Comment[];
}

/** A rule looks at one file and says in sentences what is wrong; an empty list is a pass. */
export type Rule = (file: SourceFile) => string[];

/** Parses a file; the text is TypeScript whatever the name says. */
export function parseSource(path: string, text: string): SourceFile {
  const { program, comments } = parseSync(path, text, { lang: "ts", sourceType: "module" });
  return { path, text, program, comments };
}

/** One exported name and where its statement starts. */
export interface Exported {
  readonly name: string;
  readonly kind: string;
  readonly start: number;
  readonly node: Node;
}

/** Any node of the syntax tree, as far as the rules look into it. */
export interface Node {
  readonly type: string;
  readonly start: number;
  readonly end: number;
  readonly [field: string]: unknown;
}

/** The declarations a file exports; re-exports from other files are left out. */
export function exportedDeclarations(file: SourceFile): Exported[] {
  return file.program.body.flatMap((statement) => {
    if (statement.type !== "ExportNamedDeclaration" || !statement.declaration) return [];
    const declaration = statement.declaration as unknown as Node;
    return declaredNames(declaration).map((name) => ({
      name,
      kind: declaration.type,
      start: statement.start,
      node: declaration,
    }));
  });
}

function declaredNames(declaration: Node): string[] {
  if (declaration.type === "VariableDeclaration") {
    const declarators = declaration["declarations"] as { id: { name?: string } }[];
    return declarators.flatMap(({ id }) => (id.name ? [id.name] : []));
  }
  const id = declaration["id"] as { name?: string } | null;
  return id?.name ? [id.name] : [];
}

/** The `/** ... *\/` comment that ends right before `start`, or undefined. */
export function docCommentBefore(file: SourceFile, start: number): string | undefined {
  const comment = file.comments.findLast((candidate) => candidate.end <= start);
  if (!comment || comment.type !== "Block" || !comment.value.startsWith("*")) return undefined;
  return file.text.slice(comment.end, start).trim() === "" ? comment.value : undefined;
}

/** Calls `visit` on every node of the tree, parents first. */
export function walk(root: unknown, visit: (node: Node) => void): void {
  if (Array.isArray(root)) {
    for (const child of root) walk(child, visit);
    return;
  }
  if (typeof root !== "object" || root === null) return;
  const node = root as Node;
  if (typeof node.type === "string") visit(node);
  for (const value of Object.values(node)) walk(value, visit);
}

/** The line, counted from 1, of a position in the text. */
export function lineAt(file: SourceFile, position: number): number {
  return file.text.slice(0, position).split("\n").length;
}
