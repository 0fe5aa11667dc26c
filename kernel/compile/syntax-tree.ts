// How the compiler walks a syntax tree: children in source order, and the names that a pattern binds.
import { visitorKeys } from "oxc-parser";
import type { BindingPattern, Node } from "oxc-parser";

const isNode = (value: unknown): value is Node =>
  typeof value === "object" && value !== null && typeof (value as Node).type === "string";

/** The direct children of a node, in the order in which they stand in the source. */
export function childrenOf(node: Node): Node[] {
  const children: Node[] = [];
  for (const key of visitorKeys[node.type] ?? []) {
    const value = (node as unknown as Record<string, unknown>)[key];
    if (Array.isArray(value)) children.push(...value.filter(isNode));
    else if (isNode(value)) children.push(value);
  }
  return children;
}

/** The identifiers that a declaration's left side binds: `{ a, b: [c = 1, ...d] }` gives a, c, d. */
export function boundNames(pattern: BindingPattern | null): string[] {
  switch (pattern?.type) {
    case "Identifier":
      return [pattern.name];
    case "ObjectPattern":
      return pattern.properties.flatMap((property) =>
        boundNames(property.type === "RestElement" ? property.argument : property.value),
      );
    case "ArrayPattern":
      return pattern.elements.flatMap((element) =>
        boundNames(element?.type === "RestElement" ? element.argument : element),
      );
    case "AssignmentPattern":
      return boundNames(pattern.left);
    default:
      return [];
  }
}

/** Whether the node opens a function body, in which `await`, `var` and `return` belong to somebody else. */
export const isFunction = (node: Node): boolean =>
  node.type === "FunctionDeclaration" ||
  node.type === "FunctionExpression" ||
  node.type === "ArrowFunctionExpression" ||
  node.type === "StaticBlock";

/**
 * Visits the code that runs as part of the cell itself: everything outside function bodies and
 * class member initialisers. `visit` is called before the children of a node.
 */
export function walkCellLevel(node: Node, visit: (node: Node) => void): void {
  visit(node);
  if (isFunction(node)) return;
  if (node.type === "PropertyDefinition" || node.type === "AccessorProperty") {
    if (node.computed) walkCellLevel(node.key, visit);
    return;
  }
  for (const child of childrenOf(node)) walkCellLevel(child, visit);
}

/** Visits every node below and including `node`, parents first. */
export function walkAll(node: Node, visit: (node: Node) => void): void {
  visit(node);
  for (const child of childrenOf(node)) walkAll(child, visit);
}
