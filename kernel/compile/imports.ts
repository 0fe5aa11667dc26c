// Imports of a cell become calls of the runtime, because evaluated code has no module loader.
import type {
  ImportDeclaration,
  ImportDeclarationSpecifier,
  Node,
  Program,
  Statement,
} from "oxc-parser";
import { CELL_RUNTIME_NAME } from "./cell-runtime.ts";
import type { ImportedNames, LiveImport } from "./cell-runtime.ts";
import type { CellEdits } from "./edits.ts";
import type { DeclaredName, KnownNames } from "./globals.ts";
import { topLevelUses } from "./scopes.ts";

/** How a statement begins that makes packages available to the imports below it. */
const INSTALL = `await ${CELL_RUNTIME_NAME}.commands.run("install"`;

/**
 * Rewrites static imports and re-exports; they run before the first statement, as in a module, unless packages are
 * installed before they stand.
 */
export function rewriteStaticImports(
  edits: CellEdits,
  program: Program,
  statements: readonly Statement[],
): void {
  const used = usedImports(program, statements);
  let isInstalled = false;
  const toTop = (statement: Statement): void => {
    if (!isInstalled) edits.moveToTop(statement);
  };
  for (const statement of statements) {
    isInstalled ||= edits.text.original.startsWith(INSTALL, statement.start);
    if (statement.type === "ImportDeclaration") {
      edits.replace(statement.start, statement.end, importStatement(edits, statement, used));
      toTop(statement);
    } else if (isReExport(statement)) {
      // A cell exports nothing, but what it re-exports must exist.
      edits.replace(statement.start, statement.end, `${loadCall(statement)};`);
      toTop(statement);
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

/** The imported names that the cell uses as values; uses as types are gone by now. */
function usedImports(program: Program, statements: readonly Statement[]): ReadonlySet<string> {
  const imported = statements.flatMap((statement) =>
    statement.type === "ImportDeclaration"
      ? statement.specifiers.map(({ local }) => local.name)
      : [],
  );
  if (imported.length === 0) return new Set();
  return new Set(topLevelUses(program, new Set(imported)).map(({ name }) => name));
}

function importStatement(
  edits: CellEdits,
  node: ImportDeclaration,
  used: ReadonlySet<string>,
): string {
  const { specifiers } = node;
  const namespace = specifiers.find((one) => one.type === "ImportNamespaceSpecifier");
  const named = specifiers.filter((one) => one !== namespace);
  const load = loadCall(node, wantedNames(named, used));
  const bind = (specifier: ImportDeclarationSpecifier): string => {
    const from = { specifier: node.source.value, key: keyOf(specifier) };
    const isOwnFile = /^\.{0,2}\//.test(from.specifier);
    return edits.declare(specifier.local.name, "import", isOwnFile ? from : undefined);
  };
  const picked = named.map((one) => `${propertyKey(keyOf(one)!)}: ${bind(one)}`).join(", ");
  if (namespace) {
    const whole = bind(namespace);
    return `let ${whole} = ${load}${picked ? `, {${picked}} = ${whole}` : ""};`;
  }
  return picked ? `let {${picked}} = ${load};` : `${load};`;
}

/** What must be there, and what may be a type: the runtime is told both. */
function wantedNames(
  named: readonly ImportDeclarationSpecifier[],
  used: ReadonlySet<string>,
): ImportedNames | undefined {
  if (named.length === 0) return undefined;
  const names = { used: [] as string[], unused: {} as Record<string, string> };
  for (const specifier of named) {
    const key = keyOf(specifier)!;
    if (used.has(specifier.local.name)) names.used.push(key);
    else names.unused[key] = specifier.local.name;
  }
  return names;
}

/** The exported name that a specifier asks for; undefined when it asks for the whole module. */
function keyOf(specifier: ImportDeclarationSpecifier): string | undefined {
  if (specifier.type === "ImportNamespaceSpecifier") return undefined;
  if (specifier.type === "ImportDefaultSpecifier") return "default";
  const { imported } = specifier;
  return imported.type === "Literal" ? imported.value : imported.name;
}

const propertyKey = (key: string): string =>
  /^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u.test(key) ? key : JSON.stringify(key);

function loadCall({ source, attributes }: Sourced, names?: ImportedNames): string {
  const pairs = attributes.map(({ key, value }) => {
    const name = key.type === "Identifier" ? key.name : key.value;
    return `${JSON.stringify(name)}: ${JSON.stringify(value.value)}`;
  });
  const given = pairs.length > 0 ? [`{ with: { ${pairs.join(", ")} } }`] : [];
  const wanted = names ? [given[0] ?? "undefined", JSON.stringify(names)] : given;
  const list = [JSON.stringify(source.value), ...wanted].join(", ");
  const loaded = `${CELL_RUNTIME_NAME}.import(${list})`;
  return `await ${CELL_RUNTIME_NAME}.wait(${loaded})`;
}

/**
 * The statement that lets names of edited files follow their file; empty when no such name is known.
 *
 * @param declared - what the cell itself declares: those names are left alone
 */
export function followEditedFiles(known: KnownNames, declared: readonly DeclaredName[]): string {
  const live: LiveImport[] = [];
  for (const { name, binding, from } of known.values()) {
    if (from && !declared.some((one) => one.name === name)) live.push({ ...from, binding });
  }
  if (live.length === 0) return "";
  const reload = `${CELL_RUNTIME_NAME}.reload(${JSON.stringify(live)})`;
  return `await ${CELL_RUNTIME_NAME}.wait(${reload});`;
}
