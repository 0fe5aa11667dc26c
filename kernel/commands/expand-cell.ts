// A cell with commands becomes a cell of TypeScript alone, in which every place can be found again.
import type { Node } from "oxc-parser";
import { CELL_RUNTIME_NAME } from "../compile/cell-runtime.ts";
import { walkCellLevel } from "../compile/syntax-tree.ts";
import { readCellHead, type CellHead } from "./cell-head.ts";
import type { CellCommand } from "./command.ts";
import { findLineUses, headEnd, withoutCommands, type LineUse } from "./find-uses.ts";
import { mayUseCommands } from "./may-use-commands.ts";
import { SourceEdits, type EditedSource } from "./source-edits.ts";
import { parseTypeScript, statementLists } from "./statement-lists.ts";
import { findCommand } from "./table.ts";
import { unknownCommand, type UsageProblem } from "./usage-problem.ts";

/** A cell whose commands have become TypeScript, or what is wrong with one of them. */
export type Expansion = EditedSource | UsageProblem;

type IsVariable = (name: string) => boolean;

/**
 * Turns the commands of a cell into TypeScript that calls them.
 *
 * @param isVariable - whether earlier cells declared a name
 * @returns undefined when the cell has no commands
 */
export function expandCell(source: string, isVariable: IsVariable): Expansion | undefined {
  if (!mayUseCommands(source)) return undefined;
  const head = readCellHead(source);
  if (head) return new Expander(source, isVariable).expandWhole(head);
  const expander = new Expander(source, isVariable);
  return expander.hasUses ? expander.expandLines() : undefined;
}

/**
 * The TypeScript of a cell, for tools that read TypeScript: commands are blanks (and a semicolon, which keeps lines
 * apart), all else stands where it stood.
 */
export function typeScriptOf(source: string, isVariable: IsVariable = () => false): string {
  if (!mayUseCommands(source)) return source;
  const head = readCellHead(source);
  if (head && !findCommand(head.name)?.wrap) return blank(source);
  const body = head ? withSetup(source, head) : source;
  const uses = findLineUses(body, isVariable).filter(({ name }) => findCommand(name));
  return withoutCommands(body, uses);
}

class Expander {
  readonly #source: string;
  readonly #edits: SourceEdits;
  readonly #isVariable: IsVariable;
  #uses: LineUse[];
  #count = 0;
  #problem: UsageProblem | undefined;

  constructor(source: string, isVariable: IsVariable) {
    this.#source = source;
    this.#edits = new SourceEdits(source);
    this.#isVariable = isVariable;
    this.#uses = readCellHead(source) ? [] : findLineUses(source, isVariable);
  }

  get hasUses(): boolean {
    return this.#uses.length > 0;
  }

