// Imports of a cell become calls of the runtime, because evaluated code has no module loader.
import type { ImportDeclaration, ImportDeclarationSpecifier, Node, Statement } from "oxc-parser";
import { CELL_RUNTIME_NAME } from "./cell-runtime.ts";
import type { CellEdits } from "./edits.ts";

/** Rewrites static imports and re-exports; they run before the first statement, as in a module. */
export function rewriteStaticImports(edits: CellEdits, statements: readonly Statement[]): void {
  for (const statement of statements) {
    if (statement.type === "ImportDeclaration") {
      edits.replace(statement.start, statement.end, importStatement(edits, statement));
      edits.moveToTop(statement);
    } else if (isReExport(statement)) {
      // A cell exports nothing, but what it re-exports must exist.
      edits.replace(statement.start, statement.end, `${loadCall(statement)};`);
      edits.moveToTop(statement);
    }
  }
}

/** Rewrites `import(...)` and `import.meta` at `node`, wherever it stands. */
export function rewriteDynamicImport(edits: CellEdits, node: Node): void {
  if (node.type === "ImportExpression" && !node.phase) {
    edits.replace(node.start, node.start + "import".length, `${CELL_RUNTIME_NAME}.import`);
  } else if (node.type === "MetaProperty" && node.meta.name === "import") {
    edits.replace(node.start, node.end, `${CELL_RUNTIME_NAME}.meta`);
  }
}

type Sourced = Pick<ImportDeclaration, "source" | "attributes">;

function isReExport(statement: Statement): statement is Statement & Sourced {
  return (
    statement.type === "ExportAllDeclaration" ||
    (statement.type === "ExportNamedDeclaration" && statement.source !== null)
  );
}

function importStatement(edits: CellEdits, node: ImportDeclaration): string {
  const load = loadCall(node);
  const bind = (specifier: ImportDeclarationSpecifier): string =>
    edits.declare(specifier.local.name, "import");
  const namespace = node.specifiers.find((one) => one.type === "ImportNamespaceSpecifier");
  const named = node.specifiers.filter((one) => one !== namespace);
  const picked = named.map((one) => `${importedKey(one)}: ${bind(one)}`).join(", ");
  if (namespace) {
    const whole = bind(namespace);
    return `let ${whole} = ${load}${picked ? `, {${picked}} = ${whole}` : ""};`;
  }
  return picked ? `let {${picked}} = ${load};` : `${load};`;
}

function importedKey(specifier: ImportDeclarationSpecifier): string {
  if (specifier.type !== "ImportSpecifier") return "default";
  const { imported } = specifier;
  return imported.type === "Literal" ? JSON.stringify(imported.value) : imported.name;
}

function loadCall({ source, attributes }: Sourced): string {
  const pairs = attributes.map(({ key, value }) => {
    const name = key.type === "Identifier" ? key.name : key.value;
    return `${JSON.stringify(name)}: ${JSON.stringify(value.value)}`;
  });
  const options = pairs.length > 0 ? `, { with: { ${pairs.join(", ")} } }` : "";
  const specifier = JSON.stringify(source.value);
  const loaded = `${CELL_RUNTIME_NAME}.import(${specifier}${options})`;
  return `await ${CELL_RUNTIME_NAME}.wait(${loaded})`;
}
