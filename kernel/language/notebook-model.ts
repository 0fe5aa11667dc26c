// The notebook as modules that exist only for the language server: one file per cell, which imports what it mentions.
import { CELL_FILE_PREFIX, loosen, type CellFile } from "./cell-file.ts";
import { readCell, type CellSyntax, type NameRole } from "./cell-syntax.ts";
import { jsxPragmas } from "./jsx-pragmas.ts";

/** So many of the newest cells are remembered even if they declare nothing. */
const MOST_UNREACHABLE = 100;

/** Files that no name leads to itself, but some other file: more than so many are made simple. */
const MOST_INDIRECT = 300;
const INDIRECT_KEPT = 150;

interface Owner {
  readonly file: CellFile;
  readonly role: NameRole;
}

/** The cells that have run, and which of them last gave a name its meaning. */
export class NotebookModel {
  readonly #values = new Map<string, Owner>();
  readonly #types = new Map<string, Owner>();
  readonly #numbers = new Map<CellFile, number>();
  readonly #globals = new Set<string>();
  readonly #ambient = new Map<string, CellFile>();
  #before: ReadonlyMap<string, Owner> = new Map();
  #lastFile = 0;
  #pruneAt = 2 * MOST_UNREACHABLE;

  /** The module that a cell would be now. @param fixedName - file name, in place of a new one */
  draft(code: string, fixedName?: string): CellFile {
    const syntax = readCell(code);
    const { lines, imports, borrowed } = this.#borrow(syntax);
    const name = fixedName ?? `${CELL_FILE_PREFIX}${++this.#lastFile}`;
    const ambient = [...this.#ambient.values()].filter((file) => file.code !== code);
    const exports = [...syntax.declared.keys()].filter((one) => !syntax.exported.has(one));
    const isNamed = (one: string): boolean => syntax.declared.has(one) || this.#values.has(one);
    const pragmas = syntax.isTsx ? jsxPragmas(syntax.text, isNamed) : "";
    const head = `${pragmas}${lines.join(" ")}${syntax.isObject ? ";(" : ""}`;
    const tail = `${syntax.isObject ? ")" : ""};export { ${exports.join(", ")} };`;
    return {
      name: `${name}.${syntax.isTsx ? "tsx" : "ts"}`,
      text: `${head}\n${syntax.text}\n${tail}\n`,
      code,
      lineShift: 1,
      imports: [...new Set([...ambient, ...imports])],
      syntax,
      borrowed,
    };
  }

  /** The cell has run: its names mean what it says from now on. */
  keep(file: CellFile, number: number): void {
    this.#before = new Map(this.#values);
    this.#numbers.delete(file);
    this.#numbers.set(file, number);
    // Also where no server ever looks at the cells: thousands of them that declare nothing must not add up.
    if (this.#numbers.size >= this.#pruneAt) {
      this.prune();
      this.#pruneAt = this.#numbers.size + MOST_UNREACHABLE;
    }
    for (const name of file.syntax.globals) this.#globals.add(name);
    if (file.syntax.isAmbient) this.#ambient.set(file.code, file);
    for (const [name, role] of file.syntax.declared) {
      // A cell that gives a type to the name of a value exports both.
      const isBoth = role === "type" && file.borrowed.has(name);
      const owner = { file, role: isBoth ? "both" : role } as const;
      if (role !== "type") this.#values.set(name, owner);
      if (role === "type" || role === "both") this.#types.set(name, owner);
      // A class of that name is hidden as a whole.
      else if (this.#types.get(name)?.role === "both") this.#types.delete(name);
    }
  }

  /** The cell that was kept last has failed: a variable of it that existed before may have either meaning now. */
  keepBoth(file: CellFile): void {
    for (const [name, role] of file.syntax.declared) {
      const before = this.#before.get(name);
      const after = this.#values.get(name);
      if (role === "function" || !before || after?.file !== file || before.file === file) continue;
      const types = [before, after].map((owner) => `typeof import(${from(owner)}).${name}`);
      const either = {
        ...this.draft(""),
        text: `export declare let ${name}: ${types.join(" | ")};`,
        syntax: { ...file.syntax, declared: new Map([[name, role]]) },
        imports: [before.file, file],
      };
      this.#values.set(name, { file: either, role: after.role });
    }
  }

  /** The names that earlier cells declare, of values and of types. */
  names(): ReadonlySet<string> {
    return new Set([...this.#values.keys(), ...this.#types.keys()]);
  }

  /** What a cell that needs the value `name` imports it from. */
  moduleOf(name: string): string | undefined {
    const owner = this.#values.get(name);
    return owner && moduleOf(owner);
  }

  /** Whether a cell has given the global object a property of this name. */
  isGlobal(name: string): boolean {
    return this.#globals.has(name);
  }

  /** Forgets these names, or all cells. */
  forget(names?: Iterable<string>): void {
    for (const name of names ?? []) {
      this.#values.delete(name);
      this.#types.delete(name);
    }
    if (names) return;
    this.#values.clear();
    this.#types.clear();
    this.#numbers.clear();
    this.#globals.clear();
    this.#ambient.clear();
  }

  /** The cell that a file was made of, with the number in front of it; undefined for other files. */
  cellOf(fileName: string): { readonly number: number; readonly code: string } | undefined {
    for (const [file, number] of this.#numbers) {
      if (file.name === fileName) return { number, code: file.code };
    }
    return undefined;
  }

  /** The files that names still lead to, with all that these import. */
  reachable(): Set<CellFile> {
    const found = new Set<CellFile>();
    const owners = [...this.#values.values(), ...this.#types.values()].map(({ file }) => file);
    const queue = [...owners, ...this.#ambient.values()];
    for (let file = queue.pop(); file; file = queue.pop()) {
      if (found.has(file)) continue;
      found.add(file);
      queue.push(...file.imports);
    }
    return found;
  }

  /** Forgets the code of cells to which no name leads any more. @returns the names of the files that count */
  prune(): Set<string> {
    const files = this.reachable();
    this.#simplify(files);
    const old = [...this.#numbers.keys()].slice(0, -MOST_UNREACHABLE);
    for (const file of old) if (!files.has(file)) this.#numbers.delete(file);
    return new Set([...files].map(({ name }) => name));
  }

  #simplify(reachable: ReadonlySet<CellFile>): void {
    const direct = new Set(
      [...this.#values.values(), ...this.#types.values()].map(({ file }) => file),
    );
    const indirect = [...reachable].filter((file) => !direct.has(file) && file.imports.length > 0);
    if (indirect.length <= MOST_INDIRECT) return;
    const oldestFirst = indirect.toSorted((a, b) => numberIn(a) - numberIn(b));
    for (const file of oldestFirst.slice(0, -INDIRECT_KEPT)) loosen(file);
  }

  #borrow(syntax: CellSyntax): Pick<CellFile, "borrowed"> & {
    lines: string[];
    imports: Set<CellFile>;
  } {
    const lines: string[] = [];
    const imports = new Set<CellFile>();
    const borrowed = new Set<string>();
    for (const name of syntax.words) {
      const { value, type } = this.#missing(name, syntax.declared.get(name));
      if (!value && !type) continue;
      borrowed.add(name);
      lines.push(...borrowLines(name, value, type));
      if (value) imports.add(value.file);
      if (type) imports.add(type.file);
    }
    return { lines, imports, borrowed };
  }

  /** What earlier cells give to a name beside the meaning that the cell itself gives it. */
  #missing(name: string, own: NameRole | undefined): { value?: Owner; type?: Owner } {
    const value = this.#values.get(name);
    const type = this.#types.get(name);
    if (!own) return { ...(value && { value }), ...(type && { type }) };
    if (own === "type") return value && value.role !== "both" ? { value } : {};
    return own !== "both" && type?.role === "type" ? { type } : {};
  }
}

/** The statements that bring a name of earlier cells into a cell. */
function borrowLines(name: string, value: Owner | undefined, type: Owner | undefined): string[] {
  if (!value) return type ? [`import { type ${name} } from ${from(type)};`] : [];
  if (type?.role === "both" && value.role !== "variable")
    return [`import { ${name} } from ${from(type)};`];
  const isShared = !type || type.file === value.file || type.role === "both";
  // An import cannot be assigned to, and what is declared here can.
  if (value.role !== "variable" && isShared) return [`import { ${name} } from ${from(value)};`];
  const keyword = value.role === "variable" ? "let" : "const";
  const lines = [`declare ${keyword} ${name}: typeof import(${from(value)}).${name};`];
  if (type && !isShared) lines.push(`import { type ${name} } from ${from(type)};`);
  return lines;
}

const moduleOf = ({ file }: Owner): string => `./${file.name}`;
const from = (owner: Owner): string => JSON.stringify(moduleOf(owner));

/** Files are numbered in the order in which their cells were written. */
const numberIn = ({ name }: CellFile): number =>
  Number.parseInt(name.slice(CELL_FILE_PREFIX.length), 10);
