// Tests mirror the sources, and a skipped test says in its title what it needs.
import { lineAt, walk, type Node, type Rule, type SourceFile } from "./source-file.ts";

/** A skip whose title does not contain "(needs ...)"; CI reads the same words. */
export const explainsSkips: Rule = (file) => {
  const problems: string[] = [];
  walk(file.program, (node) => {
    if (node.type !== "CallExpression") return;
    const skip = skipKind(node["callee"] as Node);
    if (skip === undefined) return;
    const title = ((node["arguments"] as Node[])[0]?.["value"] as string | undefined) ?? "";
    const template = file.text.slice(node.start, node.end).split("\n", 2).join(" ");
    if (/\(needs [^)]+\)/.test(title) || (title === "" && /\(needs [^)]+\)/.test(template))) return;
    problems.push(
      `${file.path}:${lineAt(file, node.start)} is skipped without a written reason: end the title with "(needs ...)"`,
    );
  });
  return problems;
};

// Recognises .skip, .todo, .skipIf(condition) and .runIf(condition) on test and describe.
function skipKind(callee: Node): string | undefined {
  const property = (node: Node): string | undefined =>
    node.type === "MemberExpression" ? (node["property"] as { name?: string }).name : undefined;
  if (property(callee) === "skip" || property(callee) === "todo") return "skip";
  if (callee.type !== "CallExpression") return undefined;
  const inner = property(callee["callee"] as Node);
  return inner === "skipIf" || inner === "runIf" ? inner : undefined;
}

/**
 * Source files without a test that mirrors them.
 *
 * A test covers `tests/<same path>.test.ts`, and besides that what its header names: `// Covers: lib/ops/*.ts`.
 */
export function uncoveredSources(
  sources: readonly SourceFile[],
  tests: readonly SourceFile[],
): string[] {
  const mirrored = new Set(tests.map((file) => file.path));
  const globs = tests.flatMap(coveredGlobs);
  return sources
    .filter((file) => hasCode(file) && !/(^|\/)index\.ts$/.test(file.path))
    .filter((file) => !mirrored.has(`tests/${file.path.replace(/\.ts$/, ".test.ts")}`))
    .filter((file) => !globs.some((glob) => globPattern(glob).test(file.path)))
    .map(
      (file) => `${file.path} has no test: write tests/${file.path.replace(/\.ts$/, ".test.ts")}`,
    );
}

function coveredGlobs(file: SourceFile): string[] {
  const lines = [...file.text.matchAll(/^\/\/ Covers: (.+)$/gm)];
  return lines.flatMap((match) => (match[1] ?? "").split(/,\s*/).map((glob) => glob.trim()));
}

// `*` stands for part of one name, `**` for any depth.
function globPattern(glob: string): RegExp {
  const parts = glob
    .split("**")
    .map((part) => part.replace(/[.]/g, "\\.").replaceAll("*", "[^/]*"));
  return new RegExp(`^${parts.join(".*")}$`);
}

const TYPES_ONLY: ReadonlySet<string> = new Set([
  "TSInterfaceDeclaration",
  "TSTypeAliasDeclaration",
  "TSDeclareFunction",
  "TSModuleDeclaration",
]);

// A file of types and re-exports has nothing to test.
function hasCode(file: SourceFile): boolean {
  return file.program.body.some((statement) => {
    if (statement.type === "ImportDeclaration" || statement.type === "ExportAllDeclaration")
      return false;
    const declaration =
      statement.type === "ExportNamedDeclaration" ? statement.declaration : statement;
    if (!declaration) return false;
    return !TYPES_ONLY.has(declaration.type);
  });
}