  /** Expands `%name` lines. */
  expandLines(): Expansion {
    for (const use of this.#uses) this.#checkLine(use);
    if (this.#problem) return this.#problem;
    // Errors of the code itself are reported without the text that commands put around it.
    if (!parseTypeScript(withoutCommands(this.#source, this.#uses)))
      return this.#masked(this.#source);
    for (const use of this.#uses) this.#expandLine(use);
    return this.#problem ?? this.#edits.apply();
  }

  /** Expands a cell that starts with `%%name`. */
  expandWhole(head: CellHead): Expansion {
    const { name, start, nameEnd, lineEnd, rest } = head;
    const command = findCommand(name);
    if (head.asksForHelp && command) {
      this.#edits.replace(start, this.#source.length, helpCall(command));
      return this.#edits.apply();
    }
    const wrong = command ? wrongForm(command, "cell") : unknownCommand(`%%${name}`);
    const problem = wrong ?? command?.check?.(rest);
    if (problem !== undefined) return { problem, start, end: nameEnd };
    if (!command!.wrap) {
      const body = this.#source.slice(lineEnd).replace(/^\r?\n/, "");
      this.#edits.replace(
        start,
        this.#source.length,
        callOf(command!, { name, argument: rest, body }),
      );
      return this.#edits.apply();
    }
    return this.#expandCode(command!, head);
  }

  #expandCode(command: CellCommand, head: CellHead): Expansion {
    const body = blankHead(this.#source, head);
    this.#uses = findLineUses(body, this.#isVariable);
    for (const use of this.#uses) this.#checkLine(use);
    if (this.#problem) return this.#problem;
    const program = parseTypeScript(withoutCommands(body, this.#uses));
    if (!program) return this.#masked(body);
    const options = command.options?.exec(head.rest)?.[0] ?? "";
    const setup = head.rest.slice(options.length);
    if (setup !== "" && !command.takesSetup) {
      const problem =
        `%%${head.name} stands alone in its line; got ${setup} behind it. ` +
        `Write that below the line, or measure it alone: %${head.name} ${setup}.`;
      return { problem, start: head.start, end: head.lineEnd };
    }
    const [first, ...others] = statementLists(program)[0]!.statements;
    if (!first) {
      const problem = noCode(`%%${head.name}`, "the lines below it");
      return { problem, start: head.start, end: head.nameEnd };
    }
    const last = others.at(-1) ?? first;
    const isOwn = !this.#uses.some(
      ({ start, code }) => start === last.start || code.some((one) => one.start === last.start),
    );
    const value = isOwn ? valueOf(last) : undefined;
    const use = {
      id: this.#count++,
      options,
      setup,
      hasValue: value !== undefined,
      isAsync: awaits([first, ...others]),
    };
    const { before, open, close, after } = command.wrap!(use);
    this.#edits.replace(head.start, head.lineEnd, "");
    this.#edits.insert(head.lineEnd, `;${before}`);
    if (value) this.#edits.insert(value.start, open ?? "");
    for (const one of this.#uses) this.#expandLine(one);
    if (value) this.#edits.insert(value.end, close ?? "");
    this.#edits.insert(this.#source.length, value || !after ? after : `\n${after}`);
    return this.#problem ?? this.#edits.apply();
  }

  #checkLine({ name, start, nameEnd, lineEnd, asksForHelp }: LineUse): void {
    const command = findCommand(name);
    if (command && asksForHelp) return;
    const argument = argumentOf(command, this.#source.slice(nameEnd, lineEnd));
    const problem = command
      ? (wrongForm(command, "line") ?? command.check?.(argument))
      : unknownCommand(`%${name}`);
    if (problem !== undefined) this.#problem ??= { problem, start, end: nameEnd };
  }

  #expandLine(use: LineUse): void {
    const { name, start, nameEnd, lineEnd, asksForHelp } = use;
    const command = findCommand(name)!;
    const problem = asksForHelp ? undefined : wrongUse(command, use);
    if (problem !== undefined) this.#problem ??= { problem, start, end: nameEnd };
    else if (asksForHelp) this.#edits.replace(start, lineEnd, `;${helpCall(command)}`);
    else if (command.wrap) this.#wrapCode(command, use);
    else {
      const argument = argumentOf(command, this.#source.slice(nameEnd, lineEnd));
      this.#edits.replace(start, lineEnd, `;${callOf(command, { name, argument })}`);
    }
  }

  #wrapCode(command: CellCommand, use: LineUse): void {
    const { code, start, nameEnd } = use;
    const first = code[0]!;
    const last = code.at(-1)!;
    const end = headEnd(this.#source, use);
    const value = valueOf(last);
    const { before, open, close, after } = command.wrap!({
      id: this.#count++,
      options: this.#source.slice(nameEnd, end),
      setup: "",
      hasValue: value !== undefined,
      isAsync: awaits(code),
    });
    this.#edits.replace(start, end, ";");
    this.#edits.insert(first.start, before);
    if (value) {
      this.#edits.insert(value.start, open ?? "");
      this.#edits.insert(value.end, close ?? "");
    }
    this.#edits.insert(value ? value.end : last.end, after);
  }

  #masked(source: string): EditedSource {
    return { text: withoutCommands(source, this.#uses), toSource: (offset) => offset };
  }
}

function callOf(command: CellCommand, call: object): string {
  const text = `${JSON.stringify(command.name)}, ${JSON.stringify(call)}`;
  return `await ${CELL_RUNTIME_NAME}.commands.run(${text});`;
}

/** The argument of a line, without the comment behind it. */
const argumentOf = (command: CellCommand | undefined, rest: string): string =>
  (command?.takesText ? rest : rest.replace(/(?:^|\s)\/\/.*$/, "")).trim();

const helpCall = (command: CellCommand): string =>
  `${CELL_RUNTIME_NAME}.commands.help(${JSON.stringify(command.name)});`;

function wrongForm(command: CellCommand, form: "line" | "cell"): string | undefined {
  if (command.forms.includes(form)) return undefined;
  const [written, other] = form === "line" ? ["%", "%%"] : ["%%", "%"];
  return (
    `${other}${command.name} is written with ${form === "line" ? "two percent signs" : "one percent sign"}; ` +
    `got ${written}${command.name}. Write ${other}${command.name}.`
  );
}

function wrongUse(command: CellCommand, { isInFunction, code }: LineUse): string | undefined {
  if (command.wrap) return code.length === 0 ? noCode(`%${command.name}`, "its line") : undefined;
  if (!isInFunction) return undefined;
  return (
    `%${command.name} must stand outside of functions; got it inside one. ` +
    "Move the line out of the function."
  );
}

const noCode = (written: string, where: string): string =>
  `${written} takes TypeScript; got none in ${where}. Write what is to be measured, or delete the line.`;

/** The expression whose value a statement gives. */
function valueOf(statement: Node): Node | undefined {
  return statement.type === "ExpressionStatement" ? statement.expression : undefined;
}

function awaits(code: readonly Node[]): boolean {
  let isFound = false;
  for (const statement of code) {
    walkCellLevel(statement, (node) => {
      isFound ||=
        node.type === "AwaitExpression" ||
        (node.type === "ForOfStatement" && node.await) ||
        (node.type === "VariableDeclaration" && node.kind === "await using");
    });
  }
  return isFound;
}

const blank = (text: string): string => text.replace(/[^\r\n]/g, " ");

/** Blanks the head but for the code that stands in it. */
function withSetup(source: string, head: CellHead): string {
  const command = findCommand(head.name);
  if (!command?.takesSetup || head.asksForHelp) return blankHead(source, head);
  const options = command.options?.exec(source.slice(head.nameEnd, head.lineEnd))?.[0] ?? "";
  const setupAt = head.nameEnd + options.length;
  return source.slice(0, head.start) + " ".repeat(setupAt - head.start) + source.slice(setupAt);
}

function blankHead(source: string, { start, lineEnd }: CellHead): string {
  return source.slice(0, start) + " ".repeat(lineEnd - start) + source.slice(lineEnd);
}
