// One session: the execution counter, the cells so far and the names they declared.
import type { CommandEffect } from "../commands/command.ts";
import { compileAnyCell } from "../commands/late-commands.ts";
import type { CellIdentity } from "../compile/compile-cell.ts";
import { describeError } from "../compile/describe-error.ts";
import {
  bindingOf,
  forgetNames,
  isGone,
  markMissing,
  type DeclaredName,
} from "../compile/globals.ts";
import type { NamedFolders } from "../compile/file-names.ts";
import type { CellScript } from "../compile/stack-frames.ts";
import type { ErrorReport } from "../compile/syntax-error.ts";
import type { ThrownValue } from "../compile/thrown-value.ts";
import { fileURLToPath } from "node:url";
import { CellListener, type CellOutput } from "./cell-listener.ts";
import { CellScripts } from "./cell-scripts.ts";
import { CommLine } from "./comm-line.ts";
import { InspectorClient } from "./inspector-client.ts";
import { findJsxSettings } from "./jsx-settings.ts";
import { RecentMap } from "./recent-map.ts";
import { readSourceFile } from "./source-files.ts";
import type { HostMessage, LiveLook } from "./runtime-messages.ts";
import {
  INTERRUPTED_EARLY,
  RuntimeSupervisor,
  type CellOutputMessage,
  type SupervisorOptions,
} from "./runtime-supervisor.ts";

/** Frames of the kernel itself are left out of tracebacks. */
const KERNEL_FOLDERS = ["..", "../../../kernel/"].map((path) =>
  fileURLToPath(new URL(path, import.meta.url)),
);

/** How a session is started. */
export interface SessionOptions extends SupervisorOptions {
  /** Folders of packages whose frames are folded in tracebacks, by the name to show. */
  readonly ownFolders: Readonly<Record<string, string>>;
  /** Told what a cell command changed besides variables. @returns text for under the cell */
  readonly onEffect?: (effect: CommandEffect) => string | undefined;
  /** Told that all variables are gone. */
  readonly onRestart?: () => void;
}

/** A cell to run. */
export interface CellRequest {
  readonly code: string;
  /** The number in front of the cell. */
  readonly number: number;
  /** What stack traces call the cell's script. */
  readonly name: string;
  /** `Session.interruptions` when work on the cell began: after more of them it does not start. */
  readonly interruptions?: number;
  /** Receives the cell's output, also after its end, when it left timers behind. */
  readonly onOutput: (output: CellOutput) => void;
}

/** A cell that is about to run, compiled. */
export interface CompiledScript extends CellScript {
  /** What the inspector calls it. */
  readonly name: string;
  readonly javascript: string;
}

/** Runs the cells of one notebook. */
export class Session {
  /** The line to V8's inspector of the process that runs the cells. */
  readonly inspector: InspectorClient;
  /** The channels between the page and the user's code. */
  readonly comms: CommLine<CellOutput>;
  /** Called before a cell runs, when somebody has to prepare for it. */
  onCell: ((script: CompiledScript) => Promise<void>) | undefined;
  readonly #supervisor: RuntimeSupervisor;
  readonly #listeners = new RecentMap<number, CellListener>();
  readonly #names = new Map<string, DeclaredName>();
  readonly #scripts = new CellScripts();
  /** Where messages start the names of files. */
  readonly folders: Required<NamedFolders>;
  readonly #onEffect: SessionOptions["onEffect"];
  #lastId = 0;
  #executionCount = 0;
  #interruptions = 0;

  constructor(options: SessionOptions) {
    const { folder, ownFolders } = options;
    this.folders = { folder, ownFolders };
    this.#onEffect = options.onEffect;
    this.inspector = new InspectorClient((command) => this.#supervisor.send(command));
    this.comms = new CommLine({
      send: (message) => this.#supervisor.send(message),
      addOwner: (onOutput) => this.#addOwner(++this.#lastId, onOutput),
      removeOwner: (owner) => this.#listeners.delete(owner),
    });
    this.#supervisor = new RuntimeSupervisor(options, {
      onInspect: (message) => this.inspector.receive(message),
      onOutput: (message) => this.#hand(message),
      onRawText: (cell, name, text) => this.#listeners.get(cell)?.hearRawText(name, text),
      // The variables are gone, and with them what is known about their names.
      onRestart: (cell) => {
        const lost = [...this.#names.keys()];
        this.#names.clear();
        this.#scripts.releaseNames();
        for (const packet of this.comms.reset()) this.#hand({ type: "comm", cell, packet });
        this.inspector.reset();
        options.onRestart?.();
        return lost;
      },
    });
  }

  /** How many cells have counted so far. */
  get executionCount(): number {
    return this.#executionCount;
  }

  /** How often the user has pressed stop so far. */
  get interruptions(): number {
    return this.#interruptions;
  }

  /** Whether a cell runs. */
  get isRunning(): boolean {
    return this.#supervisor.isRunning;
  }

  /** What the cells so far have declared. */
  get knownNames(): ReadonlyMap<string, DeclaredName> {
    return this.#names;
  }

