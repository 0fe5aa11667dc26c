// Which identifiers of a cell mean the cell's own top level, and which a parameter or inner variable.
import type { BindingPattern, Node } from "oxc-parser";
import { boundNames, childrenOf, isFunction } from "./syntax-tree.ts";

/** An identifier that means a name of the cell's top level (or of an earlier cell). */
export interface TopLevelUse {
  name: string;
  start: number;
  end: number;
  /** Written `{ name }` or `{ name = 1 }`: the property's name must stay. */
  isShorthand: boolean;
}

/** Finds the uses of `names` that no inner scope declares. */
export function topLevelUses(program: Node, names: ReadonlySet<string>): TopLevelUse[] {
  const finder = new UseFinder(names);
  for (const child of childrenOf(program)) finder.visit(child);
  return finder.uses;
}

class UseFinder {
  readonly uses: TopLevelUse[] = [];
  readonly #names: ReadonlySet<string>;
  readonly #scopes: Set<string>[] = [];
  readonly #shorthands = new Set<number>();

  constructor(names: ReadonlySet<string>) {
    this.#names = names;
  }

  visit(node: Node): void {
    const scope = this.#scopeOf(node);
    if (scope.size > 0) this.#scopes.push(scope);
    if (node.type === "Identifier") this.#use(node);
    for (const child of referencingChildren(node)) this.visit(child);
    if (scope.size > 0) this.#scopes.pop();
  }

  #use(node: { name: string; start: number; end: number }): void {
    const { name, start, end } = node;
    if (!this.#names.has(name) || this.#scopes.some((scope) => scope.has(name))) return;
    this.uses.push({ name, start, end, isShorthand: this.#shorthands.has(start) });
  }

  #scopeOf(node: Node): Set<string> {
    if (node.type === "Property" && node.shorthand) this.#shorthands.add(node.start);
    const declared = declaredInside(node).filter((name) => this.#names.has(name));
    return new Set(declared);
  }
}

/** The names that exist only below `node`. */
function declaredInside(node: Node): string[] {
  switch (node.type) {
    case "FunctionDeclaration":
    case "FunctionExpression":
    case "ArrowFunctionExpression":
    case "StaticBlock":
      return functionNames(node);
    case "ClassDeclaration":
    case "ClassExpression":
      return node.id ? [node.id.name] : [];
    case "BlockStatement":
      return lexicalNames(node.body);
    case "SwitchStatement":
      return node.cases.flatMap((one) => lexicalNames(one.consequent));
    case "CatchClause":
      return boundNames(node.param);
    case "ForStatement":
      return node.init ? lexicalNames([node.init]) : [];
    case "ForInStatement":
    case "ForOfStatement":
      return lexicalNames([node.left]);
    default:
      return [];
  }
}

function functionNames(node: Node): string[] {
  const names = varNames(node);
  if (node.type === "StaticBlock") return [...names, ...lexicalNames(node.body)];
  if (node.type === "FunctionExpression" && node.id) names.push(node.id.name);
  if ("params" in node && Array.isArray(node.params)) {
    for (const parameter of node.params) {
      const pattern = parameter.type === "RestElement" ? parameter.argument : parameter;
      names.push(...boundNames(pattern as BindingPattern));
    }
  }
  return names;
}

function lexicalNames(statements: readonly Node[]): string[] {
  return statements.flatMap((statement) => {
    if (statement.type === "VariableDeclaration" && statement.kind !== "var") {
      return statement.declarations.flatMap(({ id }) => boundNames(id));
    }
    const isNamed =
      statement.type === "FunctionDeclaration" || statement.type === "ClassDeclaration";
    return isNamed && statement.id ? [statement.id.name] : [];
  });
}

function varNames(root: Node): string[] {
  const names: string[] = [];
  const search = (node: Node): void => {
    if (node.type === "VariableDeclaration" && node.kind === "var") {
      names.push(...node.declarations.flatMap(({ id }) => boundNames(id)));
    }
    for (const child of childrenOf(node)) if (!isFunction(child)) search(child);
  };
  search(root);
  return names;
}

/** The children that can refer to a variable: no property names, labels, imports or exports. */
function referencingChildren(node: Node): Node[] {
  const children = childrenOf(node);
  switch (node.type) {
    case "MemberExpression":
      return node.computed ? children : children.filter((child) => child !== node.property);
    case "Property":
    case "MethodDefinition":
    case "PropertyDefinition":
    case "AccessorProperty":
      return node.computed ? children : children.filter((child) => child !== node.key);
    case "LabeledStatement":
      return [node.body];
    case "FunctionDeclaration":
    case "ClassDeclaration":
      return children.filter((child) => child !== node.id);
    case "BreakStatement":
    case "ContinueStatement":
    case "MetaProperty":
    case "ImportDeclaration":
    case "ExportAllDeclaration":
      return [];
    case "ExportNamedDeclaration":
      return node.declaration ? [node.declaration] : [];
    default:
      return children;
  }
}
