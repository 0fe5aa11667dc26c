// The text edits of one cell: what goes before the body, what moves, and who declared which name.
import { MagicString } from "magic-string";
import { bindingOf } from "./globals.ts";
import type { DeclarationKind, DeclaredName, ImportSource } from "./globals.ts";

const MADE_BY_TRANSPILER = /^_usingCtx|^_jsxs?(?:DEV)?\d*$|^_Fragment\d*$|^_createElement\d*$/;

/** Collects edits on the transpiled code. */
export class CellEdits {
  readonly text: MagicString;
  readonly #declared = new Map<string, DeclaredName>();
  readonly #hoisted = new Set<string>();

  /** @param code - the transpiled code that the offsets of all edits refer to */
  constructor(code: string) {
    this.text = new MagicString(code);
  }

  /** Notes a declaration and returns the name of its variable. */
  declare(name: string, kind: DeclarationKind, from?: ImportSource): string {
    const binding = bindingOf(name);
    if (!MADE_BY_TRANSPILER.test(name)) {
      this.#declared.set(name, { name, kind, binding, ...(from ? { from } : {}) });
    }
    return binding;
  }

  /** Like `declare`, for a variable that exists before the cell's first statement. */
  hoist(name: string, kind: DeclarationKind): string {
    const binding = this.declare(name, kind);
    this.#hoisted.add(binding);
    return binding;
  }

  /** Whether this cell has declared the name so far. */
  has(name: string): boolean {
    return this.#declared.has(name);
  }

  /** Everything the cell declares, in source order. */
  get declared(): DeclaredName[] {
    return [...this.#declared.values()];
  }

  /** The statement that makes the hoisted variables, or nothing. */
  get hoistedDeclaration(): string {
    return this.#hoisted.size === 0 ? "" : `let ${[...this.#hoisted].join(",")};`;
  }

  /** Replaces `[start, end)`, keeping what other edits put at its borders. */
  replace(start: number, end: number, content: string): void {
    if (end > start) this.text.update(start, end, content);
  }

  /** Puts text around `[start, end)`; it moves with that range. */
  wrap(range: { start: number; end: number }, before: string, after: string): void {
    this.text.prependRight(range.start, before);
    this.text.appendLeft(range.end, after);
  }

  /** Moves `[start, end)` before the first statement, after what was moved before. */
  moveToTop(range: { start: number; end: number }): void {
    if (range.start > 0) this.text.move(range.start, range.end, 0);
  }
}