  /** Notes a variable that was made by other means than a cell. @returns the name of its binding */
  declare(name: string): string {
    const binding = bindingOf(name);
    this.#names.set(name, { name, kind: "let", binding });
    return binding;
  }

  /** The cells that ran, by the name of their script. */
  get scripts(): Pick<CellScripts, "get"> {
    return this.#scripts;
  }

  /** Counts one more cell. */
  countCell(): number {
    return ++this.#executionCount;
  }

  /** Runs a cell to its end. @returns the error that ended it, or undefined */
  async run(request: CellRequest): Promise<ErrorReport | undefined> {
    const id = ++this.#lastId;
    const { code, name, number, interruptions = this.#interruptions } = request;
    const surroundings = {
      name,
      known: this.#names,
      jsx: () => findJsxSettings(this.folders.folder),
    };
    const compiled = await compileAnyCell(code, { ...surroundings, number: id });
    if (!compiled.ok) return readableFailure(code, { ...surroundings, number });
    const { positions } = compiled;
    const script = { number, source: code, positions };
    const declaredNames = compiled.declared.map((one) => one.name);
    const forgotten = this.#scripts.add(name, script, declaredNames);
    this.#addOwner(id, request.onOutput);
    for (const declared of compiled.declared) this.#names.set(declared.name, declared);
    await this.onCell?.({ ...script, name, javascript: compiled.javascript });
    // What was stopped while it was looked at, compiled or waited for must not begin now.
    if (this.#interruptions > interruptions) return this.#describe(INTERRUPTED_EARLY);
    const { thrown } = await this.#supervisor.run({
      type: "execute",
      cell: id,
      javascript: compiled.javascript,
      name,
      places: positions.toData(),
      forgotten,
    });
    return thrown && this.#describe(thrown);
  }

  /** Interrupts the running cell; a second time, with force. */
  interrupt(): void {
    this.#interruptions++;
    this.#supervisor.interrupt();
  }

  /** Answers a question of the running cell. */
  answer(message: Extract<HostMessage, { type: "input" | "input-refused" }>): void {
    this.#supervisor.send(message);
  }

  /** The names that cells have declared. */
  get names(): readonly DeclaredName[] {
    return [...this.#names.values()].filter((one) => !isGone(one));
  }

  /**
   * Looks at a value as it is now, without running any of the user's code; undefined while a cell runs.
   *
   * @param expression - names and constant indices, such as `model.layers[0]`
   */
  async look(expression: string): Promise<LiveLook | undefined> {
    const [name = ""] = /^[\p{ID_Start}$_][\p{ID_Continue}$]*/u.exec(expression) ?? [];
    const binding = this.#names.get(name)?.binding ?? name;
    return this.#supervisor.look(binding + expression.slice(name.length));
  }

  /** Stops or goes on with taking output from the running cell. */
  setPaused(isPaused: boolean): void {
    this.#supervisor.setPaused(isPaused);
  }

  /** Ends the process that runs the cells. */
  close(): void {
    this.#supervisor.close();
  }

  #addOwner(id: number, onOutput: (output: CellOutput) => void): number {
    this.#listeners.set(id, new CellListener(onOutput));
    return id;
  }

  #hand(message: CellOutputMessage): void {
    if (message.type === "report-request") {
      const report = this.#describe(message.thrown);
      this.#supervisor.send({ type: "report", ticket: message.ticket, report });
      return;
    }
    // A cell that is forgotten speaks up again: its words are better in the wrong place than lost.
    const listener = this.#listeners.get(message.cell) ?? this.#listeners.get(this.#lastId);
    if (!listener) return;
    switch (message.type) {
      case "stream":
        listener.hearBytes(message.name, message.bytes);
        return;
      case "notice":
        listener.hearText("stderr", message.text);
        return;
      case "effect":
        listener.hearText("stdout", this.#apply(message.effect) ?? "");
        return;
      case "comm-received":
        this.comms.receive(message);
        return;
      case "comm":
        this.comms.note(message.packet);
        listener.hear(message);
        return;
      case "uncaught":
        listener.hear({ type: "error", report: this.#describe(message.thrown) });
        return;
      default:
        listener.hear(message);
    }
  }

  /** Notes what a cell command changed. @returns text for under the cell */
  #apply(effect: CommandEffect): string | undefined {
    if (effect.kind === "forgotten") forgetNames(this.#names, effect.names);
    if (effect.kind === "missing") markMissing(this.#names, effect.names);
    return this.#onEffect?.(effect);
  }

  #describe(thrown: ThrownValue): ErrorReport {
    return describeError(thrown, {
      cells: (name) => this.#scripts.get(name),
      hiddenFolders: KERNEL_FOLDERS,
      ...this.folders,
      readFile: readSourceFile,
    });
  }
}

/** The report of a cell that does not compile, under the number in front of the cell. */
async function readableFailure(code: string, cell: CellIdentity): Promise<ErrorReport | undefined> {
  const compiled = await compileAnyCell(code, cell);
  if (compiled.ok) return undefined;
  const { ename, evalue, traceback } = compiled;
  return { ename, evalue, traceback };
}
