// What the language model must know of a cell: the names it declares, exports and mentions, and how it is to be read.
import { parseSync, type Node, type Program } from "oxc-parser";
import { boundNames, walkCellLevel } from "../compile/syntax-tree.ts";
import { blankFirstLineComment } from "../compile/transpile.ts";

/** What a name of a cell can stand for; `variable` may be assigned by later cells. */
export type NameRole = "variable" | "constant" | "function" | "type" | "both";

/** A cell as the language model sees it. */
export interface CellSyntax {
  /** Whether it is valid TypeScript; a cell that is being typed often is not. */
  readonly isReadable: boolean;
  /** The text to check: as long as the cell, so that places stay. */
  readonly text: string;
  /** Elements (JSX) are allowed and `<T>value` is not. */
  readonly isTsx: boolean;
  /** The cell is one object literal, which a module would read as a block. */
  readonly isObject: boolean;
  readonly declared: ReadonlyMap<string, NameRole>;
  /** Names that the cell exports itself. */
  readonly exported: ReadonlySet<string>;
  /** It declares something for all later cells, whether they mention it or not. */
  readonly isAmbient: boolean;
  /** Properties that it gives to the global object. */
  readonly globals: readonly string[];
  /** All words that could be names, also those in comments and strings. */
  readonly words: ReadonlySet<string>;
}

const WORD = /[\p{ID_Start}$_][\p{ID_Continue}$\u200C\u200D]*/gu;

const AMBIENT = /\bdeclare\s+(?:global|module)\b/;
const GLOBAL = /\bglobalThis\.([\p{ID_Start}$_][\p{ID_Continue}$]*)\s*=(?!=)/gu;

/** Reads a cell, also one that is still being typed. */
export function readCell(source: string): CellSyntax {
  const text = blankFirstLineComment(source);
  const words = new Set(text.match(WORD));
  const globals = [...text.matchAll(GLOBAL)].map(([, name = ""]) => name);
  const found = parse(text);
  if (!found) {
    const none = { isReadable: false, isTsx: false, isObject: false, exported: new Set<string>() };
    return { ...none, isAmbient: false, text, declared: guessDeclared(text), globals, words };
  }
  const { program, isTsx, isObject } = found;
  // Elements are calls of a function that they do not name.
  if (isTsx) for (const name of ["React", "h", "Fragment"]) words.add(name);
  const exported = new Set<string>();
  const declared = new Map<string, NameRole>();
  for (const statement of program.body) readStatement(statement, declared, exported);
  collectVars(program, declared);
  const isAmbient = AMBIENT.test(text);
  return { isReadable: true, isAmbient, text, isTsx, isObject, declared, exported, globals, words };
}

interface Parsed {
  readonly program: Program;
  readonly isTsx: boolean;
  readonly isObject: boolean;
}

function parse(text: string): Parsed | undefined {
  if (/^[\s;]*\{/.test(text)) {
    const program = parseAs("ts", `(${text}\n)`);
    const [only] = program?.body ?? [];
    if (program?.body.length === 1 && only?.type === "ExpressionStatement") {
      return { program, isTsx: false, isObject: true };
    }
  }
  const program = parseAs("ts", text);
  if (program) return { program, isTsx: false, isObject: false };
  const withElements = /<[\w>]/.test(text) ? parseAs("tsx", text) : undefined;
  return withElements && { program: withElements, isTsx: true, isObject: false };
}

function parseAs(lang: "ts" | "tsx", text: string): Program | undefined {
  const { program, errors } = parseSync(`cell.${lang}`, text, { lang, sourceType: "module" });
  return errors.length === 0 ? program : undefined;
}

function readStatement(
  statement: Node,
  declared: Map<string, NameRole>,
  exported: Set<string>,
): void {
  const own = new Map<string, NameRole>();
  switch (statement.type) {
    case "ExportNamedDeclaration":
      if (statement.declaration) readStatement(statement.declaration, own, exported);
      for (const name of own.keys()) exported.add(name);
      for (const { exported: name } of statement.specifiers) {
        exported.add(name.type === "Literal" ? name.value : name.name);
      }
      break;
    case "ExportDefaultDeclaration":
      readStatement(statement.declaration, own, exported);
      break;
    case "ImportDeclaration":
      for (const { local } of statement.specifiers) own.set(local.name, "both");
      break;
    default:
      readDeclaration(statement, own);
  }
  for (const [name, role] of own) addRole(declared, name, role);
}

function readDeclaration(node: Node, own: Map<string, NameRole>): void {
  switch (node.type) {
    case "VariableDeclaration":
      for (const { id } of node.declarations) {
        const role = node.kind === "let" || node.kind === "var" ? "variable" : "constant";
        for (const name of boundNames(id)) own.set(name, role);
      }
      return;
    case "FunctionDeclaration":
    case "TSDeclareFunction":
      if (node.id) own.set(node.id.name, "function");
      return;
    case "TSInterfaceDeclaration":
    case "TSTypeAliasDeclaration":
      own.set(node.id.name, "type");
      return;
    case "ClassDeclaration":
    case "TSEnumDeclaration":
    case "TSModuleDeclaration":
    case "TSImportEqualsDeclaration":
      if (node.id?.type === "Identifier" && !isGlobalBlock(node)) own.set(node.id.name, "both");
  }
}

const isGlobalBlock = (node: Node): boolean =>
  node.type === "TSModuleDeclaration" && node.kind === "global";

/** `var` in blocks belongs to the cell, too. */
function collectVars(program: Program, declared: Map<string, NameRole>): void {
  walkCellLevel(program, (node) => {
    if (node.type !== "VariableDeclaration" || node.kind !== "var") return;
    for (const { id } of node.declarations) {
      for (const name of boundNames(id)) addRole(declared, name, "variable");
    }
  });
}

/** An interface and a constant of one name make a name that stands for both. */
function addRole(declared: Map<string, NameRole>, name: string, role: NameRole): void {
  const before = declared.get(name);
  const isMixed = before !== undefined && before !== role;
  declared.set(name, isMixed && before !== "variable" && role !== "variable" ? "both" : role);
}

const GUESSED =
  /(?:^|[;{}])[ \t]*(?:export\s+)?(?:declare\s+)?(?:async\s+)?(const|let|var|function\*?|abstract\s+class|class|interface|type|enum|namespace)\s+([\p{ID_Start}$_][\p{ID_Continue}$]*)/gmu;

/** The names that unfinished code seems to declare. */
function guessDeclared(text: string): Map<string, NameRole> {
  const declared = new Map<string, NameRole>();
  for (const [, keyword = "", name = ""] of text.matchAll(GUESSED)) {
    addRole(declared, name, guessedRole(keyword));
  }
  for (const [, names = ""] of text.matchAll(
    /\b(?:const|let|var|import)\s*(?:type\s*)?[{[]([^}\]=]*)[}\]]/g,
  )) {
    for (const [name] of names.matchAll(WORD)) declared.set(name, "both");
  }
  for (const [, name = ""] of text.matchAll(
    /\bimport\s+(?:type\s+)?(?:\*\s*as\s+)?(\w+)\s*(?:from|=|,)/g,
  )) {
    declared.set(name, "both");
  }
  return declared;
}

function guessedRole(keyword: string): NameRole {
  if (keyword === "let" || keyword === "var") return "variable";
  if (keyword === "const") return "constant";
  if (keyword.startsWith("function")) return "function";
  return keyword === "interface" || keyword === "type" ? "type" : "both";
}
