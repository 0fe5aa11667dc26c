// The places of a cell where statements stand, with the statements that follow on the same line.
import { parseSync } from "oxc-parser";
import type { Node } from "oxc-parser";
import { childrenOf, isFunction } from "../compile/syntax-tree.ts";

/** A list of statements, and whether it belongs to a function. */
export interface StatementList {
  readonly statements: readonly Node[];
  readonly isInFunction: boolean;
}

/** Parses TypeScript; undefined when it has errors. */
export function parseTypeScript(text: string): Node | undefined {
  for (const lang of /<[\w>]/.test(text) ? (["ts", "tsx"] as const) : (["ts"] as const)) {
    const { program, errors } = parseSync(`cell.${lang}`, text, { lang, sourceType: "module" });
    if (errors.length === 0) return program;
  }
  return undefined;
}

/** All lists of statements of a program, outer ones first. */
export function statementLists(program: Node): StatementList[] {
  const lists: StatementList[] = [];
  const visit = (node: Node, isInFunction: boolean): void => {
    const statements = statementsOf(node);
    if (statements) lists.push({ statements, isInFunction });
    const isBelowFunction = isInFunction || isFunction(node);
    for (const child of childrenOf(node)) visit(child, isBelowFunction);
  };
  visit(program, false);
  return lists;
}

function statementsOf(node: Node): readonly Node[] | undefined {
  switch (node.type) {
    case "Program":
    case "BlockStatement":
    case "StaticBlock":
      return node.body;
    case "SwitchCase":
      return node.consequent;
    default:
      return undefined;
  }
}
